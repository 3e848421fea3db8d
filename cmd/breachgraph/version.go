package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/local"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of breachgraph and of what it was built with",
		Example: "  breachgraph version",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "breachgraph %s\n%s %s/%s\ngraph: schema version %d\nlocal server: Neo4j Community %s\n",
				version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, graph.SchemaVersion, local.Version)
			return err
		},
	}
}

// version is what the Go tool knew of the checkout when it built the binary: a
// tag, or a pseudo-version that holds the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

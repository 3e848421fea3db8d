package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/graph"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the constraints and indexes of the graph as Cypher",
		Long: `Print the constraints and indexes of the graph as Cypher. breachgraph makes them
itself before it loads anything; this is for those who want to see them, or to
prepare a database by hand. docs/schema.md describes labels and relationships.`,
		Example: "  breachgraph schema | cypher-shell -a bolt://localhost:7687",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, statement := range graph.Schema() {
				if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s;\n", statement); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

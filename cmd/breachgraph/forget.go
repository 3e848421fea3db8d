package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

func (a *app) forgetCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "forget URL|ID",
		Short: "Remove an article or a person for good",
		Long: `Remove an article, by its URL, or a person, by the id in the graph, with all that
rests on it alone. A mark is kept, so that no load brings it back. Sentences of
articles that name a person elsewhere stay; forget the article where they must
not. What was archived is not touched.`,
		Example: `  breachgraph forget https://www.example.com/retracted
  breachgraph forget john-smith`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return a.forget(cmd, args[0]) },
	}
	a.addFlags(cmd, "forget")
	return cmd
}

func (a *app) forget(cmd *cobra.Command, what string) error {
	ctx := cmd.Context()
	db, _, err := a.openGraph(ctx)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	done, err := db.Forget(ctx, what, time.Now())
	if err != nil || a.quiet {
		return err
	}
	said := "removed, and will not be loaded again"
	if !done {
		said = "not in the graph; it will not be loaded"
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", what, said)
	return err
}

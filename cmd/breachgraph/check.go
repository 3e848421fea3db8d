package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) checkCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Look for what is wrong with the graph",
		Long: `Look for what a sound graph does not have: entities that nothing is connected to,
facts without claims, missing constraints and the like, each with what to do. The
exit status is 1 where something is wrong.`,
		Example: `  breachgraph check
  breachgraph check --digest    a hash of the graph, the same for the same articles`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.check(cmd) },
	}
	a.addFlags(cmd, "check")
	return cmd
}

func (a *app) check(cmd *cobra.Command) error {
	ctx := cmd.Context()
	db, _, err := a.openDatabase(ctx)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	if a.digest {
		sum, err := db.Digest(ctx)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), sum)
		return err
	}
	found, err := db.Check(ctx)
	if err != nil {
		return err
	}
	wrong := 0
	out := rows{Columns: []string{"what", "count", "example", "what to do"}}
	for _, p := range found {
		out.Rows = append(out.Rows, []any{p.Name, p.Count, p.Example, p.Advice})
		if !p.Tolerant {
			wrong++
		}
	}
	if err := out.writeTable(cmd.OutOrStdout()); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("the graph is not sound: %s", count(wrong, "problem"))
	}
	return nil
}

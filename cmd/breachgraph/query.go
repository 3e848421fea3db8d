package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/queries"
)

func (a *app) queryCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "query [NAME|- [PARAMETER=VALUE…]]",
		Short: "Ask the graph one of the named questions, or one in Cypher",
		Long: `Ask the graph. Without a name the questions are listed, each with its parameters;
- reads one in Cypher from standard input. Nothing is ever changed.`,
		Example: `  breachgraph query
  breachgraph query repeat-victims since=2020-01-01 --format csv
  breachgraph query neighbourhood name=T-Mobile --open
  echo 'MATCH (b:Breach) RETURN b.id, b.name' | breachgraph query -`,
		ValidArgsFunction: completeQuery,
		RunE: func(cmd *cobra.Command, args []string) error {
			formats := slices.Sorted(maps.Keys(rowFormats))
			if a.queryFormat != "cypher" && !slices.Contains(formats, a.queryFormat) {
				return usagef("--format of query is %s or cypher, not %q", strings.Join(formats, ", "), a.queryFormat)
			}
			if a.rows < 0 {
				return usagef("--rows is not negative")
			}
			all, err := queries.All()
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return listQueries(cmd.OutOrStdout(), all)
			}
			q, params, err := question(all, args, cmd.InOrStdin())
			if err != nil {
				return err
			}
			if a.queryFormat == "cypher" {
				_, err := fmt.Fprintln(cmd.OutOrStdout(), strings.TrimSpace(q.Filled(params)))
				return err
			}
			if a.browser || a.open {
				return a.show(cmd, q.Filled(params))
			}
			return a.ask(cmd, q, params)
		},
	}
	a.addFlags(cmd, "query")
	return cmd
}

// ask runs q and prints its rows.
func (a *app) ask(cmd *cobra.Command, q queries.Query, params map[string]any) error {
	ctx := cmd.Context()
	db, _, err := a.openDatabase(ctx)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	table, err := db.Read(ctx, q.Cypher, params, graph.Limits{Rows: a.rows})
	if err != nil {
		return err
	}
	if table.Truncated {
		a.log.Warn(fmt.Sprintf("only the first %s are shown; --rows raises the bound", count(len(table.Rows), "row")))
	}
	return rowFormats[a.queryFormat](rows(table), cmd.OutOrStdout())
}

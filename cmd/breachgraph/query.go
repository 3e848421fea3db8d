package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/queries"
)

// maxCypher bounds a query on standard input, in bytes.
const maxCypher = 1 << 20

func (a *app) queryCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "query [NAME|- [PARAMETER=VALUE…]]",
		Short: "Ask the graph one of the named questions, or one in Cypher",
		Long: `Ask the graph. Without a name the questions are listed, each with its parameters;
- reads one in Cypher from standard input. Nothing is ever changed.`,
		Example: `  breachgraph query
  breachgraph query repeat-victims since=2020-01-01 --format csv
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
			return a.ask(cmd, q, params)
		},
	}
	a.addFlags(cmd, "query")
	return cmd
}

// question is the query of all that args name, with its parameters.
func question(all []queries.Query, args []string, stdin io.Reader) (queries.Query, map[string]any, error) {
	if args[0] == "-" {
		q, err := cypherFrom(stdin)
		if err == nil && len(args) > 1 {
			err = usagef("a query on standard input takes no parameters")
		}
		return q, nil, err
	}
	i := slices.IndexFunc(all, func(q queries.Query) bool { return q.Name == args[0] })
	if i < 0 {
		return queries.Query{}, nil, usagef("no query %q; `breachgraph query` lists them%s", args[0], nearest(all, args[0]))
	}
	params, err := all[i].Args(args[1:])
	if err != nil {
		return all[i], nil, usagef("%v", err)
	}
	return all[i], params, nil
}

// cypherFrom reads a query of the user's own.
func cypherFrom(r io.Reader) (queries.Query, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxCypher+1))
	switch {
	case err != nil:
		return queries.Query{}, fmt.Errorf("read standard input: %w", err)
	case len(b) > maxCypher:
		return queries.Query{}, usagef("the query on standard input is longer than %d MiB", maxCypher>>20)
	case strings.TrimSpace(string(b)) == "":
		return queries.Query{}, usagef("no query on standard input")
	}
	return queries.Query{Cypher: string(b)}, nil
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

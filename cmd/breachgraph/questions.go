package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/queries"
)

// maxCypher bounds a query on standard input, in bytes.
const maxCypher = 1 << 20

// listQueries prints what can be asked, by theme.
func listQueries(w io.Writer, all []queries.Query) error {
	var b strings.Builder
	theme := ""
	for i, q := range queries.ByTheme(all) {
		if i > 0 {
			b.WriteByte('\n')
		}
		if q.Theme != theme {
			theme = q.Theme
			fmt.Fprintf(&b, "%s\n\n", strings.ToUpper(theme))
		}
		fmt.Fprintf(&b, "%s\n    %s\n", q.Name, q.Description)
		for _, p := range q.Params {
			value := p.Default
			if p.Required {
				value = strings.ToUpper(string(p.Type))
			}
			fmt.Fprintf(&b, "    %s=%s  %s\n", p.Name, value, p.Doc)
		}
		if q.Example != "" {
			fmt.Fprintf(&b, "    e.g. breachgraph query %s %s\n", q.Name, q.Example)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
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

// nearest names the queries of all whose names share a word with name.
func nearest(all []queries.Query, name string) string {
	var near []string
	for _, q := range all {
		if slices.ContainsFunc(strings.Split(name, "-"), func(word string) bool {
			return len(word) > 2 && strings.Contains(q.Name, word)
		}) {
			near = append(near, q.Name)
		}
	}
	if len(near) == 0 {
		return ""
	}
	return ". Did you mean " + strings.Join(near, " or ") + "?"
}

// completeQuery offers the names of queries, and then their parameters.
func completeQuery(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	all, err := queries.All()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var out []string
	for _, q := range all {
		if len(args) == 0 {
			out = append(out, q.Name+"\t"+q.Description)
			continue
		}
		for _, p := range q.Params {
			if q.Name == args[0] {
				out = append(out, p.Name+"=\t"+p.Doc)
			}
		}
	}
	if len(args) > 0 {
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

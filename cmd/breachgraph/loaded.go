package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/local"
	"github.com/spf13/cobra"
)

// tryQueries are the queries that a summary offers: they need no parameter and
// answer something of every article.
var tryQueries = [...]string{"breaches-by-company", "alleged-attackers"}

// writeArticles says what became of the articles; those left out are not about
// a breach.
func writeArticles(w io.Writer, s graph.Summary, leftOut int) error {
	var articles []string
	for _, c := range []struct {
		n    int
		what string
	}{
		{s.New, "new"}, {s.Changed, "changed"}, {s.Unchanged, "unchanged"}, {len(s.Refused), "refused"},
		{leftOut, "not about a breach (--all loads them too)"},
	} {
		if c.n > 0 {
			articles = append(articles, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	_, err := fmt.Fprintf(w, "Articles  %s\n", cmp.Or(strings.Join(articles, ", "), "none"))
	return err
}

// writeLoad says what was loaded, how to reach server, if there is one, and
// what to ask. The command is the one that runs a query.
func writeLoad(w io.Writer, s graph.Summary, server *local.Server, command string) error {
	var b strings.Builder
	if s.New+s.Changed > 0 {
		fmt.Fprintf(&b, "Entities  %s\n", tally(s.Entities, plural))
		fmt.Fprintf(&b, "Breaches  %d\n", s.Breaches)
		fmt.Fprintf(&b, "Figures   %d\n", s.Figures)
		fmt.Fprintf(&b, "Claims    %s\n", tally(s.Claims, func(_ int, name string) string { return name }))
	}
	if len(s.Dropped) > 0 {
		fmt.Fprintf(&b, "Left out  %s\n", tally(s.Dropped, func(_ int, reason string) string { return reason }))
	}
	if server != nil {
		fmt.Fprintf(&b, "\nLook at it  %s  (user %s, password %s)\n", server.BrowserURL, server.Username, server.Password)
	} else {
		b.WriteByte('\n')
	}
	for i, name := range tryQueries {
		fmt.Fprintf(&b, "%-10s  %s %s\n", [...]string{"Ask it", ""}[min(i, 1)], command, name)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// tally is the sum of counts and each of them, the largest first.
func tally[K ~string](counts map[K]int, name func(n int, key string) string) string {
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b K) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	sum := 0
	parts := make([]string, len(keys))
	for i, k := range keys {
		sum += counts[k]
		parts[i] = fmt.Sprintf("%d %s", counts[k], name(counts[k], string(k)))
	}
	if len(parts) == 0 {
		return "0"
	}
	return fmt.Sprintf("%d: %s", sum, strings.Join(parts, ", "))
}

// plural is an English noun as it stands after n.
func plural(n int, noun string) string {
	stem, y := strings.CutSuffix(noun, "y")
	switch {
	case n == 1, noun == "malware":
		return noun
	case noun == "person":
		return "people"
	case y:
		return stem + "ies"
	}
	return noun + "s"
}

// again is the command that asks the same database.
func (a *app) again() string {
	if a.uri != "" || a.data == defaultData {
		return "breachgraph query"
	}
	return "breachgraph query --data " + shellWord(a.data)
}

// shellWord quotes s for a shell where it needs that.
func shellWord(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-~+=,:@", r)
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// nothingToLoad says why there is nothing to open a database for.
func (a *app) nothingToLoad(w io.Writer, inputs []string, leftOut int, failed failures) error {
	switch {
	case leftOut > 0 && !a.quiet:
		if err := writeArticles(w, graph.Summary{}, leftOut); err != nil {
			return err
		}
	case leftOut == 0 && failed == 0:
		return fmt.Errorf("read %s: no article found", strings.Join(inputs, ", "))
	}
	return failed.err()
}

// printLoad says what a load did, where to look at it and what to ask.
func (a *app) printLoad(cmd *cobra.Command, s graph.Summary, leftOut int, server *local.Server) error {
	if a.quiet {
		return nil
	}
	w := cmd.OutOrStdout()
	if err := writeArticles(w, s, leftOut); err != nil {
		return err
	}
	return writeLoad(w, s, server, a.again())
}

package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/breachgraph/breachgraph/graph"
)

// candidateRows are candidates by score, with what becomes of each.
func candidateRows(candidates []graph.Candidate, merges []graph.Merge) rows {
	merged := map[string]bool{}
	for _, m := range merges {
		merged[m.Label+":"+m.From] = true
	}
	out := rows{Columns: []string{"score", "label", "from", "to", "why", "merge"}}
	for _, c := range candidates {
		out.Rows = append(out.Rows, []any{c.Score, c.Label, c.From, c.To, c.Why, c.Score >= graph.MergeScore && merged[c.Label+":"+c.From]})
	}
	return out
}

// namesakeRows adds to candidates the people who may be two of one name; nothing
// becomes of them.
func (r rows) namesakeRows(found []graph.Namesake) rows {
	for _, n := range found {
		r.Rows = append(r.Rows, []any{nil, "Person", n.Name, n.To, "may be two of one name: " + partCommand(n), false})
	}
	return r
}

// writeNamesakes prints them for people, with what would part them.
func writeNamesakes(found []graph.Namesake, w io.Writer) error {
	if len(found) == 0 {
		return nil
	}
	text := "\nMay be two of one name, by employers and what else their articles name. Read the articles, then:\n"
	for _, n := range found {
		text += fmt.Sprintf("  %s\n", partCommand(n))
	}
	_, err := io.WriteString(w, text)
	return err
}

// partCommand is what a shell takes to part n from the person under whose name
// it goes.
func partCommand(n graph.Namesake) string {
	parts := []string{"breachgraph curate split", "Person:" + n.Name, "Person:" + n.To}
	for _, url := range n.Articles {
		parts = append(parts, "--in", "'"+strings.ReplaceAll(clean(url), "'", `'\''`)+"'")
	}
	return strings.Join(parts, " ")
}

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/graph"
)

func (a *app) resolveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "resolve",
		Short: "Find entities that are one under several names, and merge them",
		Long: `Find entities that are one under several names, and merge those of which the names
leave no doubt. What was stated of the one is then stated of the other, in all
loads to come too. Each merge is kept in the graph as a Resolution. Pairs that are
in doubt are listed and left alone, and --dry-run lists people who may be two of
one name, too; docs/resolution.md says what counts.`,
		Example: `  breachgraph resolve --dry-run
  breachgraph resolve --undo Organization:pell-worth`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.resolve(cmd) },
	}
	a.addFlags(cmd, "resolve")
	return cmd
}

func (a *app) resolve(cmd *cobra.Command) error {
	if _, ok := rowFormats[a.queryFormat]; !ok {
		return usagef("--format of resolve is table, json, jsonl or csv, not %q", a.queryFormat)
	}
	label, from, ok := cutID(a.undo)
	if a.undo != "" && !ok {
		return usagef("--undo takes the id of a Resolution, as in Organization:pell-worth, not %q", a.undo)
	}
	ctx := cmd.Context()
	db, _, err := a.openGraph(ctx)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	if a.undo != "" {
		return undoMerge(cmd, db, label, from)
	}
	names, err := db.Names(ctx)
	if err != nil {
		return err
	}
	apart, err := db.Apart(ctx)
	if err != nil {
		return err
	}
	candidates := graph.Candidates(names)
	merges := graph.Plan(candidates, apart)
	out := candidateRows(candidates, merges)
	if !a.dryRun {
		if _, err := db.Merge(ctx, merges, time.Now()); err != nil {
			return err
		}
		return rowFormats[a.queryFormat](out, cmd.OutOrStdout())
	}
	namesakes, err := db.Namesakes(ctx)
	if err != nil {
		return err
	}
	if a.queryFormat == "table" {
		return errors.Join(out.writeTable(cmd.OutOrStdout()), writeNamesakes(namesakes, cmd.OutOrStdout()))
	}
	return rowFormats[a.queryFormat](out.namesakeRows(namesakes), cmd.OutOrStdout())
}

// undoMerge takes one merge back.
func undoMerge(cmd *cobra.Command, db *graph.DB, label, from string) error {
	done, err := db.Split(cmd.Context(), label, from)
	if err == nil && !done {
		err = fmt.Errorf("undo %s:%s: no such Resolution; MATCH (r:Resolution) RETURN r.id lists them", label, from)
	}
	return err
}

// cutID splits LABEL:ID.
func cutID(s string) (label, id string, ok bool) {
	label, id, ok = strings.Cut(s, ":")
	return label, id, ok && id != "" && slices.ContainsFunc(graph.Nodes(), func(n graph.Node) bool { return n.Label == label })
}

package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/graph"
)

// curationFile lies in the data folder where no other is named.
const curationFile = "curation.yaml"

func (a *app) curateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "curate [merge|split|rename|retype|reject|confirm|same|different OF [TO]]",
		Short: "Correct the graph for good",
		Long: `Correct the graph for good. A correction is a rule in a file, which people edit too;
with an action this adds one, and in any case the rules of the file come to hold:
new ones now and in all loads to come, those that are gone no longer.
A split keeps two entities from being taken for one; with --in the name OF means
TO in that article, which parts two people whose names are spelt alike.
docs/resolution.md lists the actions.`,
		Example: `  breachgraph curate merge Organization:face-book Organization:facebook --reason "a misspelling"
  breachgraph curate split Person:john-smith Person:john-a-smith
  breachgraph curate split Person:john-smith Person:john-smith-of-acme --in https://a.example/1 --in https://b.example/2
  breachgraph curate rename Organization:t-mobile-us T-Mobile
  breachgraph curate reject 0d6b3f0f0c1b4f5ea3b0a9d6c4e2f711
  breachgraph curate same https://a.example/1 https://b.example/2
  breachgraph curate --file corrections.yaml`,
		ValidArgs: actionNames(),
		Args:      arguments(cobra.MaximumNArgs(3)),
		RunE:      func(cmd *cobra.Command, args []string) error { return a.curate(cmd, args) },
	}
	a.addFlags(cmd, "curate")
	return cmd
}

func actionNames() []string {
	var out []string
	for _, x := range graph.Actions() {
		out = append(out, string(x))
	}
	return out
}

func (a *app) curate(cmd *cobra.Command, args []string) error {
	file := a.curation
	if file == "" {
		file = filepath.Join(a.data, curationFile)
	}
	raw, err := readCuration(file)
	if err != nil {
		return err
	}
	if raw, err = withRules(raw, args, a.reason, a.within); err != nil {
		return err
	}
	rules, err := graph.ParseCuration(file, raw)
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	db, _, err := a.openGraph(ctx)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	s, err := db.Curate(ctx, rules, time.Now())
	if err != nil {
		return err
	}
	for _, r := range s.Unmatched {
		a.log.Error(fmt.Sprintf("%s:%d: %s %s: the graph has no such claim", file, r.Line, r.Action, r.Of))
	}
	for _, u := range s.Unused {
		a.log.Warn(fmt.Sprintf("%s:%d: %s %s: %s does not use this name%s", file, u.Line, u.Action, u.Of, u.In, instead(u.Names)))
	}
	if len(args) > 0 && len(s.Unmatched) == 0 {
		if err := writeCuration(file, raw); err != nil {
			return err
		}
	}
	if !a.quiet {
		fmt.Fprintf(cmd.OutOrStdout(), "%s in %s: %d applied, %d taken back\n", count(len(rules), "rule"), file, s.Applied, s.Withdrawn)
	}
	if len(s.Unmatched) > 0 {
		return fmt.Errorf("%w: %s about claims that are not there", errSaid, count(len(s.Unmatched), "rule"))
	}
	return nil
}

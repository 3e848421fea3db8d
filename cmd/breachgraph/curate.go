package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
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
docs/resolution.md lists the actions.`,
		Example: `  breachgraph curate merge Organization:face-book Organization:facebook --reason "a misspelling"
  breachgraph curate split Person:john-smith Person:john-a-smith
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
	if len(args) > 0 {
		if raw, err = withRule(raw, args, a.reason); err != nil {
			return err
		}
	}
	rules, err := graph.ParseCuration(file, raw)
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	db, _, err := a.openDatabase(ctx)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	if err := db.EnsureSchema(ctx); err != nil {
		return err
	}
	s, err := db.Curate(ctx, rules, time.Now())
	if err != nil {
		return err
	}
	for _, r := range s.Unmatched {
		a.log.Error(fmt.Sprintf("%s:%d: %s %s: the graph has no such claim", file, r.Line, r.Action, r.Of))
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

// readCuration reads a curation file; one that is not there has no rules.
func readCuration(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && info.Size() > graph.MaxCurationBytes {
		err = fmt.Errorf("%s is larger than %d MiB", file, graph.MaxCurationBytes>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("read curation: %w", err)
	}
	return os.ReadFile(file)
}

// withRule adds the rule of the command line to the text of the file.
func withRule(raw []byte, args []string, reason string) ([]byte, error) {
	if len(args) < 2 {
		return nil, usagef("curate %s needs what it is about; see `breachgraph curate --help`", args[0])
	}
	r := graph.Rule{Action: graph.Action(args[0]), Of: args[1], Reason: reason}
	if len(args) > 2 {
		r.To = args[2]
	}
	r, err := r.Checked()
	if err != nil {
		return nil, usagef("%v", err)
	}
	return graph.AppendRule(raw, r)
}

// writeCuration writes the file whole or not at all.
func writeCuration(file string, raw []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("write curation: %w", err)
	}
	temporary := file + ".new"
	err := os.WriteFile(temporary, raw, 0o644)
	if err == nil {
		err = os.Rename(temporary, file)
	}
	if err != nil {
		return fmt.Errorf("write curation: %w", err)
	}
	return nil
}

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/breachgraph/breachgraph/graph"
)

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

// withRules adds what the command line says to the text of the file: a rule, or
// one for each article that it is to hold in.
func withRules(raw []byte, args []string, reason string, within []string) ([]byte, error) {
	if len(args) == 0 && len(within) > 0 {
		return nil, usagef("--in goes with `breachgraph curate split OF TO`")
	}
	if len(args) == 0 {
		return raw, nil
	}
	if len(args) < 2 {
		return nil, usagef("curate %s needs what it is about; see `breachgraph curate --help`", args[0])
	}
	r := graph.Rule{Action: graph.Action(args[0]), Of: args[1], Reason: reason}
	if len(args) > 2 {
		r.To = args[2]
	}
	if len(within) == 0 {
		return withRule(raw, r)
	}
	var err error
	for _, r.In = range within {
		if r.In == "" {
			return nil, usagef("--in needs the URL of an article")
		}
		if raw, err = withRule(raw, r); err != nil {
			return nil, err
		}
	}
	return raw, nil
}

func withRule(raw []byte, r graph.Rule) ([]byte, error) {
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

// instead says what an article calls an entity.
func instead(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; there it is " + strings.Join(names, ", ")
}

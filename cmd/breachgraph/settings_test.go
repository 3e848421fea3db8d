package main

import (
	"flag"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

var update = flag.Bool("update", false, "rewrite the generated part of the README")

// The README shows the table between these two lines.
const (
	readme     = "../../README.md"
	tableBegin = "<!-- settings: written by go test ./cmd/breachgraph -update -->\n"
	tableEnd   = "<!-- end of settings -->\n"
)

func TestReadmeTable(t *testing.T) {
	b, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), tableBegin)
	got, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		t.Fatalf("%s lacks the lines %q and %q", readme, tableBegin, tableEnd)
	}
	want := settingsTable()
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("the settings in %s are not current; run go test ./cmd/breachgraph -update", readme)
	}
	if err := os.WriteFile(readme, []byte(before+tableBegin+want+tableEnd+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// verbs returns every command by its path without the program's name.
func verbs(t *testing.T) map[string]*cobra.Command {
	t.Helper()
	all := map[string]*cobra.Command{}
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		all[strings.TrimPrefix(strings.TrimPrefix(c.CommandPath(), "breachgraph"), " ")] = c
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(new(app).root())
	return all
}

func TestEverySettingIsAFlag(t *testing.T) {
	all := verbs(t)
	for _, s := range settings() {
		for _, verb := range append(slices.Clone(s.verbs), "")[:max(1, len(s.verbs))] {
			cmd, ok := all[verb]
			if !ok {
				t.Errorf("--%s: no verb %q", s.flag, verb)
				continue
			}
			flags := cmd.Flags()
			if verb == "" {
				flags = cmd.PersistentFlags()
			}
			if f := flags.Lookup(s.flag); f == nil || f.DefValue != s.deflt {
				t.Errorf("--%s of %q: flag %+v, want the default %q", s.flag, verb, f, s.deflt)
			}
		}
	}
}

func TestEveryVerbHasAnExample(t *testing.T) {
	for name, cmd := range verbs(t) {
		if cmd.Example == "" || !strings.Contains(cmd.Example, "breachgraph") {
			t.Errorf("verb %q has no example", name)
		}
		if cmd.Short == "" {
			t.Errorf("verb %q does not say what it does", name)
		}
	}
}

func TestEnvironment(t *testing.T) {
	tests := []struct {
		name     string
		args     []string
		env      map[string]string
		wantURI  string
		wantData string
	}{
		{"defaults", nil, nil, "", ".breachgraph"},
		{"environment", nil, map[string]string{"NEO4J_URI": "bolt://a", "BREACHGRAPH_DATA": "d"}, "bolt://a", "d"},
		{"flag beats environment", []string{"--neo4j-uri", "bolt://b"}, map[string]string{"NEO4J_URI": "bolt://a"}, "bolt://b", ".breachgraph"},
		{"empty flag beats environment", []string{"--neo4j-uri="}, map[string]string{"NEO4J_URI": "bolt://a"}, "", ".breachgraph"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, s := range settings() {
				if s.env != "" {
					t.Setenv(s.env, tt.env[s.env])
				}
			}
			a := new(app)
			root := a.root()
			root.SetArgs(append([]string{"version"}, tt.args...))
			root.SetOut(io.Discard)
			if err := root.ExecuteContext(t.Context()); err != nil {
				t.Fatal(err)
			}
			if a.uri != tt.wantURI || a.data != tt.wantData {
				t.Errorf("uri, data = %q, %q, want %q, %q", a.uri, a.data, tt.wantURI, tt.wantData)
			}
		})
	}
}

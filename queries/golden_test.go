package queries_test

import (
	"flag"
	"os"
	"testing"

	"github.com/breachgraph/breachgraph/queries"
)

var update = flag.Bool("update", false, "rewrite golden files and docs/queries.md")

// golden compares got with a file, or with -update rewrites it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not current; if what is new is right, run the test with -update. Got:\n%s\nwant:\n%s", path, got, want)
	}
}

// all are the queries.
func all(t *testing.T) []queries.Query {
	t.Helper()
	list, err := queries.All()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestDocs(t *testing.T) { golden(t, "../docs/queries.md", queries.Docs(all(t))) }

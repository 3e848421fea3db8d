package graph

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestDocs(t *testing.T) {
	for path, got := range map[string]string{
		"../docs/schema.md":           SchemaDocs(),
		"../docs/browser.grass":       Grass(),
		"testdata/constraints.cypher": strings.Join(Schema(), ";\n") + ";\n",
	} {
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is not current; run the test with -update and look at what changed. It should be:\n%.2000s", path, got)
		}
	}
}

package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// The script makes the graph that a load makes, and nothing more when it is
// run again.
func TestWriteScript(t *testing.T) {
	db, _ := open(t)
	results := append(all(t), articles(3, 6, 2, 3)...)
	load(t, db, results...)
	want := sameGraph(t, db)
	var b strings.Builder
	if refused, err := WriteScript(&b, slices.Values(append(results, results[0]))); err != nil || refused != nil {
		t.Fatalf("refused %v, %v", refused, err)
	}
	empty(t, db)
	for range 2 {
		run(t, db, b.String())
		if got := sameGraph(t, db); got != want {
			t.Fatalf("the script makes another graph:\n%s", diff(got, want))
		}
	}
}

func TestWriteScriptRefuses(t *testing.T) {
	bad := extract.Result{Article: ingest.Article{ID: "bad", URL: "http://[::1"}}
	var b strings.Builder
	refused, err := WriteScript(&b, slices.Values(append(all(t)[:1], bad)))
	if err != nil || len(refused) != 1 || refused[0].Article != "bad" {
		t.Errorf("refused %v, %v, want the bad one alone", refused, err)
	}
}

// Whatever an article says stays a string.
func TestLiteral(t *testing.T) {
	db, _ := open(t)
	for _, s := range []string{
		"plain", "it's", `\`, `\\`, `\'`, `\u0027 RETURN 1 //`, `\\u0027`, `\\\u0027`, `\U0001F600`, "line\nend\r\t\x00\x7f\u2028", "emoji 🙂 é", `"double" ` + "`tick`", "",
	} {
		if got := read(t, db, "RETURN "+literal(s)+" AS s", nil)[0][0]; got != s {
			t.Errorf("%q came back as %q", s, got)
		}
	}
	for _, v := range []any{1.0, -0.5, 1e21, 5e-324, int64(7), true} {
		if got := read(t, db, "RETURN "+literal(v)+" AS v", nil)[0][0]; got != v {
			t.Errorf("%#v came back as %#v", v, got)
		}
	}
}

// run runs a script as a shell does, a statement up to each semicolon at the end
// of a line; those of the schema cannot share a transaction with the others.
func run(t *testing.T, db *DB, script string) {
	t.Helper()
	s := db.session(t.Context(), neo4j.AccessModeWrite)
	defer s.Close(t.Context())
	_, err := s.ExecuteWrite(t.Context(), func(tx neo4j.ManagedTransaction) (any, error) {
		for statement := range strings.SplitSeq(strings.TrimSuffix(script, ";\n"), ";\n") {
			if strings.HasPrefix(statement, "CREATE ") {
				write(t, db, statement)
				continue
			}
			if _, err := tx.Run(t.Context(), statement, nil); err != nil {
				return nil, fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph/graphtest"
)

// open returns an empty database with its schema, and where it is.
func open(t testing.TB) (*DB, Config) {
	t.Helper()
	d := graphtest.New(t)
	c := Config{URI: d.URI, Username: d.Username, Password: d.Password, Database: d.Name}
	db, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.WithoutCancel(t.Context())) })
	if err := db.EnsureSchema(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db, c
}

// corpus reads the extractions in testdata, by file name without extension.
func corpus(t testing.TB) map[string]extract.Result {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no extractions in testdata (%v)", err)
	}
	out := map[string]extract.Result{}
	for _, f := range files {
		out[strings.TrimSuffix(filepath.Base(f), ".json")] = decoded(t, f)
	}
	return out
}

// decoded reads an extraction.
func decoded(t testing.TB, path string) extract.Result {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := extract.Decode(raw)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return r
}

// load loads results and fails the test if one of them is not loaded whole.
func load(t testing.TB, db *DB, results ...extract.Result) Summary {
	t.Helper()
	s, err := db.Load(t.Context(), slices.Values(results))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Refused) > 0 || len(s.Dropped) > 0 {
		t.Fatalf("load: refused %v, dropped %v", s.Refused, s.Dropped)
	}
	return s
}

// read runs a query without limits to speak of.
func read(t testing.TB, db *DB, cypher string, params map[string]any) [][]any {
	t.Helper()
	table, err := db.Read(t.Context(), cypher, params, Limits{Rows: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	return table.Rows
}

// write runs a statement that changes the graph behind the loader's back.
func write(t testing.TB, db *DB, cypher string) {
	t.Helper()
	s := db.session(t.Context(), neo4j.AccessModeWrite)
	defer s.Close(t.Context())
	result, err := s.Run(t.Context(), cypher, nil)
	if err == nil {
		_, err = result.Consume(t.Context())
	}
	if err != nil {
		t.Fatalf("%s: %v", cypher, err)
	}
}

func empty(t testing.TB, db *DB) { write(t, db, "MATCH (n) DETACH DELETE n") }

// dump is all that the graph holds, a line for each node and relationship,
// sorted.
func dump(t testing.TB, db *DB) string {
	t.Helper()
	var lines []string
	for _, row := range read(t, db, "MATCH (n) RETURN n", nil) {
		n := row[0].(NodeValue)
		slices.Sort(n.Labels)
		lines = append(lines, line(t, n.Labels, n.Props))
	}
	for _, row := range read(t, db, "MATCH (s)-[r]->(t) RETURN type(r), s, t, properties(r)", nil) {
		lines = append(lines, line(t, row[0], nodeKey(row[1]), nodeKey(row[2]), row[3]))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// sameGraph is dump with each breach named by the articles that report it: the
// ids of breaches depend on what came first.
func sameGraph(t testing.TB, db *DB) string {
	t.Helper()
	reports := map[string]string{}
	for _, row := range read(t, db, "MATCH (b:Breach)<-[r:REPORTS]-(a) WITH b, a.url + '#' + r.report AS report ORDER BY report RETURN b.id, collect(report)", nil) {
		reports[row[0].(string)] = fmt.Sprint(row[1])
	}
	out := regexp.MustCompile(`"formerIds":\[[^]]*\],?`).ReplaceAllString(dump(t, db), "")
	for id, name := range reports {
		out = strings.NewReplacer(`"`+id+`"`, `"`+name+`"`, `Breach:`+id+` `, `Breach:`+name+` `, `"Breach:`+id+`"`, `"`+name+`"`).Replace(out)
	}
	lines := strings.Split(out, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func nodeKey(v any) string {
	n := v.(NodeValue)
	slices.Sort(n.Labels)
	for _, key := range []string{"id", "url", "name"} {
		if k, ok := n.Props[key].(string); ok {
			return n.Labels[0] + ":" + k
		}
	}
	return ""
}

func line(t testing.TB, values ...any) string {
	t.Helper()
	raw, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// diff shows the lines by which got and want differ.
func diff(got, want string) string {
	count := map[string]int{}
	for l := range strings.SplitSeq(got, "\n") {
		count[l]++
	}
	for l := range strings.SplitSeq(want, "\n") {
		count[l]--
	}
	var out []string
	for l, n := range count {
		switch {
		case n > 0:
			out = append(out, "got  "+l)
		case n < 0:
			out = append(out, "want "+l)
		}
	}
	slices.SortFunc(out, func(x, y string) int { return strings.Compare(x[5:], y[5:]) })
	return strings.Join(out[:min(len(out), 20)], "\n")
}

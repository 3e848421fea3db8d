package queries_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/graphtest"
	"github.com/breachgraph/breachgraph/queries"
)

func all(t *testing.T) []queries.Query {
	t.Helper()
	list, err := queries.All()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// A query names only labels, types and properties that the graph has.
func TestNames(t *testing.T) {
	known := map[string]bool{"label": true, "id": true}
	add := func(props []graph.Property) {
		for _, p := range props {
			known[p.Name] = true
		}
	}
	for _, n := range graph.Nodes() {
		known[n.Label], known[n.Key] = true, true
		add(n.Props)
	}
	for _, e := range graph.Edges() {
		known[e.Type] = true
		add(e.Props)
	}
	text := regexp.MustCompile(`'[^']*'|"[^"]*"|//.*`)
	name := regexp.MustCompile(`[:|]\s*([A-Z]\w*)|[a-z]\w*\.([a-zA-Z]\w*)|[{,]\s*([a-z]\w*):`)
	for _, q := range all(t) {
		made := regexp.MustCompile(`collect\(\{[^}]*\}\)|\bmost\.\w+`).ReplaceAllString(q.Cypher, "") // a map of its own
		for _, m := range name.FindAllStringSubmatch(text.ReplaceAllString(made, ""), -1) {
			if n := m[1] + m[2] + m[3]; !known[n] {
				t.Errorf("%s names %q, which the graph has not", q.Name, n)
			}
		}
		if !strings.Contains(q.Cypher, "LIMIT $limit") || !strings.Contains(q.Cypher, "ORDER BY") {
			t.Errorf("%s has no order or no limit", q.Name)
		}
	}
}

// database is the graph of the extractions that the graph's tests use.
func database(t *testing.T) (*graph.DB, graphtest.Database) {
	t.Helper()
	d := graphtest.New(t)
	db, err := graph.Open(t.Context(), graph.Config{URI: d.URI, Username: d.Username, Password: d.Password, Database: d.Name})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(t.Context()) })
	if err := db.EnsureSchema(t.Context()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../graph/testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no extractions: %v", err)
	}
	var results []extract.Result
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		r, err := extract.Decode(raw)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		results = append(results, r)
	}
	if s, err := db.Load(t.Context(), slices.Values(results)); err != nil || len(s.Refused) > 0 {
		t.Fatalf("load: %+v, %v", s, err)
	}
	return db, d
}

func TestQueries(t *testing.T) {
	db, d := database(t)
	driver, err := neo4j.NewDriverWithContext(d.URI, neo4j.BasicAuth(d.Username, d.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(t.Context())
	for _, q := range all(t) {
		t.Run(q.Name, func(t *testing.T) {
			args, err := q.Args(strings.Fields(q.Example))
			if err != nil {
				t.Fatal(err)
			}
			table, err := db.Read(t.Context(), q.Cypher, args, graph.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if len(table.Rows) == 0 {
				t.Error("no rows: the query is not tested")
			}
			golden(t, filepath.Join("testdata", q.Name+".txt"), printed(t, table))
			filled, err := db.Read(t.Context(), q.Filled(args), nil, graph.Limits{})
			if err != nil || printed(t, filled) != printed(t, table) {
				t.Errorf("with its parameters filled in it answers otherwise (%v):\n%s", err, printed(t, filled))
			}
			result, err := neo4j.ExecuteQuery(t.Context(), driver, "EXPLAIN "+q.Filled(args), nil, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase(d.Name))
			if err != nil {
				t.Fatal(err)
			}
			for _, bad := range []string{"AllNodesScan", "CartesianProduct"} {
				if plan := operators(result.Summary.Plan()); strings.Contains(plan, bad) {
					t.Errorf("the plan holds %s: %s", bad, plan)
				}
			}
			for _, n := range result.Summary.Notifications() {
				t.Errorf("the server warns: %s: %s", n.Title(), n.Description())
			}
		})
	}
}

func operators(p neo4j.Plan) string {
	out := p.Operator()
	for _, c := range p.Children() {
		out += " " + operators(c)
	}
	return out
}

// printed is a table as text: the columns, then a line of JSON for each row.
func printed(t *testing.T, table graph.Table) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(strings.Join(table.Columns, " | ") + "\n")
	for _, row := range table.Rows {
		for i, v := range row {
			switch v := v.(type) {
			case graph.NodeValue:
				slices.Sort(v.Labels)
				row[i] = fmt.Sprintf("(:%s %v)", strings.Join(v.Labels, ":"), v.Props["id"])
			case graph.RelationshipValue:
				row[i] = fmt.Sprintf("[:%s %v]", v.Type, v.Props["status"])
			}
		}
		raw, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(raw)
		b.WriteByte('\n')
	}
	return b.String()
}

// golden compares got with the file at path, or writes it with -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s:\n%swant:\n%s", path, got, want)
	}
}

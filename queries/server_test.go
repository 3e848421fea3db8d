package queries_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/graphtest"
	"github.com/breachgraph/breachgraph/queries"
)

// runs are the arguments that a query is tried with, beside its example.
var runs = map[string][]string{
	"alleged-attackers":   {"", "attacker=Glass Heron", "status=alleged,denied", "since=2024-01-01 limit=1"},
	"articles-on-breach":  {"breach=harrowgate-outfitters since=2023-03-15"},
	"breaches-by-company": {"company=t-mobile", "company=HARROWGATE since=2024-01-01", "limit=2"},
	"claims-in-conflict":  {"type=attacked", "status=confirmed"},
	"co-victims":          {"company=norvale", "status=confirmed"},
	"data-denied":         {""},
	"data-exposed":        {"", "data=ssn", "data=Health data status=possible,denied"},
	"days-to-disclosure":  {"since=2024-01-01"},
	"discoverers":         {"by=ilse brandt"},
	"figure-history":      {"", "breach=harrowgate-outfitters-2023-03", "status=possible"},
	"figures-in-conflict": {"status=confirmed,reported", "units=years"},
	"find":                {"text=Harrow", "text=glass", "text=2099", "text=no such thing", `text=CEO massive (hack) +"T-Mobile" \ / *:`, "text=+-"},
	"firms-hired":         {"", "firm=mandiant", "since=2023-04-01"},
	"investigators":       {"by=FBI", "breach=calder-trust-bank"},
	"largest-breaches":    {"", "status=confirmed", "unit=records", "since=2023-01-01 limit=1"},
	"lawsuits-and-fines":  {"company=tandem systems"},
	"methods-used":        {"method=phishing", "method=CVE-2099-0001", "breach=unnamed-undated"},
	"most-cited-outlets":  {"since=2024-01-01"},
	"most-mentioned":      {"", "since=2024-01-01 limit=3"},
	"neighbourhood": {
		"entity=calder group", "entity=t-mobile hops=1", "entity=norvale-ferries-2024-11 hops=1 status=denied,possible",
		"entity=metro-by-t-mobile limit=3", "entity=ParcelDrop",
	},
	"people":               {"", "person=dana whitlock", "of=t-mobile"},
	"remedies":             {""},
	"repeat-victims":       {"", "since=2024-01-01", "least=1"},
	"fact-sources":         {"subject=Harrowgate", "subject=t-mobile-2021-08 object=financial data status=denied", "subject=Glass Heron type=ATTACKED"},
	"sectors-hit":          {""},
	"group-methods":        {"attacker=glass heron"},
	"breaches-by-month":    {"since=2024-01-01"},
	"first-to-report":      {"since=2030-01-01"},
	"copies":               {"outlet=nobody"},
	"single-source-facts":  {"breach=calder-trust-bank"},
	"low-confidence-facts": {"below=0.8", "breach=t-mobile below=1"},
	"unnamed-breaches":     {"since=2030-01-01"},
	"statements-by":        {"speaker=glass heron", "speaker=Dana Whitlock status=denied"},
	"subsidiaries":         {"company=metro by t-mobile"},
	"timeline":             {"breach=harrowgate-outfitters-2023-03", "breach=t-mobile status=claimed,alleged"},
}

// A run is a query with arguments.
type run struct {
	query queries.Query
	args  string // as in runs
	bound map[string]any
}

// String is what a user types for r, but for quotation marks.
func (r run) String() string {
	return strings.TrimSpace("breachgraph query " + r.query.Name + " " + r.args)
}

// allRuns are the runs of every query, first that of its example, which is its
// defaults where there is none.
func allRuns(t *testing.T) []run {
	t.Helper()
	var out []run
	for _, q := range all(t) {
		for _, args := range append([]string{q.Example}, runs[q.Name]...) {
			bound, err := q.Args(split(args))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, run{q, args, bound})
		}
	}
	return out
}

// firstRuns are one run of each query.
func firstRuns(t *testing.T) []run {
	t.Helper()
	return slices.CompactFunc(allRuns(t), func(x, y run) bool { return x.query.Name == y.query.Name })
}

// split parts arguments at the spaces before a name.
func split(args string) []string {
	var out []string
	for word := range strings.FieldsSeq(args) {
		if strings.Contains(word, "=") || len(out) == 0 {
			out = append(out, word)
		} else {
			out[len(out)-1] += " " + word
		}
	}
	return out
}

// corpus reads the articles that the rows come from: those of package graph,
// and one with two victims.
func corpus(t *testing.T) []extract.Result {
	t.Helper()
	return read(t, "../graph/testdata/*.json", "testdata/*.json")
}

// read reads the extractions in some files.
func read(t *testing.T, globs ...string) []extract.Result {
	t.Helper()
	var out []extract.Result
	for _, glob := range globs {
		files, err := filepath.Glob(glob)
		if err != nil || len(files) == 0 {
			t.Fatalf("no extractions at %s (%v)", glob, err)
		}
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			r, err := extract.Decode(raw)
			if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			out = append(out, r)
		}
	}
	return out
}

// open returns a database that holds its schema and nothing else.
func open(t *testing.T) (*graph.DB, graphtest.Database) {
	t.Helper()
	d := graphtest.New(t)
	db, err := graph.Open(t.Context(), graph.Config{URI: d.URI, Username: d.Username, Password: d.Password, Database: d.Name})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.WithoutCancel(t.Context())) })
	if err := db.EnsureSchema(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db, d
}

func load(t *testing.T, db *graph.DB, results []extract.Result) {
	t.Helper()
	s, err := db.Load(t.Context(), slices.Values(results))
	if err != nil || len(s.Refused) > 0 || len(s.Dropped) > 0 {
		t.Fatalf("load: %v, refused %v, dropped %v", err, s.Refused, s.Dropped)
	}
}

// rows are what cypher answers, as text: a line for the columns and one of JSON
// for each row.
func rows(t *testing.T, db *graph.DB, cypher string, params map[string]any) string {
	t.Helper()
	table, err := db.Read(t.Context(), cypher, params, graph.Limits{})
	if err != nil {
		t.Fatalf("%v\n%s", err, cypher)
	}
	var b strings.Builder
	b.WriteString(strings.Join(table.Columns, ", ") + "\n")
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, row := range table.Rows {
		for i, v := range row {
			if p, ok := v.(graph.PathValue); ok {
				row[i] = drawn(p)
			}
		}
		if err := enc.Encode(row); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// drawn is a path without the numbers that the database gives nodes.
func drawn(p graph.PathValue) string {
	key := func(n graph.NodeValue) string {
		id, ok := n.Props["id"]
		if !ok {
			id = n.Props["name"]
		}
		return fmt.Sprintf("(%v)", id)
	}
	out := key(p.Nodes[0])
	for i, r := range p.Relationships {
		left, right := "-", "->"
		if r.Start != p.Nodes[i].ID {
			left, right = "<-", "-"
		}
		out += fmt.Sprintf("%s[%s %v]%s%s", left, r.Type, r.Props["status"], right, key(p.Nodes[i+1]))
	}
	return out
}

// The rows are those of the golden files, in that order, whatever was loaded
// first.
func TestRows(t *testing.T) {
	results := corpus(t)
	db, _ := open(t)
	load(t, db, results)
	want, files := map[string]string{}, map[string]string{}
	for _, r := range allRuns(t) {
		want[r.String()] = rows(t, db, r.query.Cypher, r.bound)
		files[r.query.Name] += r.String() + "\n" + want[r.String()] + "\n"
	}
	for name, text := range files {
		golden(t, "testdata/"+name+".golden", text)
	}
	slices.Reverse(results)
	db, _ = open(t)
	for _, r := range results {
		load(t, db, []extract.Result{r})
	}
	for _, r := range firstRuns(t) {
		if got := rows(t, db, r.query.Cypher, r.bound); got != want[r.String()] {
			t.Errorf("%s after loading backward:\n%s\nwant\n%s", r, got, want[r.String()])
		}
	}
}

// What was said of one breach in the course of a month, and in which order, by
// whom it was contradicted and what took its place.
func TestSequel(t *testing.T) {
	db, _ := open(t)
	results := read(t, "../graph/testdata/t-mobile-2021-08.json", "../graph/testdata/t-mobile/*.json")
	load(t, db, slices.DeleteFunc(results, func(r extract.Result) bool { return strings.HasSuffix(r.Article.ID, "-revised") }))
	out := ""
	for _, q := range all(t) {
		var args []string
		switch q.Name {
		case "claims-in-conflict", "figures-in-conflict":
		case "figure-history":
			args = []string{"breach=t-mobile", "unit=people"}
		default:
			continue
		}
		bound, err := q.Args(args)
		if err != nil {
			t.Fatal(err)
		}
		out += run{query: q, args: strings.Join(args, " ")}.String() + "\n" + rows(t, db, q.Cypher, bound) + "\n"
	}
	golden(t, "testdata/sequel.golden", out)
}

// With values in place of parameters the rows are the same, and a text is never
// read as Cypher.
func TestFilledOnServer(t *testing.T) {
	db, _ := open(t)
	load(t, db, corpus(t))
	for _, r := range firstRuns(t) {
		want := rows(t, db, r.query.Cypher, r.bound)
		if got := rows(t, db, r.query.Filled(r.bound), nil); got != want {
			t.Errorf("%s without parameters:\n%s\nwant\n%s", r, got, want)
		}
	}
	q := queries.Query{Cypher: "RETURN $s AS s"}
	for _, s := range []string{`'`, `\`, `\'`, `\u0027`, `\\u0027 RETURN 1 //`, "\x00\r\n\t\u2028", `"$s"`, "`{", "é😀"} {
		params := map[string]any{"s": s}
		if got, want := rows(t, db, q.Filled(params), nil), rows(t, db, q.Cypher, params); got != want {
			t.Errorf("%q written into Cypher: %s, want %s", s, got, want)
		}
	}
}

// The server makes plans from how much the database holds, so an empty one may
// have others, and one with many nodes too.
func TestPlans(t *testing.T) {
	db, d := open(t)
	s := session(t, d)
	for _, r := range firstRuns(t) {
		checkPlan(t, s, r)
	}
	load(t, db, corpus(t))
	for _, r := range firstRuns(t) {
		checkPlan(t, s, r)
	}
	fill(t, d)
	for _, r := range firstRuns(t) {
		checkPlan(t, s, r)
		checkReads(t, s, r)
	}
}

// strangers is how many nodes of each label are there that have to do with
// nothing.
const strangers = 5000

// fill adds the strangers.
func fill(t *testing.T, d graphtest.Database) {
	t.Helper()
	driver, err := neo4j.NewDriverWithContext(d.URI, neo4j.BasicAuth(d.Username, d.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(t.Context())
	for _, label := range []string{"Article", "Breach", "Claim", "Figure", "Organization", "Person", "Group", "Product"} {
		statement := "UNWIND range(1, $n) AS i CREATE (n:" + label + " {id: 'stranger-' + i, name: 'Stranger ' + i}) SET n.url = n.id"
		_, err := neo4j.ExecuteQuery(t.Context(), driver, statement, map[string]any{"n": strangers}, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase(d.Name))
		if err != nil {
			t.Fatalf("add strangers: %v", err)
		}
	}
}

// aboutOne are parameters that, where they are given, make a query one about a
// thing that an index finds.
var aboutOne = []string{"article", "breach", "entity", "speaker", "subject", "text"}

// checkReads makes sure that r, where it is about one thing, does not read what
// has to do with nothing: only what is executed counts, whatever is planned.
func checkReads(t *testing.T, s neo4j.SessionWithContext, r run) {
	t.Helper()
	if !slices.ContainsFunc(aboutOne, func(name string) bool { return r.bound[name] != nil }) {
		return
	}
	result, err := s.Run(t.Context(), "PROFILE "+r.query.Cypher, sent(r.bound))
	if err != nil {
		t.Fatalf("profile of %s: %v", r, err)
	}
	summary, err := result.Consume(t.Context())
	if err != nil {
		t.Fatalf("profile of %s: %v", r, err)
	}
	if n := reads(summary.Profile()); n >= strangers {
		t.Errorf("%s reads the database %d times; %d nodes of each label have nothing to do with it", r, n, strangers)
	}
}

// reads is how often a plan and all that feeds it read from the database.
func reads(p neo4j.ProfiledPlan) int64 {
	n := p.DbHits()
	for _, child := range p.Children() {
		n += reads(child)
	}
	return n
}

func session(t *testing.T, d graphtest.Database) neo4j.SessionWithContext {
	t.Helper()
	driver, err := neo4j.NewDriverWithContext(d.URI, neo4j.BasicAuth(d.Username, d.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	s := driver.NewSession(t.Context(), neo4j.SessionConfig{DatabaseName: d.Name, AccessMode: neo4j.AccessModeRead})
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if err := errors.Join(s.Close(ctx), driver.Close(ctx)); err != nil {
			t.Error(err)
		}
	})
	return s
}

// checkPlan makes sure that r is planned without reading all nodes and without
// joining what has nothing to do with each other, and that the server thinks
// nothing in it out of date.
func checkPlan(t *testing.T, s neo4j.SessionWithContext, r run) {
	t.Helper()
	result, err := s.Run(t.Context(), "EXPLAIN "+r.query.Cypher, sent(r.bound))
	if err != nil {
		t.Fatalf("plan of %s: %v", r, err)
	}
	summary, err := result.Consume(t.Context())
	if err != nil {
		t.Fatalf("plan of %s: %v", r, err)
	}
	for _, n := range summary.Notifications() {
		if !strings.Contains(n.Code(), "Unknown") { // as yet, in an empty database
			t.Errorf("%s: %s: %s", r, n.Code(), n.Description())
		}
	}
	required := slices.ContainsFunc(r.query.Params, func(p queries.Param) bool { return p.Required })
	for _, o := range operators(summary.Plan()) {
		if required && strings.HasPrefix(o, "NodeByLabelScan") {
			t.Errorf("the plan of %s, which is about one thing, holds %s", r, o)
		}
		if r.query.Scans == "" && many.MatchString(o) {
			t.Errorf("the plan of %s, which does not say that it scans, holds %s", r, o)
		}
		if strings.HasPrefix(o, "AllNodesScan") || strings.HasPrefix(o, "CartesianProduct") {
			t.Errorf("the plan of %s holds %s", r, o)
		}
	}
}

// sent are parameters as the driver takes them.
func sent(params map[string]any) map[string]any {
	out := maps.Clone(params)
	for name, v := range out {
		if day, ok := v.(time.Time); ok {
			out[name] = neo4j.DateOf(day)
		}
	}
	return out
}

// many matches a scan of the labels with the most nodes.
var many = regexp.MustCompile(`^NodeByLabelScan.*:(Article|Claim|Figure)\b`)

// operators are those of a plan and of all that feeds it, with their details.
func operators(p neo4j.Plan) []string {
	out := []string{fmt.Sprint(p.Operator(), " ", p.Arguments()["Details"])}
	for _, child := range p.Children() {
		out = append(out, operators(child)...)
	}
	return out
}

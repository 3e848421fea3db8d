package graph

import (
	"regexp"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/extract"
)

// withoutRules is a graph without what remembers corrections.
func withoutRules(graph string) string {
	var out []string
	for l := range strings.SplitSeq(graph, "\n") {
		if !strings.HasPrefix(l, `[["Resolution"]`) && !strings.HasPrefix(l, `[["Rule"]`) {
			out = append(out, l)
		}
	}
	return evidenceLess(strings.Join(out, "\n"))
}

// Corrections hold before and after the articles are loaded, whatever is loaded
// again, and go without a trace.
func TestCurate(t *testing.T) {
	db, _ := open(t)
	results := append(articles(21, 6, 3, 3), brief("a", 0, extract.Period{}), brief("b", 200, extract.Period{}), brief("c", 210, extract.Period{}))
	load(t, db, results...)
	plain := sameGraph(t, db)
	claim := func(where string) string {
		t.Helper()
		got := read(t, db, "MATCH (:Article {url: 'https://news.example/a'})<-[:STATED_IN]-(c:Claim) WHERE c."+where+" RETURN c.id", nil)
		if len(got) != 1 {
			t.Fatalf("%d claims with %s, want 1", len(got), where)
		}
		return got[0][0].(string)
	}
	rules := []Rule{
		{Action: MergeEntities, Of: "Organization:company-1", To: "Organization:company-2", Reason: "renamed"},
		{Action: Rename, Of: "Person:person-1", To: "Per Son"},
		{Action: Retype, Of: "Organization:company-0", To: "agency"},
		{Action: Reject, Of: claim("type = 'EXPOSED'")},
		{Action: SameBreach, Of: "https://news.example/a", To: "https://news.example/b"},
		{Action: OtherBreach, Of: "https://news.example/b", To: "https://news.example/c"},
	}
	s, err := db.Curate(t.Context(), rules, someDay)
	if err != nil || s.Applied != len(rules) || len(s.Unmatched) > 0 {
		t.Fatalf("Curate = %+v, %v, want %d applied", s, err, len(rules))
	}
	curated := sameGraph(t, db)
	for _, test := range []struct{ what, cypher, want string }{
		{"one breach for a and b, another for c", "MATCH (b:Breach)<-[:REPORTS]-(a) WHERE a.url STARTS WITH 'https://news.example/' WITH b, a ORDER BY a.url WITH b, collect(a.sourceId) AS ids RETURN ids ORDER BY ids[0]", `[["a","b"]] [["c"]]`},
		{"the rejected claim backs nothing", "MATCH (:Article {url: 'https://news.example/a'})<-[:STATED_IN]-(c:Claim {type: 'EXPOSED'})-[:SUBJECT]->(b)-[f:EXPOSED]->(:DataType {name: 'password'}) RETURN c.rejected, f.claims", `[true,1]`},
		{"another name", "MATCH (p:Person {id: 'person-1'}) RETURN p.name, 'Person 1' IN p.aliases", `["Per Son",true]`},
		{"another part", "MATCH (o:Organization {id: 'company-0'}) RETURN o:Agency, o:Company", `[true,false]`},
		{"merged", "OPTIONAL MATCH (o:Organization {id: 'company-1'}) RETURN o IS NULL", `[true]`},
	} {
		var got []string
		for _, row := range read(t, db, test.cypher, nil) {
			got = append(got, line(t, row...))
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%s: %s, want %s", test.what, got, test.want)
		}
	}
	if s, err := db.Curate(t.Context(), rules, someDay); err != nil || s.Applied+s.Withdrawn > 0 {
		t.Errorf("Curate again = %+v, %v, want nothing done", s, err)
	}
	for _, r := range results[4:] {
		load(t, db, other2(r))
		load(t, db, r)
	}
	if got := sameGraph(t, db); got != curated {
		t.Errorf("loading again lost a correction:\n%s", diff(got, curated))
	}
	write(t, db, "MATCH (n) WHERE NOT n:Resolution AND NOT n:Rule DETACH DELETE n")
	load(t, db, results...)
	if got, want := withoutRules(sameGraph(t, db)), withoutRules(curated); got != want {
		t.Errorf("correcting first made another graph:\n%s", diff(got, want))
	}
	if s, err := db.Curate(t.Context(), nil, someDay); err != nil || s.Withdrawn != len(rules) {
		t.Fatalf("Curate(nil) = %+v, %v, want %d withdrawn", s, err, len(rules))
	}
	if got, want := withoutRules(sameGraph(t, db)), withoutRules(plain); got != want {
		t.Errorf("taking corrections back left a trace:\n%s", diff(got, want))
	}
	if kept := read(t, db, "MATCH (r:Rule) WHERE r.withdrawn IS NOT NULL RETURN count(r)", nil); kept[0][0] != int64(len(rules)) {
		t.Errorf("%v rules in the history, want %d", kept, len(rules))
	}
}

// A merge holds also where the entities come later, one or both, and goes
// without a trace.
func TestCurateMergeFirst(t *testing.T) {
	db, _ := open(t)
	a, b := brief("a", 20, extract.Period{}), brief("b", 30, extract.Period{})
	b.Entities[0].Name = "Zenith Holdings"
	load(t, db, a, b)
	plain := sameGraph(t, db)
	rule := Rule{Action: MergeEntities, Of: "Organization:zenith-holdings", To: "Organization:acme", Reason: "renamed"}
	if _, err := db.Curate(t.Context(), []Rule{rule}, someDay); err != nil {
		t.Fatal(err)
	}
	want := evidenceLess(sameGraph(t, db))
	for name, first := range map[string][]extract.Result{"neither": nil, "what is led": {b}, "where it is led": {a}} {
		empty(t, db)
		load(t, db, first...)
		if _, err := db.Curate(t.Context(), []Rule{rule}, someDay); err != nil {
			t.Fatal(err)
		}
		load(t, db, a, b)
		if got := evidenceLess(sameGraph(t, db)); got != want {
			t.Errorf("%s there first: another graph:\n%s", name, diff(got, want))
		}
	}
	if _, err := db.Curate(t.Context(), nil, someDay); err != nil {
		t.Fatal(err)
	}
	if got, want := withoutRules(sameGraph(t, db)), withoutRules(plain); got != want {
		t.Errorf("the merge left a trace:\n%s", diff(got, want))
	}
}

func TestCurateSplits(t *testing.T) {
	db, _ := open(t)
	a, b := brief("a", 20, extract.Period{}), brief("b", 30, extract.Period{})
	b.Entities[0].Name = "Ac Me"
	load(t, db, a, b)
	apart := sameGraph(t, db)
	if _, err := db.Merge(t.Context(), []Merge{{Candidate{labelOrganization, "ac-me", "acme", 0.97, "x"}, ByRule}}, someDay); err != nil {
		t.Fatal(err)
	}
	split := Rule{Action: SplitEntities, Of: "Organization:acme", To: "Organization:ac-me"}
	if _, err := db.Curate(t.Context(), []Rule{split, {Action: Confirm, Of: "nosuch"}}, someDay); err != nil {
		t.Fatal(err)
	}
	if got, want := withoutRules(sameGraph(t, db)), withoutRules(apart); got != want {
		t.Errorf("the split left a trace:\n%s", diff(got, want))
	}
	twice, err := db.Apart(t.Context())
	if err != nil || !twice(labelOrganization, "ac-me", "acme") || twice(labelOrganization, "acme", "other") {
		t.Errorf("Apart does not know the split: %v", err)
	}
}

func TestSaysOf(t *testing.T) {
	for _, test := range []struct{ fact, report, subject, object, want string }{
		{"SUFFERED Organization:acme Breach:acme-2021-01 affirmed", "b1", "", "", "SUFFERED Organization:acme Breach:b1 affirmed"},
		{"SUFFERED Organization:acme Breach:acme-2021-01 affirmed", "b1", "ac-me", "", "SUFFERED Organization:ac-me Breach:b1 affirmed"},
		{"HIRED Organization:a Organization:b denied", "", "", "c", "HIRED Organization:a Organization:c denied"},
		{"", "b1", "x", "y", ""},
	} {
		if got := saysOf(test.fact, test.report, test.subject, test.object); got != test.want {
			t.Errorf("saysOf(%q) = %q, want %q", test.fact, got, test.want)
		}
	}
}

// evidenceLess is a graph without the articles that Resolutions name.
func evidenceLess(graph string) string {
	return regexp.MustCompile(`"evidence":\[[^]]*\],?`).ReplaceAllString(graph, "")
}

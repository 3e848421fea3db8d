package graph

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/extract"
)

var someDay = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func mergeOf(label, from, to string) Merge {
	return Merge{Candidate{Label: label, From: from, To: to, Score: 1, Why: "a test"}, ByCuration}
}

// Two names lead to one entity whether the merge comes before or after the
// articles, whatever is loaded again, and a split takes it back without a trace.
func TestMergeAndSplit(t *testing.T) {
	db, _ := open(t)
	results := append(articles(11, 10, 3, 3), all(t)...)
	load(t, db, results...)
	apart := sameGraph(t, db)
	merges := []Merge{
		mergeOf(labelOrganization, "company-1", "company-2"), mergeOf(labelOrganization, "company-4", "company-3"),
		mergeOf(labelPerson, "person-0", "person-1"), mergeOf("Group", "group-2", "group-0"),
	}
	if n, err := db.Merge(t.Context(), merges, someDay); err != nil || n != len(merges) {
		t.Fatalf("Merge = %d, %v, want %d", n, err, len(merges))
	}
	merged := sameGraph(t, db)
	if regexp.MustCompile(`"id":"(company-1|company-4|person-0|group-2)"`).MatchString(merged) {
		t.Errorf("a merged entity is still there:\n%s", merged)
	}
	if rows := read(t, db, `MATCH ()-[f:OFFERED]->() WHERE f.provider IS NOT NULL WITH f, EXISTS { (:Organization {id: f.provider}) } AS known
RETURN sum(CASE WHEN known THEN 1 ELSE 0 END), sum(CASE WHEN known THEN 0 ELSE 1 END)`, nil); rows[0][0] == int64(0) || rows[0][1] != int64(0) {
		t.Errorf("providers that are there, that are not: %v", rows)
	}
	if s := load(t, db, results...); s.Unchanged != len(results) {
		t.Errorf("load after the merge: %+v, want nothing changed", s)
	}
	load(t, db, other2(results[0]))
	load(t, db, results[0])
	if got := sameGraph(t, db); got != merged {
		t.Errorf("a load after the merge made another graph:\n%s", diff(got, merged))
	}
	write(t, db, "MATCH (n) WHERE NOT n:Resolution DETACH DELETE n")
	load(t, db, results...)
	if got, want := evidenceLess(sameGraph(t, db)), evidenceLess(merged); got != want {
		t.Errorf("merging first made another graph:\n%s", diff(got, want))
	}
	for _, m := range slices.Backward(merges) {
		if done, err := db.Split(t.Context(), m.Label, m.From); err != nil || !done {
			t.Fatalf("Split(%s) = %v, %v", m.From, done, err)
		}
	}
	if got := sameGraph(t, db); got != apart {
		t.Errorf("merging and splitting left a trace:\n%s", diff(got, apart))
	}
	if done, err := db.Split(t.Context(), labelOrganization, "company-1"); err != nil || done {
		t.Errorf("splitting again = %v, %v, want false", done, err)
	}
}

// other2 is r with a claim less.
func other2(r extract.Result) extract.Result {
	r.Claims = r.Claims[1:]
	return r
}

// Articles on two names of a company meet in one breach once the names do.
func TestMergeJoinsBreaches(t *testing.T) {
	db, _ := open(t)
	a, b := brief("a", 20, extract.Period{}), brief("b", 30, extract.Period{})
	b.Entities[0].Name = "Zenith Holdings"
	load(t, db, a, b)
	count := func() int64 { return read(t, db, "MATCH (b:Breach) RETURN count(b)", nil)[0][0].(int64) }
	if n := count(); n != 2 {
		t.Fatalf("%d breaches before the merge, want 2", n)
	}
	if _, err := db.Merge(t.Context(), []Merge{mergeOf(labelOrganization, "zenith-holdings", "acme")}, someDay); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 1 {
		t.Errorf("%d breaches after the merge, want 1", n)
	}
	if _, err := db.Split(t.Context(), labelOrganization, "zenith-holdings"); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 2 {
		t.Errorf("%d breaches after the split, want 2", n)
	}
}

func TestPlan(t *testing.T) {
	c := func(from, to string, score float64) Candidate { return Candidate{"Organization", from, to, score, "x"} }
	apart := func(_, x, y string) bool { return x == "d" && y == "b" || x == "b" && y == "d" }
	merges := Plan([]Candidate{c("a", "b", 0.97), c("b", "c", 0.95), c("d", "c", 0.93), c("e", "c", 0.6)}, apart)
	var got []string
	for _, m := range merges {
		got = append(got, m.From+">"+m.To)
	}
	if want := "a>c b>c"; strings.Join(got, " ") != want {
		t.Errorf("Plan = %v, want %s", got, want)
	}
}

func TestResolve(t *testing.T) {
	db, _ := open(t)
	spaced := brief("a", 20, extract.Period{})
	spaced.Entities[0].Name = "Pell Worth"
	together := brief("b", 30, extract.Period{})
	together.Entities[0].Name = "Pellworth"
	again := brief("c", 40, extract.Period{})
	again.Entities[0].Name = "Pellworth"
	load(t, db, spaced, together, again)
	names, err := db.Names(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	merges := Plan(Candidates(names), nil)
	if n, err := db.Merge(t.Context(), merges, someDay); err != nil || n != 1 {
		t.Fatalf("Merge(%+v) = %d, %v, want 1", merges, n, err)
	}
	got := read(t, db, "MATCH (o:Company)-[s:SUFFERED]->(b:Breach) RETURN o.id, o.aliases, s.claims, b.articles, b.victim", nil)
	if len(got) != 1 || line(t, got[0]...) != `["pellworth",["Pell Worth"],3,3,"pellworth"]` {
		t.Errorf("after resolution: %v", got)
	}
	kept := read(t, db, "MATCH (r:Resolution) RETURN r.id, r.to, r.by, r.why, r.evidence", nil)
	if len(kept) != 1 || line(t, kept[0]...) != `["Organization:pell-worth","pellworth","rule","the same name, otherwise spaced",["https://news.example/a"]]` {
		t.Errorf("what is kept of it: %v", kept)
	}
}

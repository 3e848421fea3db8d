package graph

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// smith makes an article in which John Smith of a company speaks of its breach,
// written by another John Smith.
func smith(id string, days int, company string) extract.Result {
	text := "John Smith, 40, of " + company + ", said 1,500 people were hit."
	at := func(words string) extract.Span {
		start := strings.Index(text, words)
		return extract.Span{Start: start, End: start + len(words)}
	}
	hit := 1500.0
	r := extract.Result{
		Article: ingest.Article{ID: id, URL: "https://news.example/" + id, Text: text, Authors: []string{"John Smith"},
			Published: on("2021-01-01").AddDate(0, 0, days)},
		Entities: []extract.Entity{
			{ID: "e1", Kind: extract.Person, Name: "John Smith", Aliases: []string{"Smith"}, Attributes: map[string]string{"age": "40"}, Mentions: []extract.Mention{{Span: at("John Smith"), Kind: extract.Name}}},
			{ID: "e2", Kind: extract.Company, Name: company, Mentions: []extract.Mention{{Span: at(company), Kind: extract.Name}}},
		},
		Breaches: []extract.Breach{{ID: "b1", Victims: []string{"e2"}, Primary: true}},
		Figures:  []extract.Figure{{ID: "f1", Span: at("1,500 people"), Value: &hit, Unit: "people", Counted: "people", Breach: "b1", AttributedTo: "e1", Status: extract.Reported}},
	}
	for _, c := range []extract.Claim{{Type: extract.Suffered, Subject: "e2", Object: "b1"}, {Type: extract.WorksFor, Subject: "e1", Object: "e2"}, {Type: extract.HasFigure, Subject: "b1", Object: "f1", AttributedTo: "e1"}} {
		c.Status, c.Evidence = extract.Confirmed, at(text)
		r.Claims = append(r.Claims, c)
	}
	return r
}

// shorter is r extracted anew from another text, in which nobody is quoted.
func shorter(r extract.Result) extract.Result {
	r.Article.Text = "Today " + r.Article.Text
	r.Figures, r.Claims = nil, r.Claims[:2]
	return r
}

func splitIn(label, of, to, id string) Rule {
	return Rule{Action: SplitEntities, Of: label + ":" + of, To: label + ":" + to, In: "https://news.example/" + id}
}

// Who parts a name that the article does not use is told which it does.
func TestSplitUnused(t *testing.T) {
	db, _ := open(t)
	other := smith("a", 0, "Acme")
	other.Entities[0].Name = "Jon Smith"
	load(t, db, other, smith("b", 10, "Bolt"))
	if _, err := db.Merge(t.Context(), []Merge{mergeOf(labelPerson, "jon-smith", "john-smith")}, someDay); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ in, want string }{
		{"a", "[]"}, // by its line
		{"b", "[]"},
		{"nosuch", "[]"},
	} {
		if s := curate(t, db, splitIn(labelPerson, "john-smith", "john-smith-2", test.in)); fmt.Sprint(s.Unused) != test.want {
			t.Errorf("in %s: unused %+v, want %s", test.in, s.Unused, test.want)
		}
	}
	other.Article.Authors = nil
	load(t, db, other)
	s := curate(t, db, splitIn(labelPerson, "john-smith", "john-smith-2", "a"), splitIn(labelPerson, "nobody", "somebody", "a"))
	if len(s.Unused) != 2 || fmt.Sprint(s.Unused[0].Names, s.Unused[1].Names) != "[jon-smith] []" {
		t.Errorf("unused: %+v", s.Unused)
	}
	if got, want := smiths(t, db), "john-smith John Smith [Jon Smith Smith] 40 [acme bolt] [a b] [b] 2 2"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func curate(t *testing.T, db *DB, rules ...Rule) CurationSummary {
	t.Helper()
	s, err := db.Curate(t.Context(), rules, someDay)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sound(t *testing.T, db *DB) {
	t.Helper()
	if found, err := db.Check(t.Context()); err != nil || slices.ContainsFunc(found, func(p Problem) bool { return !p.Tolerant }) {
		t.Errorf("Check = %+v, %v, want a sound graph", found, err)
	}
}

// smiths says of each John Smith what he is called, for whom he works, where he
// is named and what he says.
func smiths(t *testing.T, db *DB) string {
	t.Helper()
	var got []string
	for _, row := range read(t, db, `MATCH (p:Person) RETURN p.id, p.name, p.aliases, p.age,
[(p)-[:WORKS_FOR]->(o) | o.id] AS works, [(p)<-[:MENTIONS]-(a) | a.sourceId] AS named, [(p)<-[:WRITTEN_BY]-(a) | a.sourceId] AS wrote,
COUNT { (p)<-[:SAID_BY]-(:Figure) }, COUNT { (p)<-[:SAID_BY]-(:Claim) } ORDER BY p.id`, nil) {
		for _, list := range row[4:7] {
			slices.SortFunc(list.([]any), compareValues)
		}
		got = append(got, strings.TrimSpace(fmt.Sprintln(row...)))
	}
	return strings.Join(got, "; ")
}

// Two people of one name are parted by the articles that name them, whether
// articles or rules come first, and are one again when the rule is gone.
func TestSplitPeople(t *testing.T) {
	db, _ := open(t)
	acme, bolt, late := smith("a", 0, "Acme"), smith("b", 10, "Bolt"), smith("c", 20, "Acme")
	for _, r := range []*extract.Result{&acme, &late} {
		r.Article.Authors = nil
	}
	rule := splitIn(labelPerson, "john-smith", "john-smith-of-bolt", "b")
	load(t, db, acme, bolt, late)
	plain := sameGraph(t, db)
	one := "john-smith John Smith [Smith] 40 [acme bolt] [a b c] [b] 3 3"
	two := "john-smith John Smith [Smith] 40 [acme] [a c] [] 2 2; john-smith-of-bolt John Smith [Smith] 40 [bolt] [b] [b] 1 1"
	if got := smiths(t, db); got != one {
		t.Fatalf("before: %s\nwant %s", got, one)
	}
	curate(t, db, rule)
	parted, digest := sameGraph(t, db), digestOf(t, db)
	if got := smiths(t, db); got != two {
		t.Errorf("parted: %s\nwant %s", got, two)
	}
	sound(t, db)
	if s := load(t, db, acme, bolt, late); s.Unchanged != 3 {
		t.Errorf("load again: %+v, want nothing changed", s)
	}
	load(t, db, shorter(bolt))
	load(t, db, shorter(acme))
	if got, want := smiths(t, db), "john-smith John Smith [Smith] 40 [acme] [a c] [] 1 1; john-smith-of-bolt John Smith [Smith] 40 [bolt] [b] [b] 0 0"; got != want {
		t.Errorf("extracted anew: %s\nwant %s", got, want)
	}
	load(t, db, bolt, acme)
	if got := sameGraph(t, db); got != parted {
		t.Errorf("extracted anew, another graph:\n%s", diff(got, parted))
	}
	for name, order := range map[string][]extract.Result{"in order": {acme, bolt, late}, "reversed": {late, bolt, acme}} {
		empty(t, db)
		curate(t, db, rule)
		for _, r := range order {
			load(t, db, r)
		}
		if got := digestOf(t, db); got != digest {
			t.Errorf("the rule first, articles %s: another graph:\n%s", name, diff(sameGraph(t, db), parted))
		}
	}
	names, err := db.Names(t.Context())
	apart, err2 := db.Apart(t.Context())
	if err := errors.Join(err, err2); err != nil || len(Plan([]Candidate{{labelPerson, "john-smith-of-bolt", "john-smith", 0.97, "x"}}, apart)) > 0 || len(Plan(Candidates(names), apart)) > 0 {
		t.Errorf("resolution would make them one again: %v", err)
	}
	if s := curate(t, db); s.Withdrawn != 1 {
		t.Errorf("Curate = %+v, want one rule taken back", s)
	}
	if got, want := withoutRules(sameGraph(t, db)), withoutRules(plain); got != want {
		t.Errorf("the rule left a trace:\n%s", diff(got, want))
	}
	sound(t, db)
}

// Names that mean others in some articles go together with names that were
// found to be one, in any order, for all that articles say.
func TestSplitAnyOrder(t *testing.T) {
	db, _ := open(t)
	results := articles(21, 10, 2, 3)
	for i := range results { // their ids are numbers
		results[i].Article.URL = fmt.Sprint("https://news.example/", i)
	}
	rules := []Rule{}
	for i := range results {
		id := fmt.Sprint(i)
		for _, name := range []ref{{labelPerson, "person-1"}, {labelPerson, "person-2"}, {labelOrganization, "company-0"}, {labelOrganization, "company-3"}, {"Group", "group-1"}, {labelOrganization, "news-3"}, {labelPerson, "author-1"}} {
			if i%2 == 0 {
				rules = append(rules, splitIn(name.label, name.key, name.key+"-b", id))
			}
		}
	}
	rules = append(rules, splitIn(labelOrganization, "company-0", "company-1", "1"), splitIn(labelOrganization, "company-1", "company-0", "1"))
	merges := []Merge{mergeOf(labelPerson, "person-2", "person-0"), mergeOf(labelOrganization, "company-3-b", "company-2"), mergeOf(labelPerson, "person-1-b", "person-0"), mergeOf("Group", "group-0", "group-2")}
	load(t, db, results...)
	plain := sameGraph(t, db)
	curate(t, db, rules...)
	apart := sameGraph(t, db)
	merge := func() {
		t.Helper()
		if n, err := db.Merge(t.Context(), merges, someDay); err != nil || n != len(merges) {
			t.Fatalf("Merge = %d, %v, want %d of %v", n, err, len(merges), read(t, db, "MATCH (n:Person|Organization|Group) RETURN n.id ORDER BY n.id", nil))
		}
	}
	merge()
	sound(t, db)
	want := evidenceLess(sameGraph(t, db))
	r := rand.New(rand.NewPCG(0, 7))
	r.Shuffle(len(rules), func(i, j int) { rules[i], rules[j] = rules[j], rules[i] })
	r.Shuffle(len(results), func(i, j int) { results[i], results[j] = results[j], results[i] })
	write(t, db, "MATCH (n) WHERE NOT n:Rule AND NOT n:Resolution DETACH DELETE n")
	load(t, db, results[:4]...)
	load(t, db, results[4:]...)
	if got := evidenceLess(sameGraph(t, db)); got != want {
		t.Fatalf("rules first, another graph:\n%s", diff(got, want))
	}
	for _, x := range results[:3] {
		load(t, db, other2(x))
		load(t, db, x)
	}
	half := rules[:len(rules)/2]
	curate(t, db, half...)
	curate(t, db, rules...)
	if got := evidenceLess(sameGraph(t, db)); got != want {
		t.Fatalf("half of the rules taken back and given again, another graph:\n%s", diff(got, want))
	}
	sound(t, db)
	for _, m := range slices.Backward(merges) {
		if done, err := db.Split(t.Context(), m.Label, m.From); err != nil || !done {
			t.Fatalf("Split(%s) = %v, %v", m.From, done, err)
		}
	}
	if got := sameGraph(t, db); got != apart {
		t.Errorf("merging and undoing left a trace:\n%s", diff(got, apart))
	}
	curate(t, db)
	if got, want := withoutRules(sameGraph(t, db)), withoutRules(plain); got != want {
		t.Errorf("the rules left a trace:\n%s", diff(got, want))
	}
}

// Records bring the rules, before and after the articles, and so does a dump.
func TestSplitRecords(t *testing.T) {
	db, _ := open(t)
	load(t, db, smith("a", 0, "Acme"), smith("b", 10, "Bolt"))
	curate(t, db, splitIn(labelPerson, "john-smith", "john-smith-2", "b"))
	want, lines := digestOf(t, db), records(t, db, Selection{})
	for range 2 {
		empty(t, db)
		restore(t, db, lines)
		if got := digestOf(t, db); got != want {
			t.Errorf("records make another graph:\n%s", smiths(t, db))
		}
		slices.Reverse(lines)
	}
	if s := curate(t, db, splitIn(labelPerson, "john-smith", "john-smith-2", "b")); s.Applied+s.Withdrawn > 0 {
		t.Errorf("Curate after that = %+v, want nothing done", s)
	}
	if _, err := ParseRecord([]byte(`{"record":1,"kept":{"id":"Rule:x","properties":{"action":"split","of":"Person:a","to":"Person:b","article":"https://x.example/1"}}}`)); err == nil {
		t.Error("a rule under another key was read")
	}
}

// Either of two who were parted can be forgotten without the other, and stays
// forgotten when the rule is taken back.
func TestSplitForget(t *testing.T) {
	db, _ := open(t)
	a, b := smith("a", 0, "Acme"), smith("b", 10, "Bolt")
	rule := splitIn(labelPerson, "john-smith", "john-smith-2", "b")
	first, second := "john-smith John Smith [Smith] 40 [acme] [a] [a] 1 1", "john-smith-2 John Smith [Smith] 40 [bolt] [b] [b] 1 1"
	for _, test := range []struct{ forget, left, after string }{{"john-smith", second, ""}, {"john-smith-2", first, first}} {
		empty(t, db)
		load(t, db, a, b)
		curate(t, db, rule)
		if done, err := db.Forget(t.Context(), test.forget, someDay); err != nil || !done {
			t.Fatalf("Forget(%s) = %v, %v", test.forget, done, err)
		}
		load(t, db, shorter(a), shorter(b))
		load(t, db, a, b)
		if got := smiths(t, db); got != test.left {
			t.Errorf("%s forgotten: %s\nwant %s", test.forget, got, test.left)
		}
		if rows := read(t, db, "MATCH (a)-[r:REPORTS]->() WHERE 'with Person:john-smith' IN r.traits RETURN a.sourceId", nil); len(rows) != 1 || strings.Contains(test.left, "["+fmt.Sprint(rows[0][0])+"]") == false {
			t.Errorf("%s forgotten: articles known by the name: %v", test.forget, rows)
		}
		curate(t, db)
		load(t, db, shorter(b))
		load(t, db, b)
		if got := smiths(t, db); got != test.after {
			t.Errorf("%s forgotten and the rule taken back: %q\nwant %q", test.forget, got, test.after)
		}
		sound(t, db)
	}
}

// An organisation that was parted from one of its name has breaches of its own.
func TestSplitBreaches(t *testing.T) {
	db, _ := open(t)
	a, b, c := brief("a", 20, extract.Period{}), brief("b", 22, extract.Period{}), brief("c", 24, extract.Period{})
	load(t, db, a, b, c)
	together := func() string {
		rows := read(t, db, "MATCH (b:Breach)<-[:REPORTS]-(a) WITH b, a ORDER BY a.url WITH b, collect(a.sourceId) AS ids MATCH (b)<-[s:SUFFERED]-(o) RETURN b.victim, o.id, s.claims, ids ORDER BY ids[0]", nil)
		return fmt.Sprint(rows)
	}
	one := "[[acme acme 3 [a b c]]]"
	if got := together(); got != one {
		t.Fatalf("before: %s, want %s", got, one)
	}
	curate(t, db, splitIn(labelOrganization, "acme", "acme-of-texas", "b"), splitIn(labelOrganization, "acme", "acme-of-texas", "c"))
	two := "[[acme acme 1 [a]] [acme-of-texas acme-of-texas 2 [b c]]]"
	if got := together(); got != two {
		t.Errorf("parted: %s, want %s", got, two)
	}
	write(t, db, "MATCH (n) WHERE NOT n:Rule DETACH DELETE n")
	for _, r := range []extract.Result{c, a, b} {
		load(t, db, r)
	}
	if got := together(); got != two {
		t.Errorf("the rule first: %s, want %s", got, two)
	}
	curate(t, db)
	if got := together(); got != one {
		t.Errorf("the rule taken back: %s, want %s", got, one)
	}
}

// A rule given while its article is loaded for the first time holds for it.
func TestSplitWhileLoading(t *testing.T) {
	db, _ := open(t)
	doc, err := newDocument(smith("b", 10, "Bolt"))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	s := db.session(t.Context(), neo4j.AccessModeWrite)
	defer s.Close(t.Context())
	_, err = s.ExecuteWrite(t.Context(), func(tx neo4j.ManagedTransaction) (any, error) {
		if err := newBatch(tx, []*document{doc}).run(t.Context()); err != nil {
			return nil, err
		}
		go func() {
			_, err := db.Curate(context.WithoutCancel(t.Context()), []Rule{splitIn(labelPerson, "john-smith", "john-smith-2", "b")}, someDay)
			done <- err
		}()
		return nil, blocked(t, db, done)
	})
	if err := errors.Join(err, <-done); err != nil {
		t.Fatal(err)
	}
	if got, want := smiths(t, db), "john-smith-2 John Smith [Smith] 40 [bolt] [b] [b] 1 1"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if rows := read(t, db, "MATCH (a:Article) RETURN a.url", nil); len(rows) != 1 {
		t.Errorf("articles: %v, want one", rows)
	}
}

func TestMeaning(t *testing.T) {
	acme, delta := ref{labelOrganization, "acme"}, ref{labelProduct, "delta"}
	kept := map[string]keptRule{}
	for i, r := range []Rule{
		{Action: SplitEntities, Of: acme.String(), To: "Organization:bell", In: "u"}, {Action: SplitEntities, Of: delta.String(), To: "Product:delta-2", In: "u"},
		{Action: SplitEntities, Of: "Person:x", To: "Person:y", In: "u"}, {Action: SplitEntities, Of: "Person:p", To: "Person:q"},
	} {
		kept[fmt.Sprint(i)] = keptRule{Rule: r}
	}
	c := correctionsOf(kept)
	in := report{article: "u", victim: "acme", traits: traits{
		subjects: []subject{{id: "acme", points: 30, names: []string{"ac"}}, {id: "other", points: 20}}, mentioned: []subject{{id: "delta", points: 7}},
		with: []string{"Group:x", "Person:p", "Person:x"}, blocks: []string{"acme", "other"},
	}}
	was := fmt.Sprintf("%+v", in)
	for _, test := range []struct{ article, want string }{
		{"u", "bell about 30 bell ac;about 20 other;names 7 delta-2;with Group:x;with Person:p;with Person:y;block acme;block bell;block other"},
		{"v", "acme about 30 acme ac;about 20 other;names 7 delta;with Group:x;with Person:p;with Person:x;block acme;block other"},
	} {
		in.article = test.article
		r := c.meaning(in)
		if got := r.victim + " " + strings.Join(r.traits.list(), ";"); got != test.want {
			t.Errorf("in %s: %s\nwant %s", test.article, got, test.want)
		}
		if test.article == "u" {
			if got := slices.Sorted(maps.Keys(r.traits.printed)); fmt.Sprint(got) != "[names delta with Person:x]" {
				t.Errorf("printed: %v", got)
			}
			if s, o := r.traits.subjects[0], (subject{id: "bell-corp", names: []string{"acme"}}); s.likeness(o) != 0 || o.likeness(s) != 0 {
				t.Error("what was parted from acme is like what is called acme")
			}
		}
	}
	in.article = "u"
	if got := fmt.Sprintf("%+v", in); got != was {
		t.Errorf("the report itself was changed to %s", got)
	}
	if got := c.blocksOf("bell"); fmt.Sprint(got) != "[acme]" {
		t.Errorf("blocksOf(bell) = %v", got)
	}
}

package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// all is the corpus in the order of its names.
func all(t testing.TB) []extract.Result {
	t.Helper()
	c := corpus(t)
	var out []extract.Result
	for _, name := range slices.Sorted(maps.Keys(c)) {
		out = append(out, c[name])
	}
	return out
}

func TestLoadTwice(t *testing.T) {
	db, _ := open(t)
	results := all(t)
	first := load(t, db, results...)
	if first.New != len(results) || first.Changed+first.Unchanged != 0 || first.Claims[extract.Suffered] == 0 || first.Entities[extract.Company] == 0 {
		t.Errorf("first load: %+v, want %d new articles and what they hold", first, len(results))
	}
	want := dump(t, db)
	second := load(t, db, results...)
	if second.New+second.Changed != 0 || second.Unchanged != len(results) {
		t.Errorf("second load: %+v, want %d unchanged articles", second, len(results))
	}
	if got := dump(t, db); got != want {
		t.Errorf("the second load changed the graph:\n%s", diff(got, want))
	}
}

// The same articles give the same graph in any order and any batches.
func TestLoadOrder(t *testing.T) {
	db, _ := open(t)
	for name, results := range map[string][]extract.Result{"corpus": all(t), "made up": articles(1, 14, 2, 3)} {
		empty(t, db)
		load(t, db, results...)
		want := sameGraph(t, db)
		for seed := range uint64(4) {
			r := rand.New(rand.NewPCG(seed, 0))
			r.Shuffle(len(results), func(i, j int) { results[i], results[j] = results[j], results[i] })
			empty(t, db)
			for rest := results; len(rest) > 0; {
				n := 1 + r.IntN(len(rest))
				load(t, db, rest[:n]...)
				rest = rest[n:]
			}
			if got := sameGraph(t, db); got != want {
				t.Errorf("%s, seed %d: another order, another graph:\n%s", name, seed, diff(got, want))
			}
		}
	}
}

// Whatever is changed in whatever order, the graph is the one that the last
// versions alone give: nothing of former versions is left.
func TestLoadChanged(t *testing.T) {
	db, _ := open(t)
	for seed := range uint64(5) {
		r := rand.New(rand.NewPCG(seed, 1))
		empty(t, db)
		results := append(all(t), articles(seed, 8, 2, 3)...)
		load(t, db, results...)
		for round := range uint64(3) {
			for range 3 {
				i := r.IntN(len(results))
				results[i] = other(r, round, results[i])
				load(t, db, results[i])
			}
			again := r.Perm(len(results))[:4]
			load(t, db, results[again[0]], results[again[1]], results[again[2]], results[again[3]])
		}
		got := sameGraph(t, db)
		empty(t, db)
		load(t, db, results...)
		if want := sameGraph(t, db); got != want {
			t.Fatalf("seed %d: a changed article left or lost something:\n%s", seed, diff(got, want))
		}
	}
}

// other is another version of the same article.
func other(r *rand.Rand, round uint64, in extract.Result) extract.Result {
	n, err := strconv.Atoi(in.Article.ID)
	if err != nil {
		return shortened(r, in)
	}
	w := writer{Rand: rand.New(rand.NewPCG(round, r.Uint64())), companies: 2, people: 3}
	return w.article(n)
}

// shortened is in with a part of what was extracted left out, and of claims
// those that need it.
func shortened(r *rand.Rand, in extract.Result) extract.Result {
	out := in
	out.Entities, out.Figures, out.Breaches = some(r, in.Entities), some(r, in.Figures), some(r, in.Breaches)
	gone := map[string]bool{}
	for _, e := range in.Entities {
		gone[e.ID] = !slices.ContainsFunc(out.Entities, func(x extract.Entity) bool { return x.ID == e.ID })
	}
	for _, f := range in.Figures {
		gone[f.ID] = !slices.ContainsFunc(out.Figures, func(x extract.Figure) bool { return x.ID == f.ID })
	}
	for _, b := range in.Breaches {
		gone[b.ID] = !slices.ContainsFunc(out.Breaches, func(x extract.Breach) bool { return x.ID == b.ID })
	}
	out.Claims = slices.DeleteFunc(some(r, in.Claims), func(c extract.Claim) bool { return gone[c.Subject] || gone[c.Object] })
	if r.IntN(3) == 0 {
		out.Article.Tags, out.Article.Links, out.Article.Authors = nil, nil, nil
	}
	return out
}

// some leaves out about one in four.
func some[T any](r *rand.Rand, in []T) []T {
	var out []T
	for _, x := range in {
		if r.IntN(4) > 0 {
			out = append(out, x)
		}
	}
	return out
}

// brief makes a short article on a breach of Acme, published so many days after
// New Year 2021.
func brief(id string, days int, occurred extract.Period) extract.Result {
	const text = "Acme lost passwords."
	whole := extract.Span{End: len(text)}
	r := extract.Result{
		Article:  ingest.Article{ID: id, URL: "https://news.example/" + id, Text: text, Published: on("2021-01-01").AddDate(0, 0, days)},
		Entities: []extract.Entity{{ID: "e1", Kind: extract.Company, Name: "Acme", Mentions: []extract.Mention{{Span: extract.Span{End: 4}, Kind: extract.Name}}}},
		Breaches: []extract.Breach{{ID: "b1", Victims: []string{"e1"}, Primary: true, Occurred: occurred}},
	}
	for _, c := range []extract.Claim{{Type: extract.Suffered, Subject: "e1", Object: "b1"}, {Type: extract.Exposed, Subject: "b1", Object: "password"}} {
		c.Status, c.Evidence = extract.Confirmed, whole
		r.Claims = append(r.Claims, c)
	}
	return r
}

// Articles go over to another breach, with what they claim, where others make
// it plain that they belong there; ids stay with the larger part and are kept.
func TestLoadMoves(t *testing.T) {
	db, _ := open(t)
	never, january := extract.Period{}, extract.Period{Start: on("2021-01-01"), End: on("2021-01-10")}
	for _, step := range []struct {
		name string
		load []extract.Result
		want string
	}{
		{"weeks apart", []extract.Result{brief("a", 20, never), brief("b", 70, never)}, "acme-2021-01: a b, 2 claims, formerly []"},
		{"an earlier one parts them", []extract.Result{brief("c", 0, never), brief("d", 75, never)},
			"acme-2021-01: a c, 2 claims, formerly []; acme-2021-03: b d, 2 claims, formerly []"},
		{"a correction brings one back", []extract.Result{brief("a", 20, january), brief("b", 70, january)},
			"acme-2021-01: a b c, 3 claims, formerly []; acme-2021-03: d, 1 claims, formerly []"},
		{"and another one", []extract.Result{brief("d", 75, january)}, "acme-2021-01: a b c d, 4 claims, formerly [acme-2021-03]"},
		{"the id is not given again", []extract.Result{brief("e", 85, never)},
			"acme-2021-01: a b c d, 4 claims, formerly [acme-2021-03]; acme-2021-03-2: e, 1 claims, formerly []"},
	} {
		load(t, db, step.load...)
		var got []string
		for _, row := range read(t, db, `MATCH (:Company {id: 'acme'})-[s:SUFFERED]->(b:Breach)-[x:EXPOSED]->(:DataType {name: 'password'}), (b)<-[:REPORTS]-(a)
WITH s, b, x, a ORDER BY a.url
WITH s, b, x, collect(a.sourceId) AS articles ORDER BY b.id
WHERE s.claims = x.claims AND b.articles = size(articles) AND COUNT { (b)<-[:SUBJECT|OBJECT]-() } = 2 * s.claims
RETURN b.id, articles, s.claims, coalesce(b.formerIds, [])`, nil) {
			got = append(got, fmt.Sprintf("%s: %s, %d claims, formerly %v", row[0], strings.Trim(fmt.Sprint(row[1]), "[]"), row[2], row[3]))
		}
		if got := strings.Join(got, "; "); got != step.want {
			t.Fatalf("%s: %s\nwant %s", step.name, got, step.want)
		}
	}
}

// Loads at the same time wait for each other and lose nothing.
func TestLoadParallel(t *testing.T) {
	db, _ := open(t)
	results := append([]extract.Result{brief("a", 1, extract.Period{}), brief("b", 2, extract.Period{}), brief("c", 3, extract.Period{})}, articles(3, 6, 1, 1)...)
	// One for Acme, then one for ACME, which of equals is the first, then Acme
	// again: who does not wait for the second takes the third for no news.
	results[1].Entities[0].Name = "ACME"
	load(t, db, results...)
	want := sameGraph(t, db)
	empty(t, db)
	load(t, db, results[0])
	second, err := newDocument(results[1])
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	s := db.session(t.Context(), neo4j.AccessModeWrite)
	defer s.Close(t.Context())
	_, err = s.ExecuteWrite(t.Context(), func(tx neo4j.ManagedTransaction) (any, error) {
		if err := newBatch(tx, []*document{second}).run(t.Context()); err != nil {
			return nil, err
		}
		go func() {
			_, err := db.Load(t.Context(), slices.Values(results[2:]))
			done <- err
		}()
		return nil, blocked(t, db, done)
	})
	if err := errors.Join(err, <-done); err != nil {
		t.Fatal(err)
	}
	if got := sameGraph(t, db); got != want {
		t.Errorf("two loads at once made another graph:\n%s", diff(got, want))
	}
}

// blocked waits until a transaction waits for a lock, or, which should not be,
// the load that sends to done has not had to.
func blocked(t *testing.T, db *DB, done chan error) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if rows := read(t, db, "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN status", nil); len(rows) > 0 {
			return nil
		}
		select {
		case err := <-done:
			done <- err
			return err
		case <-tick.C:
		}
	}
}

// Every fact can be traced to a sentence of an article, and every claim backs
// a fact.
func TestProvenance(t *testing.T) {
	db, _ := open(t)
	load(t, db, append(all(t), articles(5, 20, 3, 3)...)...)
	facts := 0
	for _, e := range Edges() {
		if e.Predicate == "" {
			continue
		}
		for _, row := range read(t, db, `MATCH (s)-[f:`+e.Type+`]->(o)
OPTIONAL MATCH (s)<-[:SUBJECT]-(c:Claim {type: $type})-[:OBJECT]->(o), (c)-[:STATED_IN]->(:Article)
WHERE (c.status = 'denied') = f.denied AND c.text <> ''
WITH f, count(c) AS claims RETURN f.claims, claims, f.denied = (f.status = 'denied')`, map[string]any{"type": e.Type}) {
			facts++
			if row[0] != row[1] || row[1] == int64(0) || row[2] != true {
				t.Errorf("%s that says it has %v claims has %v; denied fits status: %v", e.Type, row[0], row[1], row[2])
			}
		}
	}
	if facts < 100 {
		t.Errorf("only %d facts to trace", facts)
	}
	if rows := read(t, db, "MATCH (c:Claim) WHERE COUNT { (c)-[:SUBJECT]->() } <> 1 OR COUNT { (c)-[:OBJECT]->() } <> 1 OR COUNT { (c)-[:STATED_IN]->() } <> 1 RETURN c.fact", nil); len(rows) > 0 {
		t.Errorf("claims without exactly one subject, object and article: %v", rows)
	}
}

func TestTMobile(t *testing.T) {
	db, _ := open(t)
	load(t, db, corpus(t)["t-mobile-2021-08"])
	for _, test := range []struct {
		name, cypher string
		want         []any
	}{
		{"Binns attacked, as he claims himself", "MATCH (:Person {id: 'john-binns'})-[f:ATTACKED]->(:Breach {id: 't-mobile-2021-08'}) RETURN f.status, f.denied, f.claims, f.role",
			[]any{"claimed", false, int64(2), "took credit"}},
		{"100 million claimed by Binns", "MATCH (:Breach)-[:HAS_FIGURE {status: 'claimed'}]->(f:Figure {value: 1e8})-[:SAID_BY]->(p) RETURN p.name, f.approx",
			[]any{"John Binns", true}},
		{"7.8 million confirmed by T-Mobile", "MATCH (:Breach)-[:HAS_FIGURE {status: 'confirmed'}]->(f:Figure {value: 7.8e6})-[:SAID_BY]->(c:Company) RETURN c.id, f.unit, f.of",
			[]any{"t-mobile", "people", []any{"date_of_birth", "device_id", "drivers_license", "name", "phone_number", "ssn"}}},
		{"Mandiant and KPMG hired", "MATCH (:Company {id: 't-mobile'})-[h:HIRED]->(f:Firm) WITH f ORDER BY f.id RETURN collect(f.name), count(*)",
			[]any{[]any{"KPMG", "Mandiant"}, int64(2)}},
		{"financial data denied, never affirmed", "MATCH (:Breach)-[f:EXPOSED]->(:DataType {name: 'financial'}) RETURN collect(f.status), collect(f.denied)",
			[]any{[]any{"denied"}, []any{true}}},
		{"Metro belongs to T-Mobile", "MATCH (c)-[:SUBSIDIARY_OF]->(:Company {id: 't-mobile'}) RETURN c.id, c.name", []any{"metro-by-t-mobile", "Metro by T-Mobile"}},
		{"two years of protection by McAfee", "MATCH (:Company {id: 't-mobile'})-[o:OFFERED]->(:Remedy {name: 'identity_protection'}) RETURN o.provider, o.duration", []any{"mcafee", "two years"}},
		{"the article", "MATCH (o:Outlet)<-[:PUBLISHED_BY]-(a:Article)-[:WRITTEN_BY]->(p:Person) RETURN a.url, o.name, p.name, a.published",
			[]any{"https://zdnet.com/article/t-mobile-ceo-apologizes-for-massive-hack-announces-cybersecurity-deal-with-mandiant", "ZDNet", "Jonathan Greig", "2021-08-27T17:11:00Z"}},
		{"a sentence", "MATCH (c:Claim {type: 'SUBSIDIARY_OF'}) RETURN c.text, c.end - c.start", []any{"people with Metro by T-Mobile accounts", int64(38)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := read(t, db, test.cypher, nil); len(got) != 1 || !reflect.DeepEqual(got[0], test.want) {
				t.Errorf("%s\n= %v, want %v", test.cypher, got, test.want)
			}
		})
	}
}

// An article that cannot be loaded is named, and the others are loaded.
func TestLoadRefused(t *testing.T) {
	db, _ := open(t)
	good := corpus(t)
	span, long, blank := good["plain"], good["calder-2023-06-21"], good["harrowgate-2023-03-14"]
	span.Article.ID, span.Figures = "bad-span", []extract.Figure{{ID: "f1", Span: extract.Span{Start: 1, End: 1e6}}}
	long.Article.ID, long.Article.URL = "long-url", "https://a.example/"+strings.Repeat("x", maxURL)
	blank.Article.ID, blank.Article.URL = "no-url", "mailto:someone"
	s, err := db.Load(t.Context(), slices.Values([]extract.Result{span, good["plain"], long, blank, good["t-mobile-2021-08"]}))
	if err != nil || s.New != 2 || len(s.Refused) != 3 {
		t.Fatalf("load: %+v, %v, want 2 new and 3 refused", s, err)
	}
	for i, want := range []string{
		"load article bad-span: figure f1: span 1-1000000 lies outside the text",
		"load article long-url: URL of 4018 bytes is longer than 4000",
		"load article no-url: canonical URL of",
	} {
		if got := s.Refused[i].Error(); !strings.HasPrefix(got, want) {
			t.Errorf("refused[%d] = %s, want %s…", i, got, want)
		}
	}
}

// What is unusable in an article is counted and left out.
func TestLoadHostile(t *testing.T) {
	db, _ := open(t)
	text := strings.Repeat("x\xff\x00é ", 5000)
	whole := extract.Span{End: len(text)}
	name := strings.Repeat("Łong Näme ", 5000)
	r := extract.Result{Article: ingest.Article{ID: "h", Text: text, Title: text, Authors: []string{name, "…"}, Tags: []string{name, ""},
		Publication: ingest.Publication{Domain: name}}}
	for i, k := range append(extract.Kinds(), "nonsense") {
		r.Entities = append(r.Entities, extract.Entity{ID: fmt.Sprint("e", i), Kind: k, Name: name, Aliases: []string{name + "2"},
			Attributes: map[string]string{"age": "old", "sector": name}, Mentions: []extract.Mention{{Span: whole}}})
	}
	r.Entities = append(r.Entities, extract.Entity{ID: "n", Kind: extract.Company, Name: "???"})
	r.Breaches = []extract.Breach{{ID: "b1", Victims: []string{"e0", "nobody"}}, {ID: "b1"}, {ID: "b2", Victims: []string{"e5", "n"}}}
	claim := func(p extract.Predicate, subject, object string, s extract.Status) {
		r.Claims = append(r.Claims, extract.Claim{Type: p, Subject: subject, Object: object, Status: s, Evidence: whole, Confidence: 7, Attributes: map[string]string{"title": name}})
	}
	claim(extract.Suffered, "e0", "b1", extract.Confirmed)
	claim(extract.Suffered, "e0", "b1", extract.Confirmed) // again
	claim(extract.WorksFor, "e5", "e0", extract.Reported)
	claim(extract.Suffered, "e5", "b1", extract.Confirmed)     // a person cannot
	claim(extract.Suffered, "nobody", "b1", extract.Confirmed) // unknown
	claim(extract.Exposed, "b1", "no_such_data", extract.Confirmed)
	claim(extract.Sued, "e0", "e1", extract.Confirmed) // the same organisation
	claim("RULES", "e0", "b1", extract.Confirmed)
	claim(extract.Suffered, "e0", "b1", "rumoured")
	s, err := db.Load(t.Context(), slices.Values([]extract.Result{r}))
	want := map[string]int{
		"entity without a name or of an unknown type":                   2,
		"breach of the same number as another":                          1,
		"claim whose subject or object is unknown or of the wrong kind": 3,
		"claim of which subject and object are the same":                1,
		"claim of an unknown type or status":                            2,
	}
	if err != nil || s.New != 1 || len(s.Refused) > 0 || !maps.Equal(s.Dropped, want) {
		t.Fatalf("load: %+v, %v\nwant 1 new, dropped %v", s, err, want)
	}
	if s := dump(t, db); len(s) > 300_000 {
		t.Errorf("the graph of one hostile article holds %d bytes", len(s))
	}
}

// A batch that the server cannot take at once is halved down to the article at
// fault, which is refused alone.
func TestWriteParts(t *testing.T) {
	var docs []*document
	for i := range 10 {
		docs = append(docs, &document{self: ref{labelArticle, strconv.Itoa(i)}, source: strconv.Itoa(i)})
	}
	writes := 0
	l := newLoader(func(_ context.Context, docs []*document) (map[string]status, error) {
		writes++
		if len(docs) > 4 || slices.ContainsFunc(docs, func(d *document) bool { return d.source == "7" }) {
			return nil, &sizeError{"too large"}
		}
		done := map[string]status{}
		for _, d := range docs {
			done[d.self.key] = newArticle
		}
		return done, nil
	})
	l.docs = docs
	if err := cmp.Or(l.flush(t.Context()), l.wait()); err != nil {
		t.Fatal(err)
	}
	if l.summary.New != 9 || len(l.summary.Refused) != 1 || l.summary.Refused[0].Article != "7" || writes > 12 {
		t.Errorf("%d writes, summary %+v, want 9 new and article 7 refused", writes, l.summary)
	}
}

// A batch that the server has no time for is written in parts.
func TestWritePartsInTime(t *testing.T) {
	var docs []*document
	for i := range 10 {
		docs = append(docs, &document{self: ref{labelArticle, strconv.Itoa(i)}})
	}
	written := 0
	l := newLoader(func(_ context.Context, docs []*document) (map[string]status, error) {
		if len(docs) > 4 {
			return nil, ErrTimeout
		}
		written += len(docs)
		return map[string]status{}, nil
	})
	l.docs = docs
	if err := cmp.Or(l.flush(t.Context()), l.wait()); err != nil || len(l.summary.Refused) > 0 || written != 10 {
		t.Errorf("%d written, %v, refused %v, want all written", written, err, l.summary.Refused)
	}
	l = newLoader(func(context.Context, []*document) (map[string]status, error) { return nil, ErrTimeout })
	l.docs = docs
	if err := cmp.Or(l.flush(t.Context()), l.wait()); !errors.Is(err, ErrTimeout) {
		t.Errorf("error %v, want ErrTimeout where a single article takes too long", err)
	}
}

package graph

import (
	"fmt"
	"slices"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// fetched is an article without anything extracted from it.
func fetched(url, text, copyOf, capture string) extract.Result {
	return extract.Result{Article: ingest.Article{ID: url, URL: url, Title: "T", Text: text, DuplicateOf: copyOf, Capture: capture}}
}

// A copy leads to its original, whichever of them is loaded first.
func TestLoadCopies(t *testing.T) {
	db, _ := open(t)
	original := fetched("https://news.example/a", "One story.", "", "")
	copied := fetched("https://other.example/a", "One story.", "https://www.news.example/a/?utm_source=x", "")
	for name, results := range map[string][]extract.Result{"original first": {original, copied}, "copy first": {copied, original}} {
		t.Run(name, func(t *testing.T) {
			empty(t, db)
			for _, r := range results {
				load(t, db, r)
			}
			got := column(t, db, "MATCH (a:Article)-[:DUPLICATE_OF]->(b:Article) RETURN a.url + ' ' + b.url AS s")
			if want := []string{"https://other.example/a https://news.example/a"}; !slices.Equal(got, want) {
				t.Errorf("copies are %v, want %v", got, want)
			}
		})
	}
	copied.Article.DuplicateOf = ""
	if s := load(t, db, copied); s.Changed != 1 {
		t.Errorf("an article that is no copy any more: %+v", s)
	}
	if got := column(t, db, "MATCH (a:Article)-[:DUPLICATE_OF]->(b:Article) RETURN a.url AS s"); len(got) != 0 {
		t.Errorf("%v is still a copy", got)
	}
}

// What an article said before is known by where the archive has it, also when
// all that is there is loaded again, at once or one by one.
func TestLoadRevisions(t *testing.T) {
	db, _ := open(t)
	var results []extract.Result
	for i, text := range []string{"Some 5 were hit.", "Some 6 were hit.", "Some 6 were hit.", "Some 7 were hit."} {
		results = append(results, fetched("https://news.example/a", text, "", fmt.Sprintf("warc://a.warc.gz/%d", i)))
	}
	check := func(when string) {
		t.Helper()
		got := column(t, db, "MATCH (a:Article) UNWIND a.formerCaptures + ['now'] + [a.capture] AS s RETURN s")
		want := []string{"warc://a.warc.gz/0", "warc://a.warc.gz/1", "now", "warc://a.warc.gz/3"}
		if !slices.Equal(got, want) {
			t.Errorf("captures %s are %v, want %v", when, got, want)
		}
	}
	for _, r := range results {
		load(t, db, r)
	}
	check("one by one")
	load(t, db, results...)
	check("all again")
	empty(t, db)
	load(t, db, results...)
	check("at once")
}

// column gives the column s of what a query gives.
func column(t *testing.T, db *DB, query string) []string {
	t.Helper()
	s := db.session(t.Context(), neo4j.AccessModeRead)
	defer s.Close(t.Context())
	result, err := s.Run(t.Context(), query, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for result.Next(t.Context()) {
		out = append(out, get[string](result.Record(), "s"))
	}
	if err := result.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

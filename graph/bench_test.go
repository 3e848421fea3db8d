package graph

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/breachgraph/breachgraph/extract"
)

// BenchmarkLoad loads batches of made-up articles into a graph that grows, with
// organisations and people that return as they do in a crawl.
func BenchmarkLoad(b *testing.B) {
	db, _ := open(b)
	w := writer{companies: 3000, people: 5000}
	n := 0
	for b.Loop() {
		batch := make([]extract.Result, maxArticles)
		for i := range batch {
			w.Rand = rand.New(rand.NewPCG(9, uint64(n)))
			batch[i] = w.article(n)
			n++
		}
		if s, err := db.Load(b.Context(), slices.Values(batch)); err != nil || s.New != maxArticles {
			b.Fatalf("load: %+v, %v", s, err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "articles/s")
	rows, err := db.Read(b.Context(), "MATCH (n) RETURN count(n) AS nodes, COUNT { ()-[]->() } AS relationships", nil, Limits{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(rows.Rows[0][0].(int64)), "nodes")
	b.ReportMetric(float64(rows.Rows[0][1].(int64)), "relationships")
}

// BenchmarkLoadAgain loads what is there already.
func BenchmarkLoadAgain(b *testing.B) {
	db, _ := open(b)
	results := articles(9, 1000, 3000, 5000)
	load(b, db, results...)
	for b.Loop() {
		if s := load(b, db, results...); s.Unchanged != len(results) {
			b.Fatalf("load: %+v, want nothing changed", s)
		}
	}
	b.ReportMetric(float64(b.N*len(results))/b.Elapsed().Seconds(), "articles/s")
}

func BenchmarkDocument(b *testing.B) {
	r := corpus(b)["t-mobile-2021-08"]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := newDocument(r); err != nil {
			b.Fatal(err)
		}
	}
}

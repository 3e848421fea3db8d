package synthetic

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/breachgraph/breachgraph/extract"
)

func TestArticles(t *testing.T) {
	const n = 1000
	first, second := slices.Collect(Articles(7, n)), slices.Collect(Articles(7, n))
	if len(first) != n || !reflect.DeepEqual(first, second) {
		t.Fatalf("%d articles, want %d and the same again", len(first), n)
	}
	claims, urls, carriers := 0, map[string]bool{}, 0
	for i, r := range first {
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := extract.Decode(raw); err != nil {
			t.Fatalf("Decode(%s) = %v", raw, err)
		}
		if i > 0 && r.Article.Published.Before(first[i-1].Article.Published) {
			t.Errorf("article %d is older than the one before", i)
		}
		claims += len(r.Claims)
		urls[r.Article.URL] = true
		if slices.ContainsFunc(r.Entities, func(e extract.Entity) bool { return e.Name == company(carrier) }) {
			carriers++
		}
	}
	if len(urls) != n {
		t.Errorf("%d addresses, want %d", len(urls), n)
	}
	if mean := claims / n; mean < 14 || mean > 16 {
		t.Errorf("%d claims an article, want about 15", mean)
	}
	if carriers < n/20 {
		t.Errorf("the carrier is in %d articles, want more than %d", carriers, n/20)
	}
	if other := slices.Collect(Articles(8, n)); reflect.DeepEqual(first, other) {
		t.Error("another seed gives the same articles")
	}
}

func TestWord(t *testing.T) {
	seen := map[string]int{}
	for i := range 64_000 {
		seen[word(i)]++
	}
	if len(seen) < 63_000 {
		t.Errorf("%d words, want nearly 64,000", len(seen))
	}
}

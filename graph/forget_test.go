package graph

import (
	"slices"
	"strings"
	"testing"
)

// What is forgotten is gone as if it had never been there, and does not come
// back.
func TestForgetArticle(t *testing.T) {
	db, _ := open(t)
	results := append(articles(31, 6, 3, 3), all(t)...)
	load(t, db, results[1:]...)
	without := digestOf(t, db)
	load(t, db, results[0])
	if digestOf(t, db) == without {
		t.Fatal("one article more, the same digest")
	}
	if done, err := db.Forget(t.Context(), results[0].Article.URL, someDay); err != nil || !done {
		t.Fatalf("Forget = %v, %v", done, err)
	}
	s, err := db.Load(t.Context(), slices.Values(results))
	if err != nil || len(s.Refused) != 1 || s.Unchanged != len(results)-1 || !strings.Contains(s.Refused[0].Error(), "was forgotten") {
		t.Errorf("load after it was forgotten: %+v, %v", s, err)
	}
	write(t, db, "MATCH (t:Tombstone) DELETE t")
	if got := digestOf(t, db); got != without {
		t.Error("a forgotten article left a trace")
	}
	if found, err := db.Check(t.Context()); err != nil || slices.ContainsFunc(found, func(p Problem) bool { return !p.Tolerant }) {
		t.Errorf("Check = %+v, %v, want a sound graph", found, err)
	}
}

func digestOf(t *testing.T, db *DB) string {
	t.Helper()
	d, err := db.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestForgetPerson(t *testing.T) {
	db, _ := open(t)
	article := corpus(t)["t-mobile-2021-08"]
	load(t, db, article)
	if done, err := db.Forget(t.Context(), "john-binns", someDay); err != nil || !done {
		t.Fatalf("Forget = %v, %v", done, err)
	}
	gone := func() {
		t.Helper()
		if rows := read(t, db, "MATCH (n) WHERE n.id = 'john-binns' OR any(k IN keys(n) WHERE n[k] = 'Person:john-binns') RETURN n", nil); len(rows) > 0 {
			t.Errorf("still there: %v", rows)
		}
		if rows := read(t, db, "MATCH ()-[r:REPORTS]->() WHERE 'with Person:john-binns' IN r.traits RETURN r", nil); len(rows) > 0 {
			t.Errorf("still known by him: %v", rows)
		}
	}
	gone()
	digest := digestOf(t, db)
	changed := article
	changed.Article.Tags = append(slices.Clone(article.Article.Tags), "new")
	load(t, db, changed)
	gone()
	load(t, db, article)
	if digestOf(t, db) != digest {
		t.Error("loading again made another graph")
	}
	if done, err := db.Forget(t.Context(), "john-binns", someDay); err != nil || done {
		t.Errorf("Forget again = %v, %v, want false", done, err)
	}
}

// The digest does not depend on the order of articles.
func TestDigest(t *testing.T) {
	db, _ := open(t)
	results := articles(41, 8, 3, 3)
	load(t, db, results...)
	want := digestOf(t, db)
	empty(t, db)
	slices.Reverse(results)
	for _, r := range results {
		load(t, db, r)
	}
	if got := digestOf(t, db); got != want {
		t.Errorf("digest %s, in another order %s", want, got)
	}
}

package service

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// A request whose worker died is made again only after the pause that its host
// wants.
func TestFetchAgain(t *testing.T) {
	w, sources := newTown(t, 1, 1)
	p := &Pipeline{Asker: crawl.NewAsker(crawl.Options{AllowPrivate: true}, readPage)}
	raw, err := json.Marshal(crawl.Request{URL: sources[0].URL[:len(sources[0].URL)-len("feed")] + "story/0", Pause: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.fetch(ctx, jobs.Job{ID: "x", Again: 1, Data: raw}); !errors.Is(err, context.Canceled) {
		t.Errorf("fetch = %v, want %v", err, context.Canceled)
	}
	if n := w.count(); n > 0 {
		t.Errorf("%d pages were asked for", n)
	}
	if err := p.fetch(t.Context(), jobs.Job{ID: "x", Data: []byte("{")}); err == nil {
		t.Error("what is no request was made")
	}
}

// A job has all of an article, also what the contract's object has no place for.
func TestLoadJob(t *testing.T) {
	a := article(1, "Fenwick Dental hacked")
	a.Capture, a.DuplicateOf, a.Original = "warc://a.warc.gz/12", "https://example.org/2", "https://example.net/"
	a.Fetched, a.Links = time.Unix(1_700_000_000, 0).UTC(), []ingest.Link{{URL: "https://example.org/", Start: 0, End: 7}}
	raw, err := encode(extract.Extract(a, extract.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	r, err := decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Article; got.Capture != a.Capture || got.DuplicateOf != a.DuplicateOf || got.Original != a.Original || !got.Fetched.Equal(a.Fetched) ||
		got.Text != a.Text || len(got.Links) != 1 || got.Title != a.Title {
		t.Errorf("%+v became %+v", a, got)
	}
	if _, err := decode([]byte("[]")); err == nil {
		t.Error("what is no job was read")
	}
}

package crawl

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

// TestRestore has the frontier go missing while the archive stays.
func TestRestore(t *testing.T) {
	a, err := archive.Open(t.TempDir(), archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		url, kind string
		status    int
	}{
		{"https://a.example/feed", "feed", 200},
		{"https://www.a.example/1?utm_source=feed", "article", 200},
		{"https://www.a.example/1", "article", 200},
		{"https://a.example/gone", "article", 404},
		{"https://b.example/", "", 200},
		{"https://b.example/robots.txt", "robots", 200},
	} {
		req, err := http.NewRequest(http.MethodGet, x.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp := &http.Response{StatusCode: x.status, Request: req, Header: http.Header{}}
		if _, err := a.Store(archive.Exchange{Date: noon, Response: resp, Body: []byte(x.url), Source: "a", Kind: x.kind}); err != nil {
			t.Fatal(err)
		}
	}
	f, err := frontier.Open(filepath.Join(t.TempDir(), "frontier.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	due := noon.Add(time.Hour)
	if n, err := Restore(f, a, due); n != 4 || err != nil {
		t.Errorf("Restore = %d, %v, want 4", n, err)
	}
	kinds := map[string]frontier.Kind{"https://a.example/feed": frontier.Feed}
	for it, err := range f.Items() {
		if err != nil {
			t.Fatal(err)
		}
		if !it.Due.Equal(due) || it.Kind != kinds[it.URL] || it.Visited.IsZero() != (it.URL == "https://a.example/gone") {
			t.Errorf("restored %+v", it)
		}
	}
	if n, err := Restore(f, a, due); n != 0 || err != nil {
		t.Errorf("Restore again = %d, %v", n, err)
	}
}

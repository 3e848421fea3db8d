package crawl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/page"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

// replayed gives the articles of archives, and errors, as text.
func replayed(t *testing.T, sources []Source, paths ...string) (articles []string, failures []error) {
	t.Helper()
	r := Replay{Sources: sources, Read: func(ctx context.Context, raw []byte, address string, _ Source) (ingest.Article, error) {
		return page.Read(ctx, raw, address)
	}}
	for a, err := range r.Articles(t.Context(), paths...) {
		if err != nil {
			failures = append(failures, err)
			continue
		}
		articles = append(articles, fmt.Sprintf("%+v", a))
	}
	return articles, failures
}

// TestReplay crawls a site for days, on which articles change, come back, are
// copied and move, and replays what was kept.
func TestReplay(t *testing.T) {
	w := newTown(t, 2)
	day := 0
	w.text("/amp/story", "text/html", story("acme", `<link rel="canonical" href="http://HOST/story">`))
	w.text("/story", "text/html", story("acme", `<link rel="amphtml" href="http://HOST/amp/story">`))
	w.text("/bolt", "text/html; charset=iso-8859-1", strings.ReplaceAll(story("bölt", ""), "ö", "\xf6"))
	w.text("/core", "text/html", story("core", ""))
	w.text("/declared", "text/html", story("dune", `<link rel="canonical" href="https://wire.example/dune">`))
	w.text("/login", "text/html", "<html><title>Log in</title><p>Log in to go on.")
	w.HandleFunc("/short", func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/bolt", http.StatusFound) })
	w.HandleFunc("/changing", func(rw http.ResponseWriter, r *http.Request) {
		text := []string{"first", "second", "second", "first", "first", "third"}[day]
		rw.Header().Set("ETag", `"`+text+`"`)
		if r.Header.Get("If-None-Match") == `"`+text+`"` {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(rw, story(text, ""))
	})
	published := "</link><pubDate>" + w.clock.now().Format(time.RFC1123Z) + "</pubDate>"
	feed := rss("/amp/story", "/story", "/short", "/bolt", "/core", "/declared", "/login", "/changing", "/missing")
	w.text("/a", "text/xml", strings.ReplaceAll(feed, "</link>", published))
	w.text("/b", "text/xml", rss("/core", "/login"))
	folder := t.TempDir()
	sources := []Source{w.feed(0, "/a"), w.feed(1, "/b")}
	sources[0].Outlet = "The Town Crier"
	var crawled []string
	var kept []ingest.Article
	for ; day < 6; day++ { // on which pages are looked at again
		plan := w.plan(folder, sources...)
		plan.Workers = 1 // so that copies are what came second
		events, _ := w.crawl(t, plan)
		for _, e := range events {
			if e.Article != nil {
				crawled = append(crawled, fmt.Sprintf("%+v", *e.Article))
				kept = append(kept, *e.Article)
			}
		}
		w.later([]time.Duration{25, 25, 73, 73, 241, 0}[day] * time.Hour)
	}
	if len(crawled) < 9 {
		t.Errorf("%d articles were crawled", len(crawled))
	}
	got, failures := replayed(t, sources, filepath.Join(folder, "archive"))
	if len(failures) > 0 {
		t.Error(failures)
	}
	checkReread(t, sources, filepath.Join(folder, "archive"), kept)
	for i := range max(len(got), len(crawled)) {
		var a, b string
		if i < len(got) {
			a = got[i]
		}
		if i < len(crawled) {
			b = crawled[i]
		}
		if a != b {
			t.Errorf("article %d:\nreplayed %s\n crawled %s", i, a, b)
		}
	}
}

// checkReread reads single articles of an archive again. Some were seen again, so
// their bodies lie elsewhere.
func checkReread(t *testing.T, sources []Source, folder string, kept []ingest.Article) {
	t.Helper()
	r := Replay{Sources: sources, Read: func(ctx context.Context, raw []byte, address string, _ Source) (ingest.Article, error) {
		return page.Read(ctx, raw, address)
	}}
	whole := 0
	for _, a := range kept {
		got, err := r.Article(t.Context(), folder, a.Capture)
		switch {
		case errors.Is(err, archive.ErrNoOriginal):
			continue
		case err != nil || got.Text != a.Text || got.Capture != a.Capture || got.Publication.Name != a.Publication.Name || !got.Fetched.Equal(a.Fetched):
			t.Errorf("Article(%s) = %+v, %v, want %+v", a.Capture, got, err, a)
		}
		whole++
	}
	if whole < len(kept)/2 {
		t.Errorf("%d of %d articles can be read again", whole, len(kept))
	}
	for _, place := range []string{"", "file:///etc/passwd", "warc://..%2Fx/0", "warc://none.warc.gz/0"} {
		if _, err := r.Article(t.Context(), folder, place); err == nil {
			t.Errorf("Article(%q) gives no error", place)
		}
	}
}

func TestReplayRefuses(t *testing.T) {
	empty, archived := t.TempDir(), keep(t, answer(t, "https://a.example/1", 200, "text/html", reportOn("One")))
	unseen := answer(t, "https://a.example/2", 304, "", "")
	unseen.Kind = "article"
	picture := answer(t, "https://a.example/p", 304, "", "")
	tests := []struct {
		name  string
		paths []string
		want  []string // errors
		n     int      // articles
	}{
		{"no such folder", []string{filepath.Join(empty, "none")}, []string{"no such file"}, 0},
		{"no archive", []string{empty, archived}, []string{empty + ": no WARC file is there"}, 1},
		{"twice", []string{archived, filepath.Dir(archived)}, nil, 1},
		{"no original", []string{keep(t, unseen, picture)}, []string{"https://a.example/2: " + archive.ErrNoOriginal.Error()}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			articles, failures := replayed(t, nil, tt.paths...)
			missing := slices.ContainsFunc(tt.want, func(want string) bool {
				return !slices.ContainsFunc(failures, func(err error) bool { return strings.Contains(err.Error(), want) })
			})
			if missing || len(failures) != len(tt.want) || len(articles) != tt.n {
				t.Errorf("%d articles and %v, want %d and %q", len(articles), errors.Join(failures...), tt.n, tt.want)
			}
		})
	}
}

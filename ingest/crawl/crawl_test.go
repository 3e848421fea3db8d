package crawl

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
	"github.com/breachgraph/breachgraph/ingest/warc"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

func TestCrawlSources(t *testing.T) {
	w := newTown(t, 1)
	w.stories("acme", "bolt", "core")
	w.text("/rss", "text/xml", rss("/acme", "/bolt", "/acme#top"))
	w.text("/atom", "application/atom+xml", `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title>A</title><id>x</id>
<link href="/acme"/><updated>2026-01-01T00:00:00Z</updated></entry></feed>`)
	w.text("/json", "application/feed+json", `{"version":"https://jsonfeed.org/version/1.1","title":"F","items":[{"id":"1","url":"http://HOST/bolt"}]}`)
	w.text("/latin", "text/xml; charset=iso-8859-1", "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>"+rss("/acme")[21:len(rss("/acme"))]+"<!-- \xe9 -->")
	w.text("/cut", "text/xml", strings.TrimSuffix(rss("/acme", "/bolt"), "</item></channel></rss>"))
	w.text("/index.xml", "text/xml", `<sitemapindex><sitemap><loc>http://HOST/part.xml.gz</loc></sitemap><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>`)
	w.text("/news.xml", "text/xml", `<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>http://HOST/bolt</loc>
<news:news><news:publication_date>2026-01-02</news:publication_date><news:title>Bolt</news:title></news:news></url></urlset>`)
	w.HandleFunc("/part.xml.gz", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "application/gzip")
		z := gzip.NewWriter(rw)
		fmt.Fprintf(z, "<urlset><url><loc>http://%s/acme</loc></url></urlset>", r.Host)
		z.Close()
	})
	w.text("/list", "text/html", `<div class="card"><h2><a href="acme">A</a></h2></div><a href="/about">About</a><a class="next" href="/list2">older</a>`)
	w.text("/list2", "text/html", `<base href="/"><div class="card"><h2><a href="bolt">B</a></h2></div><a class="next" href="/list3">older</a>`)
	w.text("/list3", "text/html", `<div class="card"><h2><a href="/core">C</a></h2></div>`)
	w.text("/plain.txt", "text/plain", "http://HOST/acme\n\nhttp://HOST/bolt\n")
	listing := Source{Name: "s", Kind: Listing, Links: ".card h2", Next: "a.next", Depth: 2}
	tests := []struct {
		name, path string
		source     Source
		want       string
	}{
		{"RSS", "/rss", Source{Kind: Feed}, "new /acme, new /bolt"},
		{"RSS under a path", "/rss", Source{Kind: Feed, Under: []string{"/b"}}, "new /bolt"},
		{"Atom", "/atom", Source{Kind: Feed}, "new /acme"},
		{"JSON Feed", "/json", Source{Kind: Feed}, "new /bolt"},
		{"another character set", "/latin", Source{Kind: Feed}, "new /acme"},
		{"cut short", "/cut", Source{Kind: Feed}, "new /acme"},
		{"index of sitemaps", "/index.xml", Source{Kind: Sitemap}, "new /acme, new /bolt"},
		{"sitemap as text", "/plain.txt", Source{Kind: Sitemap}, "new /acme, new /bolt"},
		{"listing", "/list", listing, "new /acme, new /bolt"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.source.Name, tt.source.URL = "s", w.url(0, tt.path)
			_, got := w.crawl(t, w.plan(t.TempDir(), tt.source))
			want(t, tt.path, got, tt.want)
		})
	}
}

func TestCrawlAddresses(t *testing.T) {
	w := newTown(t, 2)
	w.stories("acme", "bolt")
	folder := t.TempDir()
	file := filepath.Join(folder, "urls.txt")
	if err := os.WriteFile(file, []byte(w.url(0, "/acme")+"\n"+w.url(1, "/bolt")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, got := w.crawl(t, w.plan(folder, Source{Name: "s", Kind: URLs, File: file}))
	want(t, "events", got, "new /acme, new /bolt")
}

// Of pages that are there under several addresses, or on several sites, one is
// loaded.
func TestCrawlCopies(t *testing.T) {
	w := newTown(t, 2)
	w.text("/amp/story", "text/html", story("acme", `<link rel="canonical" href="http://HOST/story">`))
	w.text("/story", "text/html", story("acme", `<link rel="amphtml" href="http://HOST/amp/story">`))
	w.text("/go", "text/html", story("bolt", `<link rel="canonical" href="http://HOST/bolt-hacked">`))
	w.text("/bolt-hacked", "text/html", story("bolt", ""))
	w.text("/copied", "text/html", story("core", ""))
	w.text("/declared", "text/html", story("dune", `<link rel="canonical" href="https://wire.example/dune">`))
	w.HandleFunc("/short", func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, "/bolt-hacked?utm_source=x", http.StatusFound)
	})
	w.text("/a", "text/xml", rss("/amp/story", "/story", "/short", "/bolt-hacked", "/go", "/copied", "/declared"))
	w.text("/b", "text/xml", rss("/copied"))
	folder := t.TempDir()
	events, got := w.crawl(t, w.plan(folder, w.feed(0, "/a")))
	want(t, "first site", got, "duplicate /declared, duplicate /go, new /amp/story, new /copied, new /short")
	for _, e := range events {
		if strings.HasSuffix(e.URL, "/declared") && (e.Article == nil || e.Article.DuplicateOf != "https://wire.example/dune") {
			t.Errorf("declared copy: %+v", e)
		}
		if strings.HasSuffix(e.URL, "/short") && e.Article.URL != w.url(0, "/bolt-hacked?utm_source=x") {
			t.Errorf("article behind a short link has the address %s", e.Article.URL)
		}
	}
	events, got = w.crawl(t, w.plan(folder, w.feed(1, "/b")))
	want(t, "second site", got, "duplicate /copied")
	for _, e := range events {
		if e.Outcome == Duplicate && e.Article.DuplicateOf != "https://"+w.hosts[0]+"/copied" {
			t.Errorf("copy: %+v", e)
		}
	}
}

func TestCrawlAgain(t *testing.T) {
	w := newTown(t, 1)
	text, status := "acme", http.StatusOK
	w.HandleFunc("/story", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("ETag", `"`+text+`"`)
		switch {
		case status != http.StatusOK:
			rw.WriteHeader(status)
		case r.Header.Get("If-None-Match") == `"`+text+`"`:
			rw.WriteHeader(http.StatusNotModified)
		default:
			io.WriteString(rw, story(text, `<meta property="article:published_time" content="`+w.clock.now().Format(time.RFC3339)+`">`))
		}
	})
	w.HandleFunc("/feed", func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-Modified-Since") != "" {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		rw.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		item := strings.ReplaceAll(rss("/story"), "</link>", "</link><pubDate>"+w.clock.now().Format(time.RFC1123Z)+"</pubDate>")
		io.WriteString(rw, strings.ReplaceAll(item, "HOST", r.Host))
	})
	plan := w.plan(t.TempDir(), w.feed(0, "/feed"))
	for _, step := range []struct {
		name        string
		after       time.Duration
		text        string
		status      int
		want, asked string
	}{
		{"first", 0, "acme", 200, "new /story", "/feed /story"},
		{"at once", 0, "acme", 200, "", ""},
		{"next hour", time.Hour, "acme", 200, "unchanged /feed", "/feed"},
		{"next day", 24 * time.Hour, "acme", 200, "unchanged /feed, unchanged /story", "/feed /story"},
		{"corrected", 25 * time.Hour, "acme and bolt", 200, "changed /story, unchanged /feed", "/feed /story"},
		{"other page, same text", 0, "acme and bolt", 200, "", ""},
		{"gone", 73 * time.Hour, "acme", 410, "failed /story, unchanged /feed", "/feed /story"},
		{"never again", 240 * time.Hour, "acme", 200, "unchanged /feed", "/feed"},
	} {
		w.later(step.after)
		text, status = step.text, step.status
		_, got := w.crawl(t, plan)
		want(t, step.name, got, step.want)
		want(t, step.name+", asked", w.paths(), step.asked)
	}
}

func TestCrawlEncodings(t *testing.T) {
	w := newTown(t, 1)
	body := func(name string) string { return story("café"+name, "") }
	pack := map[string]func(io.Writer) io.WriteCloser{
		"gzip":    func(out io.Writer) io.WriteCloser { return gzip.NewWriter(out) },
		"br":      func(out io.Writer) io.WriteCloser { return brotli.NewWriter(out) },
		"deflate": func(out io.Writer) io.WriteCloser { z, _ := flate.NewWriter(out, 6); return z },
	}
	for name, packer := range pack {
		w.HandleFunc("/"+name, func(rw http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.Header.Get("Accept-Encoding"), name) {
				t.Errorf("%s is not accepted", name)
			}
			rw.Header().Set("Content-Type", "text/html")
			rw.Header().Set("Content-Encoding", name)
			z := packer(rw)
			io.WriteString(z, body(name))
			z.Close()
		})
	}
	w.text("/latin", "text/html; charset=iso-8859-1", strings.ReplaceAll(body("latin"), "é", "\xe9"))
	w.text("/wrong", "text/html; charset=iso-8859-1", body("wrong"))
	w.HandleFunc("/bomb", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		rw.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(rw)
		io.Copy(z, io.LimitReader(zeros{}, 64<<20))
		z.Close()
	})
	w.text("/pdf", "application/pdf", "%PDF")
	w.text("/feed", "text/xml", rss("/gzip", "/br", "/deflate", "/latin", "/wrong", "/bomb", "/pdf"))
	plan := w.plan(t.TempDir(), w.feed(0, "/feed"))
	plan.MaxBytes = 1 << 20
	events, got := w.crawl(t, plan)
	want(t, "events", got, "failed /bomb, new /br, new /deflate, new /gzip, new /latin, new /wrong, skipped /pdf")
	for _, e := range events {
		if e.Article != nil && !strings.HasPrefix(e.Article.Title, "café") {
			t.Errorf("%s has the title %q", e.URL, e.Article.Title)
		}
		if strings.HasSuffix(e.URL, "/bomb") {
			want(t, "bomb", e.Reason, "body is too large: more than 1048576 bytes")
		}
	}
	// What was not read to its end is kept as far as it was.
	want(t, "cut off", fmt.Sprint(cutOff(t, plan)), "map[bomb:200 length 1048576 false pdf:200 unspecified 0 false]")
}

// A body that breaks off is kept as far as it came, and asked for again later.
func TestCrawlBrokenOff(t *testing.T) {
	w := newTown(t, 3)
	w.HandleFunc("/lost", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Length", "1000")
		io.WriteString(rw, "<html>")
	})
	w.HandleFunc("/slow", func(rw http.ResponseWriter, r *http.Request) {
		io.WriteString(rw, "<html>")
		rw.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	w.HandleFunc("/garbled", func(rw http.ResponseWriter, _ *http.Request) {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		io.WriteString(z, "<html>"+strings.Repeat("garbled ", 5))
		z.Close()
		copy(packed.Bytes()[packed.Len()-8:], "checksum")
		rw.Header().Set("Content-Type", "text/html")
		rw.Header().Set("Content-Encoding", "gzip")
		rw.Write(packed.Bytes())
	})
	var sources []Source
	for i, path := range []string{"/lost", "/slow", "/garbled"} {
		w.text("/feed"+path, "text/xml", rss(path))
		sources = append(sources, w.feed(i, "/feed"+path))
	}
	plan := w.plan(t.TempDir(), sources...)
	plan.Timeout = time.Second
	_, got := w.crawl(t, plan)
	want(t, "events", strings.Join(slices.Compact(strings.Split(got, ", ")), ", "), "failed /garbled, failed /lost, failed /slow")
	want(t, "cut off", fmt.Sprint(cutOff(t, plan)),
		"map[garbled:200 unspecified 46 false lost:200 disconnect 6 false slow:200 time 6 false]")
}

// cutOff tells of the pages whose bodies the archive does not have whole: status,
// why, how much there is, and whether it is read as a page.
func cutOff(t *testing.T, plan Plan) map[string]string {
	t.Helper()
	out := map[string]string{}
	files, err := filepath.Glob(filepath.Join(plan.Folder, ArchiveName, "*.warc.gz"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for c, err := range archive.Read(f, warc.Limits{}) {
			if err != nil {
				t.Fatal(err)
			}
			if c.Truncated != "" {
				out[path.Base(c.TargetURI)] = fmt.Sprint(c.Status, " ", c.Truncated, " ", len(c.Payload), " ", mayBePage(c))
			}
		}
	}
	return out
}

func TestCrawlBounds(t *testing.T) {
	w := newTown(t, 1)
	w.stories("a", "b", "c")
	old := `<item><link>http://HOST/c</link><pubDate>Mon, 02 Jan 2006 15:04:05 GMT</pubDate></item></channel>`
	w.text("/feed", "text/xml", strings.ReplaceAll(rss("/a", "/b"), "</channel>", old))
	plan := w.plan(t.TempDir(), w.feed(0, "/feed"))
	plan.Since = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	plan.Limit = 1
	_, got := w.crawl(t, plan)
	want(t, "limit", got, "new /a")
	plan.Limit = 0
	c, err := open(plan, w.clock)
	if err != nil {
		t.Fatal(err)
	}
	for v, err := range c.Planned() {
		if err != nil || v.Kind != "article" || v.Why != "found and not fetched yet" || !strings.HasSuffix(v.URL, "/b") {
			t.Errorf("planned %+v, %v", v, err)
		}
	}
	c.Close()
	w.paths()
	_, got = w.crawl(t, plan)
	want(t, "since", got, "new /b")
}

// What was not loaded comes again, once.
func TestUnloaded(t *testing.T) {
	w := newTown(t, 1)
	w.stories("a", "b")
	w.text("/feed", "text/xml", rss("/a", "/b"))
	note := filepath.Join(t.TempDir(), "note.md")
	if err := os.WriteFile(note, []byte("# Note\n\n## Article:\nAcme was hacked last week, it said on Monday.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	plan := w.plan(t.TempDir(), w.feed(0, "/feed"), Source{Name: "notes", Kind: Folder, File: filepath.Dir(note)})
	events, _ := w.crawl(t, plan)
	c, err := open(plan, w.clock)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	first := map[Waiting]Event{}
	for _, e := range events {
		if e.Article != nil {
			first[e.Waiting] = e
		}
	}
	if len(first) != 3 {
		t.Fatalf("%d articles, want 3", len(first))
	}
	for again := range 2 {
		n := 0
		for e, err := range c.Unloaded(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			was := first[e.Waiting]
			if was.Article == nil || was.Article.Text != e.Article.Text || was.Article.Capture != e.Article.Capture || e.Article.ID != was.Article.ID {
				t.Errorf("%+v came again as %+v", was.Article, e.Article)
			}
			if err := c.Loaded(e.Waiting); err != nil {
				t.Fatal(err)
			}
			n++
		}
		if want := 3 * (1 - again); n != want {
			t.Errorf("pass %d: %d articles wait, want %d", again, n, want)
		}
	}
}

// Of a listing that was read before, pages are read as far as there is news.
func TestCrawlListingAgain(t *testing.T) {
	w := newTown(t, 1)
	w.stories("a", "b", "c", "d")
	first := `<h2><a href="/a">A</a></h2>`
	w.HandleFunc("/list", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		fmt.Fprint(rw, first, `<a class="next" href="/list2">older</a>`)
	})
	w.text("/list2", "text/html", `<h2><a href="/b">B</a></h2><a class="next" href="/list3">older</a>`)
	w.text("/list3", "text/html", `<h2><a href="/c">C</a></h2>`)
	plan := w.plan(t.TempDir(), Source{Name: "s", Kind: Listing, URL: w.url(0, "/list"), Links: "h2", Next: ".next"})
	w.crawl(t, plan)
	want(t, "first", w.paths(), "/a /b /c /list /list2 /list3")
	w.later(time.Hour)
	w.crawl(t, plan)
	want(t, "nothing new", w.paths(), "/list")
	first = `<h2><a href="/d">D</a></h2>` + first
	w.later(time.Hour)
	w.crawl(t, plan)
	want(t, "one new", w.paths(), "/d /list /list2")
}

// Files of folders and WARC files are read once, and again when they change.
func TestCrawlFiles(t *testing.T) {
	w := newTown(t, 1)
	w.stories("a", "b")
	w.text("/feed", "text/xml", rss("/a", "/b"))
	first := w.plan(t.TempDir(), w.feed(0, "/feed"))
	_, got := w.crawl(t, first)
	want(t, "from the web", got, "new /a, new /b")
	w.paths()

	clippings := t.TempDir()
	clip := filepath.Join(clippings, "clip.html")
	if err := os.WriteFile(clip, []byte(story("clip", "")), 0o600); err != nil {
		t.Fatal(err)
	}
	plan := w.plan(t.TempDir(), Source{Name: "w", Kind: WARC, File: filepath.Join(first.Folder, "archive")}, Source{Name: "f", Kind: Folder, File: clippings})
	events, _ := w.crawl(t, plan)
	var titles []string
	for _, e := range events {
		if e.Outcome != New || e.Article == nil || !strings.HasPrefix(e.URL, "file:///") || e.Waiting == "" {
			t.Errorf("event %+v", e)
			continue
		}
		titles = append(titles, e.Source+" "+e.Article.Title)
	}
	slices.Sort(titles)
	want(t, "from files", strings.Join(titles, ", "), "f clip, w a, w b")
	want(t, "asked", w.paths(), "")
	if events, _ := w.crawl(t, plan); len(events) != 0 {
		t.Errorf("files were read again: %+v", events)
	}
	if err := os.WriteFile(clip, []byte(story("another", "")), 0o600); err != nil {
		t.Fatal(err)
	}
	if events, _ := w.crawl(t, plan); len(events) != 1 || events[0].Article == nil || events[0].Article.Title != "another" {
		t.Errorf("a file that was changed: %+v", events)
	}
}

// A frontier that is lost is made again from the archive.
func TestCrawlRestored(t *testing.T) {
	w := newTown(t, 1)
	w.stories("a", "b")
	w.text("/feed", "text/xml", rss("/a", "/b"))
	plan := w.plan(t.TempDir(), w.feed(0, "/feed"))
	w.crawl(t, plan)
	if err := os.Remove(filepath.Join(plan.Folder, "frontier.db")); err != nil {
		t.Fatal(err)
	}
	w.paths()
	_, got := w.crawl(t, plan)
	want(t, "afterwards", got, "new /a, new /b")
	want(t, "asked", w.paths(), "/a /b /feed")
}

// Two crawls cannot share a folder.
func TestCrawlInUse(t *testing.T) {
	w := newTown(t, 1)
	plan := w.plan(t.TempDir())
	c, err := open(plan, w.clock)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := open(plan, w.clock); !errors.Is(err, frontier.ErrInUse) {
		t.Errorf("a second crawl: %v", err)
	}
}

// What a crash leaves of the last sketch is cut off.
func TestSketchesCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sketches")
	text := "The quick brown fox jumps over the lazy dog while the cat sleeps on the warm roof of the old barn beside the river."
	s := mustSketches(t, path)
	if original, err := s.original("https://a.example/1", text); original != "" || err != nil {
		t.Fatal(original, err)
	}
	s.close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{0, 1, 5, len(whole) - 1} {
		if err := os.WriteFile(path, append(whole[:len(whole):len(whole)], whole[:cut]...), 0o600); err != nil {
			t.Fatal(err)
		}
		s := mustSketches(t, path)
		if original, err := s.original("https://b.example/2", text); original != "https://a.example/1" || err != nil {
			t.Errorf("cut at %d: original %q, %v", cut, original, err)
		}
		s.close()
		if now, _ := os.ReadFile(path); len(now) != len(whole) {
			t.Errorf("cut at %d: %d bytes are left, want %d", cut, len(now), len(whole))
		}
	}
}

func mustSketches(t *testing.T, path string) *sketches {
	t.Helper()
	s, err := openSketches(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A feed that says that an article was changed has it looked at in the same pass.
func TestCrawlCorrected(t *testing.T) {
	w := newTown(t, 1)
	text, changed := "acme", w.clock.now()
	w.HandleFunc("/story", func(rw http.ResponseWriter, r *http.Request) { fmt.Fprint(rw, story(text, "")) })
	w.HandleFunc("/feed", func(rw http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(rw, `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><link href="/story"/><updated>%s</updated></entry></feed>`,
			changed.UTC().Format(time.RFC3339))
	})
	plan := w.plan(t.TempDir(), w.feed(0, "/feed"))
	_, got := w.crawl(t, plan)
	want(t, "first", got, "new /story")
	w.later(2 * time.Hour)
	text, changed = "acme and bolt", w.clock.now()
	_, got = w.crawl(t, plan)
	want(t, "corrected", got, "changed /story")
}

// Old sketches leave the file, lest it grows for ever.
func TestSketchesTrimmed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sketches")
	s := mustSketches(t, path)
	sketch := ingest.Fingerprint("one two three four five")
	for n := range 2*indexed + 1 {
		if err := s.add(fmt.Sprint("https://a.example/", n), sketch); err != nil {
			t.Fatal(err)
		}
	}
	s.close()
	s = mustSketches(t, path)
	defer s.close()
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.add("https://a.example/last", sketch); err != nil {
		t.Fatal(err)
	}
	again := &sketches{index: ingest.NewIndex(indexed)}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	starts, end := again.load(bytes.NewReader(raw))
	if len(starts) != indexed+1 || end != int64(len(raw)) || end <= before.Size() {
		t.Errorf("%d sketches in %d bytes, of which %d are whole; want %d", len(starts), len(raw), end, indexed+1)
	}
}

package crawl

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestBuiltinSources(t *testing.T) {
	sources, err := Sources("")
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) < 25 {
		t.Errorf("%d sources, want at least 25", len(sources))
	}
	for _, s := range sources {
		if s.Outlet == "" || !strings.HasPrefix(s.URL, "https://") {
			t.Errorf("%s has the outlet %q and the address %q", s.Name, s.Outlet, s.URL)
		}
	}
}

func TestDocumentation(t *testing.T) {
	const path = "../../docs/sources.md"
	got, err := Documentation()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || string(want) != got {
		t.Errorf("%s is not current (%v); run the test with -update", path, err)
	}
}

func TestOwnSources(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.yaml")
	text := `
- name: my-paper
  outlet: My Paper
  kind: listing
  url: https://paper.example/security
  language: de-CH
  under: [/security/, /news/]
  delay: 3s
  every: 90m
  links: "h2 a, .card > a"
  next: a.next
  depth: 3
  body: "#text"
- {name: cisa, kind: sitemap, url: "https://cisa.example/sitemap.xml"}
- name: notes
  kind: folder
  file: notes
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sources, err := Sources(path)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]Source{}
	for _, s := range sources {
		byName[s.Name] = s
	}
	mine := byName["my-paper"]
	if mine.Delay != 3*time.Second || mine.Every != 90*time.Minute || mine.pages() != 3 || len(mine.Under) != 2 || mine.Body != "#text" {
		t.Errorf("my-paper is %+v", mine)
	}
	if byName["cisa"].Kind != Sitemap || byName["notes"].File != filepath.Join(filepath.Dir(path), "notes") || byName["zdnet-security"].URL == "" {
		t.Errorf("the others are %+v, %+v, %+v", byName["cisa"], byName["notes"], byName["zdnet-security"])
	}
	if !mine.admits("https://paper.example/news/1") || mine.admits("https://paper.example/sport/1") {
		t.Error("under is not heeded")
	}
}

func TestSourceErrors(t *testing.T) {
	tests := []struct {
		name, in string
		line     int
		want     string
	}{
		{"unknown key", "- name: a\n  kind: feed\n  feed: https://a.example/\n", 3, `unknown field "feed"`},
		{"not YAML", "- name: a\n  kind: [feed\n", 2, ""},
		{"not a list", "name: a\n", 1, "is not a list of sources"},
		{"wrong type", "- name: a\n  kind: feed\n  url: https://a.example/\n  depth: many\n", 4, ""},
		{"key twice", "- name: a\n  name: b\n", 2, ""},
		{"no name", "- kind: feed\n  url: https://a.example/\n", 1, `name "" is not like`},
		{"name twice", "- {name: a, kind: feed, url: \"https://a.example/\"}\n\n- {name: a, kind: feed, url: \"https://b.example/\"}\n", 3, "taken by line 1"},
		{"no kind", "- name: a\n  url: https://a.example/\n", 1, `kind "" is not`},
		{"no address", "- name: b\n  kind: feed\n", 1, "is not an http or https URL"},
		{"file address", "- name: b\n  kind: feed\n  url: file:///etc/passwd\n", 1, "is not an http or https URL"},
		{"no file", "- name: b\n  kind: warc\n", 1, "needs a file"},
		{"delay", "- {name: a, kind: feed, url: \"https://a.example/\", delay: 1h}\n", 1, "delay 1h0m0s is not between"},
		{"every", "- {name: a, kind: feed, url: \"https://a.example/\", every: 1s}\n", 1, "every 1s is not between"},
		{"schedule", "- {name: a, kind: feed, url: \"https://a.example/\", schedule: hourly}\n", 1, "five fields"},
		{"schedule and every", "- {name: a, kind: feed, url: \"https://a.example/\", schedule: \"@daily\", every: 2h}\n", 1, "no room for every"},
		{"time zone", "- {name: a, kind: feed, url: \"https://a.example/\", schedule: \"@daily\", timezone: Mars}\n", 1, "timezone \"Mars\""},
		{"adapt", "- {name: a, kind: feed, url: \"https://a.example/\", adapt: [1h]}\n", 1, "adapt is two intervals"},
		{"missed", "- {name: a, kind: feed, url: \"https://a.example/\", missed: never}\n", 1, "is not once or skip"},
		{"under", "- {name: a, kind: feed, url: \"https://a.example/\", under: [news]}\n", 1, "is not a path"},
		{"language", "- {name: a, kind: feed, url: \"https://a.example/\", language: English}\n", 1, "is not a BCP 47 tag"},
		{"listing without links", "- {name: a, kind: listing, url: \"https://a.example/\"}\n", 1, "needs links"},
		{"links of a feed", "- {name: a, kind: feed, url: \"https://a.example/\", links: a}\n", 1, "are for listings"},
		{"selector", "- {name: a, kind: listing, url: \"https://a.example/\", links: \"a[[\"}\n", 1, "is not a CSS selector"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseSources("my.yaml", []byte(tt.in))
			var at *SourceError
			if !errors.As(err, &at) || at.Line != tt.line || at.File != "my.yaml" || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want line %d: %s", err, tt.line, tt.want)
			}
		})
	}
	if _, err := Sources(filepath.Join(t.TempDir(), "none.yaml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// A row of sources.yaml with a body selector has a page and the article in it.
func TestSelectorRows(t *testing.T) {
	sources, err := Sources("")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		if s.Body == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join("testdata", s.Name+".html")); err != nil {
			t.Errorf("%s has a body selector and no page to prove it: %v", s.Name, err)
		}
	}
}

func FuzzSources(f *testing.F) {
	f.Add(builtin)
	f.Add([]byte("- name: a\n  kind: feed\n  url: https://a.example/\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		sources, err := parseSources("f", raw)
		if err != nil {
			return
		}
		for _, s := range sources {
			if err := s.check(); err != nil {
				t.Errorf("%+v passed, but %v", s, err)
			}
		}
	})
}

func FuzzFeed(f *testing.F) {
	f.Add([]byte(rss("/a", "/b")))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="a"/><updated>2026-01-01T00:00:00Z</updated></entry></feed>`))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"url":"http://a.example/"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		found, err := parseFeed(raw, "https://a.example/feed")
		checkFindings(t, found, err)
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte(`<urlset><url><loc>https://a.example/1</loc><lastmod>2026-01-01</lastmod></url></urlset>`))
	f.Add([]byte(`<sitemapindex><sitemap><loc>/2</loc></sitemap></sitemapindex>`))
	f.Add([]byte("https://a.example/1\nhttps://a.example/2\n"))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := parseSitemap(raw, "https://a.example/sitemap.xml")
		checkFindings(t, append(s.pages, s.parts...), err)
		if parts := s.latest(time.Time{}); len(parts) > maxParts {
			t.Errorf("%d parts", len(parts))
		}
	})
}

func FuzzListing(f *testing.F) {
	f.Add([]byte(`<base href="/x/"><div class="card"><a href="a">A</a></div><a class="next" href="b">more</a>`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		found, next, err := parseListing(raw, "https://a.example/", ".card", "a.next")
		if next != "" {
			found = append(found, Finding{URL: next})
		}
		checkFindings(t, found, err)
	})
}

// checkFindings sees that only addresses of the web were found.
func checkFindings(t *testing.T, found []Finding, err error) {
	t.Helper()
	if err != nil && len(found) > 0 {
		t.Errorf("%v, and %d addresses", err, len(found))
	}
	for _, f := range found {
		if !strings.HasPrefix(f.URL, "http://") && !strings.HasPrefix(f.URL, "https://") || len(f.URL) > maxAddress || strings.Contains(f.URL, "#") {
			t.Errorf("found %q", f.URL)
		}
	}
}

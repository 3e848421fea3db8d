package page

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/breachgraph/breachgraph/ingest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// readShared reads a file of the folder shared beside the repository. Without
// it the test is skipped on a desk and fails under CI.
func readShared(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile("../../../shared/" + path)
	if err != nil {
		if os.Getenv("CI") == "" {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	return raw
}

func mustRead(t *testing.T, raw []byte, address string) ingest.Article {
	t.Helper()
	a, err := Read(context.Background(), raw, address)
	if err != nil {
		t.Fatal(err)
	}
	checkArticle(t, a)
	return a
}

// checkArticle fails where an article breaks a promise of its type.
func checkArticle(t *testing.T, a ingest.Article) {
	t.Helper()
	if !utf8.ValidString(a.Text) || a.BodyStart < 0 || a.BodyStart > len(a.Text) {
		t.Fatalf("text %q with a body at %d", a.Text, a.BodyStart)
	}
	at := 0
	for _, l := range a.Links {
		if l.Start < at || l.End <= l.Start || l.End > len(a.Text) || l.URL == "" || !utf8.ValidString(a.Text[l.Start:l.End]) {
			t.Fatalf("link %+v after %d in a text of %d bytes", l, at, len(a.Text))
		}
		at = l.End
	}
}

func TestReadGolden(t *testing.T) {
	pages, err := filepath.Glob("testdata/pages/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, path := range pages {
		t.Run(filepath.Base(path), func(t *testing.T) {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			out := json.NewEncoder(&got)
			out.SetEscapeHTML(false)
			out.SetIndent("", "  ")
			if err := out.Encode(mustRead(t, raw, "")); err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(path, ".html") + ".golden.json"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("got\n%s\nwant (-update rewrites it)\n%s", got.Bytes(), want)
			}
		})
	}
}

func TestReadLinks(t *testing.T) {
	raw, err := os.ReadFile("testdata/pages/news.html")
	if err != nil {
		t.Fatal(err)
	}
	a := mustRead(t, raw, "")
	want := map[string]string{
		"ferries across the sound":      "https://www.quaygazette.example/topics/ferries",
		"the company wrote in a notice": "https://status.harbourfreight.example/notice#customers",
		"Quick Pay":                     "https://pay.example/",
		"Its help desk":                 "mailto:help@harbourfreight.example",
	}
	for _, l := range a.Links {
		if anchor := a.Text[l.Start:l.End]; want[anchor] != l.URL {
			t.Errorf("%q leads to %s, want %q", anchor, l.URL, want[anchor])
		}
		delete(want, a.Text[l.Start:l.End])
	}
	for anchor := range want {
		t.Errorf("no link %q", anchor)
	}
}

// TestReadCheck tells pages without an article from those with one.
func TestReadCheck(t *testing.T) {
	tests := []struct {
		name, page string
		article    bool
	}{
		{"nothing", "<html></html>", false},
		{"a title", "<title>Log in</title><form><input></form>", false},
		{"only script", "<script>" + strings.Repeat("var a = 'The company said on Tuesday';", 50) + "</script>", false},
		{"a notice", "<h1>404</h1><p>We could not find that page.</p>", false},
		{"a short report", "<meta property=og:type content=article><h1>A</h1><p>Acme was hacked on Monday.</p>", true},
		{"a report", "<h1>A</h1><p>" + strings.Repeat("Acme was hacked on Monday. ", 5), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := mustRead(t, []byte(tt.page), "")
			if err := a.Check(); (err == nil) != tt.article || err != nil && !errors.Is(err, ingest.ErrNoArticle) {
				t.Errorf("Check of %q gives %v", a.Text, err)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	const sentence = "The company said on Tuesday that attackers took the records of customers. "
	tests := []struct{ name, page, want string }{
		{"too deep", strings.Repeat("<div>", 600) + sentence, "open stack of elements exceeds 512"},
		{"too much text", "<p>" + strings.Repeat(sentence, 30_000), "holds more than 2 MiB of text"},
		{"too many elements", strings.Repeat("<br>", 200_001), "holds more than 200000 elements"},
		{"wide and deep", strings.Repeat("<div>", 400) + strings.Repeat("<i>a</i>", 10_000), "nested too deeply for its size"},
		{"much text below much", strings.Repeat("<div>", 400) + strings.Repeat(sentence, 3_000), "nested too deeply for its size"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(context.Background(), []byte(tt.page), "")
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	t.Run("canceled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := Read(ctx, []byte("<p>a"), ""); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want %v", err, context.Canceled)
		}
	})
}

func TestDecode(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"UTF-8", "<p>é", "<p>é"},
		{"UTF-8 that says otherwise", "<meta charset=iso-8859-1><p>é", "<meta charset=iso-8859-1><p>é"},
		{"byte order mark", "\xef\xbb\xbf<p>é", "<p>é"},
		{"declared", "<meta charset=windows-1251><p>\xcf\xf0", "<meta charset=windows-1251><p>Пр"},
		{"not declared", "<p>\x93caf\xe9\x94", "<p>“café”"},
		{"one cut character", "<p>ééééé \xc3", "<p>ééééé \ufffd"},
		{"cut and declared", "<meta charset=utf-8><p>\xc3(", "<meta charset=utf-8><p>\ufffd("},
		{"UTF-16", "\xff\xfe<\x00p\x00>\x00\xe9\x00", "<p>é"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decode([]byte(tt.in))
			if err != nil || strings.TrimPrefix(got, "\ufeff") != tt.want {
				t.Errorf("decode(%q) = %q, %v, want %q", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestReadAddress(t *testing.T) {
	const body = "<p>Acme was hacked.</p>"
	tests := []struct{ name, page, address, want string }{
		{"fetched", body, "https://a.example/x?y=1", "https://a.example/x?y=1"},
		{"canonical", `<link rel="canonical" href="/z">` + body, "https://a.example/x", "https://a.example/z"},
		{"canonical front page", `<link rel="canonical" href="https://a.example/">` + body, "https://a.example/x", "https://a.example/x"},
		{"canonical on another host of the site", `<link rel="canonical" href="https://www.a.co.uk/z">` + body, "https://m.a.co.uk/x", "https://www.a.co.uk/z"},
		{"canonical on another site", `<link rel="canonical" href="https://b.co.uk/z">` + body, "https://a.co.uk/x", "https://a.co.uk/x"},
		{"canonical of a cached page", `<link rel="canonical" href="https://a.example/z">` + body, "https://a-example.cdn.ampproject.org/c/s/a.example/z/amp", "https://a.example/z"},
		{"OpenGraph", `<meta property="og:url" content="https://a.example/z">` + body, "", "https://a.example/z"},
		{"base", `<base href="https://b.example/c/"><link rel="canonical" href="z">` + body, "", "https://b.example/c/z"},
		{"saved by a browser", "<!DOCTYPE html>\n<!-- saved from url=(0020)https://a.example/z -->" + body, "", "https://a.example/z"},
		{"relative in a file", `<link rel="canonical" href="/z">` + body, "", ""},
		{"unknown", body, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mustRead(t, []byte(tt.page), tt.address).URL; got != tt.want {
				t.Errorf("URL %q, want %q", got, tt.want)
			}
		})
	}
}

// TestMetadataCases reads small pages with the metadata that content systems
// write, sound and odd.
func TestMetadataCases(t *testing.T) {
	var cases []struct {
		Name, HTML string
		Want       struct {
			Author []string
			Date   string
			Title  *string
		}
	}
	if err := json.Unmarshal(readShared(t, "html/jsonld_cases.json"), &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			a := mustRead(t, []byte(c.HTML), "")
			if c.Want.Title != nil && a.Title != *c.Want.Title {
				t.Errorf("title %q, want %q", a.Title, *c.Want.Title)
			}
			if !slices.Equal(a.Authors, c.Want.Author) {
				t.Errorf("authors %q, want %q", a.Authors, c.Want.Author)
			}
			if want, err := time.Parse(time.RFC3339, c.Want.Date); err != nil || !a.Published.Equal(want) {
				t.Errorf("published %s, want %s", a.Published, c.Want.Date)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	pages, err := filepath.Glob("testdata/pages/*.html")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range pages {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte("<h1>a<td>b<br><br>c<a href=//d>e f g h</a><x-y>"))
	f.Add([]byte(`<script type="application/ld+json">{"@type":"Article","author":{"@id":"a"},"@id":"a"`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := Read(context.Background(), raw, "https://a.example/b")
		if err != nil {
			return
		}
		checkArticle(t, a)
		if strings.Contains(a.Text[a.BodyStart:], "\n\n\n") {
			t.Errorf("body %q is not made of paragraphs", a.Text[a.BodyStart:])
		}
	})
}

func BenchmarkRead(b *testing.B) {
	raw, err := os.ReadFile("testdata/pages/news.html")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(context.Background(), raw, ""); err != nil {
			b.Fatal(err)
		}
	}
}

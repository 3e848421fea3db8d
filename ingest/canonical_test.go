package ingest

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// openShared opens a file of the folder shared beside the repository. Without
// it the test is skipped on a desk and fails under CI.
func openShared(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.Open("../../shared/" + path)
	if err != nil {
		if os.Getenv("CI") == "" {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestCanonicalURLSuite(t *testing.T) {
	lines := bufio.NewScanner(openShared(t, "suites/urls_dev.jsonl"))
	for lines.Scan() {
		var c struct{ ID, Input, Canonical string }
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.ID, func(t *testing.T) { checkCanonical(t, c.Input, c.Canonical) })
	}
}

func checkCanonical(t *testing.T, in, want string) {
	t.Helper()
	got, err := CanonicalURL(in)
	if err != nil || got != want {
		t.Fatalf("CanonicalURL(%q) = %q, %v, want %q", in, got, err, want)
	}
	if again, err := CanonicalURL(got); err != nil || again != got {
		t.Errorf("CanonicalURL(%q) = %q, %v: not idempotent", got, again, err)
	}
}

func TestCanonicalURL(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"blanks and line ends", " \thttps://news.example/a\n/b\r\n ", "https://news.example/a/b"},
		{"no-break space at the end", "https://news.example/a\u00a0", "https://news.example/a"},
		{"user and password", "http://ann:secret@news.example/a", "https://news.example/a"},
		{"port 80 on https", "https://news.example:80/a", "https://news.example/a"},
		{"port 443 on http", "http://news.example:443/a", "https://news.example/a"},
		{"backslashes", `https:\\news.example\a`, "https://news.example/a"},
		{"address of version 6", "http://[2001:DB8::1]:8080/a", "https://[2001:db8::1]:8080/a"},
		{"address of version 4", "http://192.0.2.1/a/", "https://192.0.2.1/a"},

		{"cache of ampproject", "http://x.cdn.ampproject.org/c/s/www.news.example/a/amp?id=1", "https://news.example/a?id=1"},
		{"cache of google", "https://www.google.com/amp/s/amp.news.example/a.amp.html", "https://news.example/a.html"},
		{"cache in a cache", "https://www.google.com/amp/s/x.cdn.ampproject.org/c/s/news.example/a", "https://news.example/a"},
		{"cache path of another host", "https://news.example/c/s/a", "https://news.example/c/s/a"},
		{"cache without a page", "https://x.cdn.ampproject.org/c/s/", "https://x.cdn.ampproject.org/c/s"},

		{"several labels", "https://www.m.news.example/", "https://news.example/"},
		{"two labels stay", "https://amp.dev/a", "https://amp.dev/a"},
		{"one letter stays", "https://m.co/a", "https://m.co/a"},
		{"label in second place", "https://en.m.wikipedia.org/wiki/X", "https://en.wikipedia.org/wiki/X"},
		{"second of three stays", "https://en.m.example/x", "https://en.m.example/x"},
		{"mobile", "https://mobile.nytimes.com/a", "https://nytimes.com/a"},
		{"other subdomain stays", "https://blog.www.news.example/a", "https://blog.www.news.example/a"},
		{"dot at the end", "https://news.example./a", "https://news.example/a"},
		{"ideographic dot", "https://news。example/a", "https://news.example/a"},

		{"session id", "https://news.example/a;JSESSIONID=1.x/b;v=2?c=1", "https://news.example/a/b;v=2?c=1"},
		{"session id and another", "https://news.example/a;jsessionid=1;v=2", "https://news.example/a;v=2"},
		{"escaped dot segments", "https://news.example/a/%2e%2E/b/%2e/c", "https://news.example/b/c"},
		{"dots above the root", "https://news.example/../../a", "https://news.example/a"},
		{"slash stays escaped", "https://news.example/a%2fb", "https://news.example/a%2Fb"},
		{"escaped letters", "https://news.example/%61%2Db%7e", "https://news.example/a-b~"},
		{"blank and non-ASCII", "https://news.example/a b/ü", "https://news.example/a%20b/%C3%BC"},
		{"reserved in the path", "https://news.example/a[1]|^'(b)", "https://news.example/a%5B1%5D%7C%5E'(b)"},
		{"percent that escapes nothing", "https://news.example/100%", "https://news.example/100%25"},
		{"percent before an escape", "https://news.example/%%341", "https://news.example/%2541"},
		{"case of the path", "https://news.example/Story/A", "https://news.example/Story/A"},

		{"index files", "https://news.example/index.php", "https://news.example/"},
		{"index with a query", "https://news.example/a/index.htm?id=1", "https://news.example/a?id=1"},
		{"index in the middle", "https://news.example/index.html/a", "https://news.example/index.html/a"},
		{"amp before an index", "https://news.example/a/amp/index.html", "https://news.example/a"},
		{"amp in the middle", "https://news.example/a/amp/b", "https://news.example/a/amp/b"},
		{"amp at both ends", "https://news.example/amp/a/amp", "https://news.example/a"},
		{"google-amp", "https://news.example/google-amp/a", "https://news.example/a"},
		{"suffix", "https://news.example/a.amp", "https://news.example/a"},
		{"suffix alone stays", "https://news.example/.amp", "https://news.example/.amp"},
		{"only amp", "https://news.example/amp/", "https://news.example/"},

		{"tracking in any case", "https://news.example/?UTM_Source=a&FBCLID=b&cmp=c&at_x=1&ns_y=2", "https://news.example/"},
		{"escaped name of a tracker", "https://news.example/?%75tm_source=a", "https://news.example/"},
		{"output", "https://news.example/?output=amp&outputType=amp&x=1", "https://news.example/?x=1"},
		{"other output stays", "https://news.example/?output=pdf", "https://news.example/?output=pdf"},
		{"names like trackers stay", "https://news.example/?refs=1&source=2&s=3&st=4", "https://news.example/?refs=1&s=3&source=2&st=4"},
		{"empty value and bare name", "https://news.example/?print&q=", "https://news.example/?print&q="},
		{"sorted by bytes", "https://news.example/?b=1&B=2&a=3", "https://news.example/?B=2&a=3&b=1"},
		{"plus and blank", "https://news.example/?q=a+b&r=c d", "https://news.example/?q=a+b&r=c%20d"},
		{"empty pairs", "https://news.example/?&a=1&&", "https://news.example/?a=1"},
		{"question mark alone", "https://news.example/a?", "https://news.example/a"},
		{"escapes of a query", "https://news.example/?q=%7e%2f%c3%bc&w=it's", "https://news.example/?q=~%2F%C3%BC&w=it's"},
		{"fragment of a page in script", "https://news.example/a#!/b", "https://news.example/a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkCanonical(t, tt.in, tt.want) })
	}
}

func TestCanonicalURLErrors(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", `canonical URL of ""`},
		{"relative", "/a/b", "canonical URL of"},
		{"mail address", "mailto:ann@news.example", "not http or https"},
		{"file", "file:///etc/passwd", "not http or https"},
		{"no host", "https://", "canonical URL of"},
		{"only dots", "https://../a", "canonical URL of"},
		{"blank in the host", "https://news example/a", "canonical URL of"},
		{"wrapped for ever", "https://" + strings.Repeat("a.cdn.ampproject.org/c/s/", 300) + "x", "wrapped"},
		{"too long", "https://news.example/" + strings.Repeat("a", maxURL), "longer than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := CanonicalURL(tt.in)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("CanonicalURL(%.100q) = %q, %v, want an error with %q", tt.in, got, err, tt.want)
			}
			if err != nil && len(err.Error()) > 1000 {
				t.Errorf("error of %d bytes", len(err.Error()))
			}
		})
	}
}

func FuzzCanonicalURL(f *testing.F) {
	for _, s := range []string{
		"http://www.news.example:80//a/../b/index.html?b=1&a=2#c", "https://x.cdn.ampproject.org/c/s/amp.a.b/amp",
		"https://www.google.com/amp/s/a.b/c.amp.html?output=amp", "https://bücher.example/%7e%zz%", "https:a.b;jsessionid=1",
		"https://en.m.a.b/;jsessionid=;x", "http://1.2", "http://[::1]/", "https://a.b/?%41=%&=&;'",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		once, err := CanonicalURL(raw)
		if err != nil {
			return
		}
		if twice, err := CanonicalURL(once); err != nil || twice != once {
			t.Errorf("CanonicalURL(%q) = %q, but again %q, %v", raw, once, twice, err)
		}
		if !strings.HasPrefix(once, "https://") || strings.ContainsAny(once, " #\t\n<>") {
			t.Errorf("CanonicalURL(%q) = %q", raw, once)
		}
	})
}

func BenchmarkCanonicalURL(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := CanonicalURL("http://www.news.example/2021/08/27/story/amp/?utm_source=a&id=9&b=%7e#top"); err != nil {
			b.Fatal(err)
		}
	}
}

package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestReadForms(t *testing.T) {
	tests := []struct {
		name, input, content string
		want                 Article
	}{
		{"plain text", "a.txt", " Acme was hacked.\r\n\r\n", Article{ID: "a.txt", Path: "a.txt", Text: " Acme was hacked.\r\n\r\n"}},
		{"standard input", "-", "Acme was hacked.", Article{ID: "-", Text: "Acme was hacked."}},
		{
			"fetched text", "http://www.bugle.example/a.txt", "Acme was hacked.",
			Article{
				ID: "https://bugle.example/a.txt", URL: "http://www.bugle.example/a.txt",
				Publication: Publication{Domain: "bugle.example"}, Text: "Acme was hacked.",
			},
		},
		{"note in a text file", "a.txt", "# A\n\n## Article:\nB [c](https://d.example).", Article{
			ID: "a.txt", Path: "a.txt", Title: "A", Text: "A\n\nB c.", BodyStart: 3, Links: []Link{{5, 6, "https://d.example"}},
		}},
		{"note in a page's clothes", "a.html", "# A\n\n## Article:\nB.", Article{ID: "a.html", Path: "a.html", Title: "A", Text: "A\n\nB.", BodyStart: 3}},
		{"number sign in prose", "a.txt", "# 1 in hacks", Article{ID: "a.txt", Path: "a.txt", Text: "# 1 in hacks"}},
		{"page", "a.html", "<!-- x -->\n<p>A", Article{ID: "a.html", Path: "a.html", Title: "a page", Text: "<!-- x -->\n<p>A"}},
		{"page in a text file", "a.txt", "\n<!DOCTYPE html><p>A", Article{ID: "a.txt", Path: "a.txt", Title: "a page", Text: "\n<!DOCTYPE html><p>A"}},
		{"page in XML", "a", "<?xml version='1.0'?><html >A", Article{ID: "a", Path: "a", Title: "a page", Text: "<?xml version='1.0'?><html >A"}},
		{"page that starts with text", "a.htm", "Hi<p>A", Article{ID: "a.htm", Path: "a.htm", Title: "a page", Text: "Hi<p>A"}},
		{"fetched page", "https://bugle.example/a", "<html>", Article{
			ID: "https://bugle.example/a", URL: "https://bugle.example/a", Title: "a page",
			Publication: Publication{Domain: "bugle.example"}, Text: "<html>",
		}},
		{"less-than sign", "a.txt", "<John> hi", Article{ID: "a.txt", Path: "a.txt", Text: "<John> hi"}},
		{"byte order mark", "a.txt", "\xef\xbb\xbfA", Article{ID: "a.txt", Path: "a.txt", Text: "A"}},
		{"UTF-16", "a.txt", "\xff\xfeA\x00\xe9\x00", Article{ID: "a.txt", Path: "a.txt", Text: "Aé"}},
		{"UTF-16, big end first", "a.txt", "\xfe\xff\x00A", Article{ID: "a.txt", Path: "a.txt", Text: "A"}},
		{"windows-1252", "a.txt", "It\x92s a caf\xe9 \x96 \xa35m", Article{ID: "a.txt", Path: "a.txt", Text: "It’s a café – £5m"}},
		{"wiki link first", "a.txt", "[[Acme]] was", Article{ID: "a.txt", Path: "a.txt", Text: "[[Acme]] was"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := readOne(t, tt.input, tt.content); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Read(%q, %q)\n got %+v\nwant %+v", tt.input, tt.content, got, tt.want)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	long := strings.Repeat("a ", maxInput)
	tests := []struct{ name, input, content, want string }{
		{"empty", "a.md", "", "read a.md: is empty"},
		{"blank", "a.txt", " \n\t\n", "read a.txt: is empty"},
		{"only a byte order mark", "a.txt", "\xef\xbb\xbf", "read a.txt: is empty"},
		{"PDF", "a.md", "%PDF-1.7\n\x00", "read a.md: is a PDF document, not an article"},
		{"image", "a.html", "\x89PNG\r\n\x1a\n", "read a.html: is a PNG image, not an article"},
		{"archive", "a.jsonl", "\x1f\x8b\x08", "read a.jsonl: is a gzip archive, not an article"},
		{"other binary", "a.txt", "abc\x00\x01", "read a.txt: is not text"},
		{"feed", "a.xml", "<?xml version='1.0'?>\n<rss version='2'>", "read a.xml: is XML (rss), not an article"},
		{"picture in XML", "a.svg", "<svg>", "read a.svg: is XML (svg), not an article"},
		{"too long", "a.txt", long, "read a.txt: longer than 10 MiB"},
		{"too long a page", "a.html", "<html>" + long, "read a.html: longer than 10 MiB"},
		{"cut character", "a.txt", "caf\xc3", "read a.txt: broken UTF-8 at byte 3"},
		{"mixed encodings", "a.md", "# caf\xc3\xa9 caf\xe9", "read a.md: broken UTF-8 at byte 11"},
		{"overlong character", "a.txt", "a \xc0\xaf b", "read a.txt: broken UTF-8 at byte 2"},
		{"JSON in a file of lines", "a.jsonl", "[1, 2]", "read a.jsonl: line 1: is not a JSON object"},
		{"JSON that is a number", "a.json", "42", "read a.json: line 1: is not a JSON object"},
		{"JSON that is a list of numbers", "-", "[1, 2]", "read -: value 1: is not a JSON object"},
		{"no JSON at all", "a.json", "hello", "read a.json: line 1: is not a JSON object"},
		{"cut JSON", "a.json", "{\n\"text\": \"a\"", "read a.json: is not JSON: unexpected EOF"},
		{"list of nothing", "a.json", "[]", "read a.json: is empty"},
		{"list cut short", "a.json", "[{\"text\": \"a\"},", "read a.json: is not JSON: unexpected EOF"},
		{"list too long", "a.json", "[" + long, "read a.json: longer than 10 MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			articles, errs := readAllOf(tt.input, tt.content)
			if len(articles) != 0 || len(errs) == 0 || errs[0].Error() != tt.want {
				t.Errorf("Read(%q, %.60q) gives %d articles and the errors %q, want %q", tt.input, tt.content, len(articles), errs, tt.want)
			}
		})
	}
}

func TestReadPageWithoutReader(t *testing.T) {
	for a, err := range (Reader{}).Read(context.Background(), "a.html", strings.NewReader("<html>")) {
		if err == nil || !strings.Contains(err.Error(), "read a.html: is a web page") {
			t.Errorf("a page without a reader gives %+v, %v", a, err)
		}
	}
}

func TestReadFailing(t *testing.T) {
	gone := errors.New("gone")
	for _, before := range []string{"", "text", `{"text": "a"}` + "\n"} {
		var last error
		r := io.MultiReader(strings.NewReader(before), errReader{gone})
		for _, err := range (Reader{}).Read(context.Background(), "a", r) {
			last = err
		}
		if !errors.Is(last, gone) || !strings.HasPrefix(last.Error(), "read a: ") {
			t.Errorf("after %q a failing reader gives %v", before, last)
		}
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

func TestReadCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n := 0
	for _, err := range (Reader{}).Read(ctx, "-", strings.NewReader(strings.Repeat(`{"text": "a"}`+"\n", 10))) {
		if n++; n == 3 && !errors.Is(err, context.Canceled) {
			t.Errorf("a canceled read goes on with %v", err)
		}
		if n == 2 {
			cancel()
		}
	}
	if n != 3 {
		t.Errorf("%d values after the read was canceled at the second", n)
	}
}

func TestReadStops(t *testing.T) {
	const two = `{"text": "a"}` + "\n" + `{"text": "b"}`
	for _, content := range []string{two, "[" + strings.ReplaceAll(two, "\n", ",\n") + "]"} {
		n := 0
		for range (Reader{}).Read(context.Background(), "-", strings.NewReader(content)) {
			n++
			break
		}
		if n != 1 {
			t.Errorf("%q yields %d values to one who wants one", content, n)
		}
	}
}

func TestReadLines(t *testing.T) {
	day := time.Date(2023, 5, 4, 0, 0, 0, 0, time.UTC)
	bugle := Publication{Domain: "bugle.example"}
	extracted := `{"id":"x","path":"p.md","article":{"text":"é A b","body_start":4,"title":"é A","url":"https://bugle.example/x","published":"2023-05-04T00:00:00Z"},"claims":[]}`
	tests := []struct {
		name, line string
		want       Article
	}{
		{"only text", `{"text": " a\r\n"}`, Article{ID: "a.jsonl:1", Path: "a.jsonl", Text: " a\r\n"}},
		{
			"all fields and others", `{"id": "7", "text": "a", "title": "T", "url": "http://bugle.example/a/", "published": "2023-05-04", "x": [1]}`,
			Article{ID: "7", Path: "a.jsonl", Text: "a", Title: "T", URL: "http://bugle.example/a/", Published: day, Publication: bugle},
		},
		{"known by its URL", `{"text": "a", "url": "http://bugle.example/a/"}`, Article{
			ID: "https://bugle.example/a", Path: "a.jsonl", Text: "a", URL: "http://bugle.example/a/", Publication: bugle,
		}},
		{"nulls", `{"id": null, "text": "a", "title": null, "url": null, "published": null}`, Article{ID: "a.jsonl:1", Path: "a.jsonl", Text: "a"}},
		{"number as id", `{"id": 1137, "text": "a"}`, Article{ID: "1137", Path: "a.jsonl", Text: "a"}},
		{"URL that leads nowhere", `{"text": "a", "url": "n/a"}`, Article{ID: "a.jsonl:1", Path: "a.jsonl", Text: "a"}},
		{"empty text", `{"id": "7", "text": ""}`, Article{ID: "7", Path: "a.jsonl"}},
		{"time with a zone", `{"id": "7", "text": "a", "published": "2023-05-04T02:00:00+02:00"}`, Article{
			ID: "7", Path: "a.jsonl", Text: "a", Published: time.Date(2023, 5, 4, 2, 0, 0, 0, time.FixedZone("", 7200)),
		}},
		{"printed by extract", extracted, Article{
			ID: "x", Path: "p.md", URL: "https://bugle.example/x", Title: "é A", Published: day, Publication: bugle,
			Text: "é A b", BodyStart: 5, Extraction: []byte(extracted),
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readOne(t, "a.jsonl", tt.line+"\n")
			if !got.Published.Equal(tt.want.Published) {
				t.Errorf("published %s, want %s", got.Published, tt.want.Published)
			}
			got.Published, tt.want.Published = time.Time{}, time.Time{}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Read(%q)\n got %+v\nwant %+v", tt.line, got, tt.want)
			}
		})
	}
}

func TestReadLinesGoesOn(t *testing.T) {
	tests := []struct{ name, line, want string }{
		{"not JSON", `{"text": "a"`, "line 2: is not JSON: unexpected end of JSON input"},
		{"array", `[]`, "line 2: is not a JSON object"},
		{"string", `"text"`, "line 2: is not a JSON object"},
		{"no text", `{"id": "x"}`, `line 2: has no "text"`},
		{"no text in the article", `{"id": "x", "article": {}}`, `line 2: has no "text"`},
		{"text that is a number", `{"text": 5}`, `line 2: "text" is a number where a string is wanted`},
		{"id that is a list", `{"text": "a", "id": []}`, `line 2: "id" is neither a string nor a number: []`},
		{"odd date", `{"text": "a", "published": "soon"}`, `line 2: "published": no date in "soon"`},
		{"broken UTF-8", "{\"text\": \"caf\xe9\"}", "line 2: broken UTF-8 at byte 13"},
		{"too deep", strings.Repeat(`{"x":`, 20_000) + strings.Repeat("}", 20_000), "line 2: is not JSON: invalid character '{' exceeded max depth"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			articles, errs := readAllOf("-", `{"id": "1", "text": "a"}`+"\n"+tt.line+"\n\n"+`{"id": "4", "text": "b"}`)
			if len(articles) != 2 || articles[1].ID != "4" {
				t.Errorf("%d articles around the line, want 2", len(articles))
			}
			if len(errs) != 1 || errs[0].Error() != "read -: "+tt.want {
				t.Errorf("errors %q, want %q", errs, tt.want)
			}
		})
	}
}

// outcome shows the id of an article or the error instead of it.
func outcome(a Article, err error) string {
	if err != nil {
		return err.Error()
	}
	return a.ID
}

// endless gives n times the letter a.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	if e.n == 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.n)
	for i := range p[:n] {
		p[i] = 'a'
	}
	e.n -= n
	return n, nil
}

func TestReadLongLine(t *testing.T) {
	r := io.MultiReader(
		strings.NewReader(`{"id": "1", "text": "a"}`+"\n"+`{"id": "2", "text": "`), &endless{100 << 20},
		strings.NewReader(`"}`+"\n"+`{"id": "3", "text": "b"}`+"\n"+`{"text": "`), &endless{11 << 20},
	)
	var got []string
	for a, err := range (Reader{}).Read(context.Background(), "a.jsonl", r) {
		got = append(got, outcome(a, err))
	}
	want := []string{
		"1", "read a.jsonl: line 2: is longer than 10 MiB", "3", "read a.jsonl: line 4: is longer than 10 MiB",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReadValues(t *testing.T) {
	for _, content := range []string{
		"[{\"id\": \"1\", \"text\": \"a\"}, {\"id\": \"2\", \"text\": \"b\"}]",
		"[\n  {\n    \"id\": \"1\",\n    \"text\": \"a\"\n  },\n  {\"id\": \"2\", \"text\": \"b\"}\n]\n",
		"{\n  \"id\": \"1\",\n  \"text\": \"a\"\n}\n{\n  \"id\": \"2\",\n  \"text\": \"b\"\n}\n",
	} {
		for _, name := range []string{"a.json", "-"} {
			articles, errs := readAllOf(name, content)
			if len(errs) != 0 || len(articles) != 2 || articles[0].ID != "1" || articles[1].Text != "b" {
				t.Errorf("Read(%q, %q) = %+v, %v", name, content, articles, errs)
			}
		}
	}
}

func TestWalk(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{
		"b.md", "a.html", "a_files/x.png", "c_files/y.md", "d/e.txt", "d/.hidden.md", ".git/config", "B.md",
	} {
		path := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("text"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Symlink(root, filepath.Join(root, "d", "loop")), os.Symlink("nowhere", filepath.Join(root, "dangling")),
		os.Symlink("b.md", filepath.Join(root, "link.md"))); err != nil {
		t.Fatal(err)
	}
	var got []string
	for name, err := range Walk(root) {
		if err != nil {
			t.Fatal(err)
		}
		rel, _ := filepath.Rel(root, name)
		got = append(got, filepath.ToSlash(rel))
	}
	want := []string{"B.md", "a.html", "b.md", "c_files/y.md", "d/e.txt", "link.md"}
	if !slices.Equal(got, want) {
		t.Errorf("Walk = %q, want %q", got, want)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(root, link); err != nil {
		t.Fatal(err)
	}
	for name, err := range Walk(link) {
		if want := filepath.Join(link, "B.md"); err != nil || name != want {
			t.Errorf("Walk of a link begins with %q, %v, want %q", name, err, want)
		}
		break
	}
	for name, err := range Walk(filepath.Join(root, "b.md")) {
		if err != nil || filepath.Base(name) != "b.md" {
			t.Errorf("Walk of a file = %q, %v", name, err)
		}
	}
}

func TestReadPath(t *testing.T) {
	root := t.TempDir()
	for name, content := range map[string]string{"1.md": "# A\n\nB.", "2.pdf": "%PDF-1.7", "3.txt": "", "4.jsonl": "{\"id\": \"x\", \"text\": \"a\"}\n7\n"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, path := range []string{filepath.Join(root, "missing.md"), root} {
		for a, err := range (Reader{}).ReadPath(context.Background(), path) {
			got = append(got, strings.ReplaceAll(outcome(a, err), root+string(filepath.Separator), ""))
		}
	}
	want := []string{
		"read missing.md: no such file or directory", "1.md", "read 2.pdf: is a PDF document, not an article",
		"read 3.txt: is empty", "x", "read 4.jsonl: line 2: is not a JSON object",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for range (Reader{}).ReadPath(context.Background(), root) {
		break
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name string
		in   Article
		want string
	}{
		{"body", Article{Text: "a\n\nb", BodyStart: 3}, ""},
		{"only a title", Article{ID: "x", Path: "a.html", Text: "a\n\n", BodyStart: 3}, "a.html: holds no article"},
		{"blank", Article{ID: "x", Text: " \n"}, "x: holds no article"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.in.Check()
			if (err == nil) != (tt.want == "") || err != nil && (err.Error() != tt.want || !errors.Is(err, ErrNoArticle)) {
				t.Errorf("Check(%+v) = %v, want %q", tt.in, err, tt.want)
			}
		})
	}
}

func FuzzReader(f *testing.F) {
	for _, s := range []string{
		"{\"id\": 1, \"text\": \"a\"}\n[1]\n{\"article\": {\"text\": \"é\", \"body_start\": 1}}", "[{\"text\": \"a\"}, 1", "{\n\"text\": \"a\"}",
		"# A\n## Article\n[b](https://c.example)", "<html><p>a", "<?xml?><rss>", "%PDF-", "\xff\xfea\x00", "caf\xe9", "\xef\xbb\xbf# A",
	} {
		f.Add("-", []byte(s))
		f.Add("a.jsonl", []byte(s))
		f.Add("https://a.example/b.md", []byte(s))
	}
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		n := 0
		for a, err := range (Reader{}).Read(context.Background(), name, strings.NewReader(string(content))) {
			n++
			if err != nil {
				if !strings.HasPrefix(err.Error(), "read "+name+": ") {
					t.Errorf("error %q does not name the input", err)
				}
				continue
			}
			checkArticle(t, a)
			if a.ID == "" && name != "" {
				t.Errorf("article %+v has no id", a)
			}
		}
		if n == 0 {
			t.Errorf("Read(%q, %q) yields nothing", name, content)
		}
	})
}

func BenchmarkReadNote(b *testing.B) {
	raw, err := os.ReadFile("../testdata/articles/t-mobile-2021-08.md")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		readNote(string(raw))
	}
}

package archive

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest/warc"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// exchange is what a server answers to a request for an address.
func exchange(t testing.TB, address string, status int, body string) Exchange {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Exchange{
		Date: noon, Body: []byte(body), Source: "news", Kind: "article",
		Response: &http.Response{StatusCode: status, Request: req, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}},
	}
}

func mustOpen(t testing.TB, dir string, opts Options) *Archive {
	t.Helper()
	a, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func mustClose(t testing.TB, a *Archive) {
	t.Helper()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustStore(t testing.TB, a *Archive, x Exchange) Entry {
	t.Helper()
	e, err := a.Store(x)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func entries(t testing.TB, a *Archive) (all []Entry) {
	t.Helper()
	for e, err := range a.Entries() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// sees checks that the archive has the entries, by address and in all, and that
// each can be read.
func sees(t testing.TB, a *Archive, want []Entry) {
	t.Helper()
	all := entries(t, a)
	slices.SortFunc(all, Entry.before)
	slices.SortFunc(want, Entry.before)
	if !reflect.DeepEqual(all, want) {
		t.Fatalf("the archive has\n%+v, want\n%+v", all, want)
	}
	byURL := map[string][]Entry{}
	for _, e := range want {
		byURL[e.URL] = append(byURL[e.URL], e)
		missing := e.Revisit && strings.HasPrefix(e.File, "theirs") // what it is the same as
		if _, err := a.Read(e); err != nil && !missing {
			t.Error(err)
		}
	}
	for address, want := range byURL {
		got, err := a.All(address)
		latest, ok, err2 := a.Latest(address)
		if err != nil || err2 != nil || !ok || !reflect.DeepEqual(got, want) || latest != want[len(want)-1] {
			t.Errorf("All(%s) = %+v, %v, want %+v; Latest = %+v, %v", address, got, err, want, latest, err2)
		}
	}
}

func TestStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "archive")
	a := mustOpen(t, dir, Options{})
	if _, ok, err := a.Latest("https://a.example/"); ok || err != nil {
		t.Errorf("Latest in an empty archive = %v, %v", ok, err)
	}
	first := mustStore(t, a, exchange(t, "https://www.a.example/1?b=2&a=1", 200, "<p>one"))
	want := Entry{
		Capture: first.Capture, Length: first.Length, URL: "https://www.a.example/1?b=2&a=1", Date: noon, Status: 200,
		Type: "text/html", Digest: first.Digest, Source: "news", Kind: "article",
	}
	if first != want || first.Length == 0 || !strings.HasPrefix(first.Digest, "sha1:") {
		t.Errorf("stored as %+v, want %+v", first, want)
	}
	all := []Entry{first}
	for n := range 20 {
		all = append(all, mustStore(t, a, exchange(t, fmt.Sprintf("https://%d.example/page/%d", n%3, n%7), 200, fmt.Sprint("page ", n))))
	}
	if err := a.Sync(); err != nil {
		t.Fatal(err)
	}
	sees(t, a, all)
	response, err := a.Read(first)
	if err != nil || string(response.Payload) != "<p>one" || response.TargetURI != first.URL {
		t.Errorf("Read = %+v, %v", response, err)
	}
	mustClose(t, a)
	if _, err := a.Store(exchange(t, "https://a.example/", 200, "x")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("stored in a closed archive: %v", err)
	}
	a = mustOpen(t, dir, Options{})
	defer mustClose(t, a)
	sees(t, a, all)
	if names, err := Files(dir); err != nil || len(names) != 1 {
		t.Errorf("Files = %q, %v", names, err)
	}
	all = append(all, mustStore(t, a, exchange(t, "https://a.example/new", 404, "")))
	sees(t, a, all)
}

func TestRevisit(t *testing.T) {
	dir := t.TempDir()
	a := mustOpen(t, dir, Options{})
	at := func(minutes int, x Exchange) Exchange {
		x.Date = noon.Add(time.Duration(minutes) * time.Minute)
		return x
	}
	const page, twin = "https://a.example/page", "https://b.example/twin"
	steps := []struct {
		name    string
		x       Exchange
		revisit bool
		payload string // empty where there is none to read
		reopen  bool
	}{
		{"first", at(0, exchange(t, page, 200, "one")), false, "one", false},
		{"same body", at(1, exchange(t, page, 200, "one")), true, "one", false},
		{"changed", at(2, exchange(t, page, 200, "two")), false, "two", false},
		{"not modified", at(3, exchange(t, page, 304, "")), true, "two", true},
		{"as it was first", at(4, exchange(t, page, 200, "one")), true, "one", false},
		{"not modified after that", at(5, exchange(t, page, 304, "")), true, "one", false},
		{"same body elsewhere", at(6, exchange(t, twin, 200, "two")), true, "two", true},
		{"and again", at(7, exchange(t, twin, 304, "")), true, "two", false},
		{"no body", at(8, exchange(t, twin, 301, "")), false, "", false},
		{"no body again", at(9, exchange(t, twin, 301, "")), false, "", false},
		{"not modified, never seen", at(10, exchange(t, "https://c.example/", 304, "")), true, "", true},
	}
	var all []Entry
	for _, s := range steps {
		e := mustStore(t, a, s.x)
		all = append(all, e)
		if e.Revisit != s.revisit {
			t.Errorf("%s: stored as %+v", s.name, e)
		}
		if s.reopen {
			mustClose(t, a)
			a = mustOpen(t, dir, Options{})
		}
	}
	for i, s := range steps {
		response, err := a.Read(all[i])
		switch {
		case s.payload == "" && s.revisit:
			if !errors.Is(err, ErrNoOriginal) {
				t.Errorf("%s: Read = %v", s.name, err)
			}
		case err != nil || string(response.Payload) != s.payload || response.TargetURI != all[i].URL || !response.Date.Equal(s.x.Date):
			t.Errorf("%s: Read = %+v, %v", s.name, response, err)
		}
	}
	mustClose(t, a)
}

func TestTruncated(t *testing.T) {
	a := mustOpen(t, t.TempDir(), Options{})
	defer mustClose(t, a)
	x := exchange(t, "https://a.example/", 200, "as far as it ca")
	x.Truncated = "length"
	for range 2 {
		e := mustStore(t, a, x)
		if response, err := a.Read(e); err != nil || e.Revisit || e.Digest != "" || response.Truncated != "length" {
			t.Errorf("Read = %+v, %v", response, err)
		}
	}
}

func TestRotate(t *testing.T) {
	dir := t.TempDir()
	a := mustOpen(t, dir, Options{FileSize: 2000})
	var all []Entry
	store := func(n int) {
		for i := range n {
			all = append(all, mustStore(t, a, exchange(t, fmt.Sprintf("https://a.example/%d", i), 200, fmt.Sprint(len(all), i))))
		}
	}
	store(12)
	sees(t, a, all)
	mustClose(t, a)
	names, err := Files(dir)
	if err != nil || len(names) < 4 {
		t.Fatalf("Files = %q, %v", names, err)
	}
	a = mustOpen(t, dir, Options{FileSize: 2000})
	store(3)
	sees(t, a, all)
	mustClose(t, a)
	leftovers, _ := filepath.Glob(filepath.Join(dir, "*.new"))
	if indexes, _ := filepath.Glob(filepath.Join(dir, "*.cdxj")); len(leftovers) > 0 || len(indexes) < len(names) {
		t.Errorf("indexes %q and journals %q", indexes, leftovers)
	}
	for _, path := range leftovers {
		t.Log(path)
	}
}

// TestIndexLost has the indexes go missing, or be of something else.
func TestIndexLost(t *testing.T) {
	tests := []struct {
		name string
		harm func(index []byte) []byte // nil to remove it
	}{
		{"missing", nil},
		{"empty", func([]byte) []byte { return nil }},
		{"noise", func([]byte) []byte { return []byte("noise\nnoise\n") }},
		{"of a shorter file", func(b []byte) []byte { return []byte(metaMark + "{\"covers\":100}\n") }},
		{"of a longer file", func(b []byte) []byte {
			return []byte(strings.Replace(string(b), `"covers":`, `"covers":9`, 1))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			a := mustOpen(t, dir, Options{FileSize: 2000})
			var all []Entry
			for n := range 8 {
				all = append(all, mustStore(t, a, exchange(t, fmt.Sprintf("https://a.example/%d", n%5), 200, fmt.Sprint(n))))
			}
			mustClose(t, a)
			indexes, err := filepath.Glob(filepath.Join(dir, "*.cdxj"))
			if err != nil || len(indexes) < 2 {
				t.Fatal(indexes, err)
			}
			for _, path := range indexes {
				b, err := os.ReadFile(path)
				if err == nil && tt.harm == nil {
					err = os.Remove(path)
				} else if err == nil {
					err = os.WriteFile(path, tt.harm(b), 0o644)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			a = mustOpen(t, dir, Options{FileSize: 2000})
			sees(t, a, all)
			mustClose(t, a)
			a = mustOpen(t, dir, Options{FileSize: 2000})
			sees(t, a, all)
			mustClose(t, a)
		})
	}
}

// abandon leaves the archive as a process does that is killed, with so many
// bytes of its last file written.
func abandon(t *testing.T, a *Archive, keep int64) {
	t.Helper()
	path := a.current.path
	a.current.writer.Close()
	a.current.journal.Close()
	a.closeTables()
	a.lock.Unlock()
	if err := os.Truncate(path, keep); err != nil {
		t.Fatal(err)
	}
}

func TestKilled(t *testing.T) {
	for _, cut := range []int64{0, 1, 150, 400} { // bytes of the last exchange
		for _, synced := range []int{0, 2, 4} {
			t.Run(fmt.Sprintf("%d bytes lost, %d synced", cut, synced), func(t *testing.T) {
				dir := t.TempDir()
				a := mustOpen(t, dir, Options{})
				all := []Entry{mustStore(t, a, exchange(t, "https://a.example/first", 200, "first"))}
				mustClose(t, a)
				a = mustOpen(t, dir, Options{})
				for n := range 5 {
					all = append(all, mustStore(t, a, exchange(t, fmt.Sprintf("https://a.example/%d", n), 200, fmt.Sprint(n))))
					if n < synced {
						if err := a.Sync(); err != nil {
							t.Fatal(err)
						}
					}
				}
				end := a.current.writer.Size() - cut
				abandon(t, a, end)
				if last := all[len(all)-1]; last.Offset+last.Length > end {
					all = all[:len(all)-1]
				} else if cut > 0 {
					all[len(all)-1].Source, all[len(all)-1].Kind = "", "" // were in the record that was cut
				}
				a = mustOpen(t, dir, Options{})
				if (a.Mended() > 0) != (cut > 0) {
					t.Errorf("mended %d bytes", a.Mended())
				}
				sees(t, a, all)
				all = append(all, mustStore(t, a, exchange(t, "https://a.example/4", 200, "again")))
				sees(t, a, all)
				mustClose(t, a)
			})
		}
	}
}

// TestJournalTorn has a kill leave a part of a line, after which more is
// written.
func TestJournalTorn(t *testing.T) {
	dir := t.TempDir()
	a := mustOpen(t, dir, Options{})
	var all []Entry
	for round := range 3 {
		all = append(all, mustStore(t, a, exchange(t, fmt.Sprintf("https://a.example/%d", round), 200, fmt.Sprint(round))))
		if err := a.Sync(); err != nil {
			t.Fatal(err)
		}
		journal, end := journalPath(a.current.path), a.current.writer.Size()
		abandon(t, a, end)
		info, err := os.Stat(journal)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(journal, info.Size()-int64(10*round)); err != nil {
			t.Fatal(err)
		}
		a = mustOpen(t, dir, Options{})
		sees(t, a, all)
	}
	mustClose(t, a)
}

func TestInUse(t *testing.T) {
	dir := t.TempDir()
	a := mustOpen(t, dir, Options{})
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	mustClose(t, a)
	mustClose(t, mustOpen(t, dir, Options{}))
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, Options{}); err == nil {
		t.Error("opened a file")
	}
}

// TestForeign has files of others lie in the folder, and damaged ones.
func TestForeign(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"warcio.warc", "warcio.warc.gz"} {
		b, err := os.ReadFile(filepath.Join("..", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, strings.Replace(name, "warcio", "theirs-"+fmt.Sprint(len(name)), 1)), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	noise := filepath.Join(dir, nameOf(7, noon))
	if err := os.WriteFile(noise, []byte("\x1f\x8b\x08 this is no record"), 0o644); err != nil {
		t.Fatal(err)
	}
	a := mustOpen(t, dir, Options{})
	theirs := entries(t, a)
	if len(theirs) < 4 {
		t.Errorf("of others: %+v", theirs)
	}
	e := mustStore(t, a, exchange(t, "https://a.example/", 200, "ours"))
	if n, ok := parseName(e.File); !ok || n <= 7 && a.Mended() == 0 {
		t.Errorf("stored in %s", e.File)
	}
	sees(t, a, append(theirs, e))
	mustClose(t, a)
}

func TestConcurrently(t *testing.T) {
	dir := t.TempDir()
	a := mustOpen(t, dir, Options{FileSize: 20_000})
	var group sync.WaitGroup
	all := make([][]Entry, 8)
	for worker := range all {
		group.Go(func() {
			for n := range 20 {
				x := exchange(t, fmt.Sprintf("https://%d.example/%d", worker, n), 200, strings.Repeat(fmt.Sprint(worker, n), 50))
				e, err := a.Store(x)
				if err == nil {
					err = a.Sync()
				}
				if got, ok, findErr := a.Latest(e.URL); err != nil || findErr != nil || !ok || got != e {
					t.Errorf("Latest(%s) = %+v, %v %v, want %+v", e.URL, got, err, findErr, e)
				}
				all[worker] = append(all[worker], e)
			}
		})
	}
	group.Wait()
	sees(t, a, slices.Concat(all...))
	mustClose(t, a)
	a = mustOpen(t, dir, Options{})
	sees(t, a, slices.Concat(all...))
	mustClose(t, a)
}

func TestSortKey(t *testing.T) {
	tests := []struct{ in, want string }{
		{"https://www.Example.com/A/b?z=1&a=2#x", "com,example)/a/b?a=2&z=1"},
		{"http://example.com", "com,example)/"},
		{"http://example.com:80/", "com,example)/"},
		{"http://example.com:8080/ü x", "com,example:8080)/%c3%bc%20x"},
		{"urn:x y\nz", "urn:x_y_z"},
		{"dns:example.com", "dns:example.com"},
		{"http://[::1]:8080/", "::1:8080)/"},
	}
	for _, tt := range tests {
		if got := sortKey(tt.in); got != tt.want {
			t.Errorf("sortKey(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// FuzzLine reads lines of an index: one that can be read is written in a form
// that is read as the same.
func FuzzLine(f *testing.F) {
	f.Add(string(Entry{URL: "https://a.example/?x=1", Date: noon, Status: 200, Capture: warc.Capture{File: "a.warc.gz", Offset: 7}, Length: 9}.line()))
	f.Add(string(Entry{URL: "https://a.example/", Date: noon, Revisit: true, Digest: "sha1:X", Source: "s", Capture: warc.Capture{File: "a"}}.line()))
	f.Add(`com,example)/ 20260301120000 {"url": "http://example.com/", "mime": "text/html", "status": "-", "offset": "0", "length": "1", "filename": "x"}`)
	f.Fuzz(func(t *testing.T, line string) {
		e, err := parseLine([]byte(line))
		if err != nil {
			return
		}
		again, err := parseLine(e.line())
		if err != nil || again != e {
			t.Errorf("%q became %+v, then %+v: %v", line, e, again, err)
		}
	})
}

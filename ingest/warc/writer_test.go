package warc

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/foreign"
)

var fetched = time.Date(2021, 8, 27, 17, 11, 0, 250e6, time.FixedZone("", 2*3600))

// answer is the response of a server to GET of an address.
func answer(address string, status int, header ...string) *http.Response {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	resp := &http.Response{
		Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), StatusCode: status, Proto: "HTTP/2.0", Header: http.Header{},
		Request: &http.Request{Method: http.MethodGet, URL: u, Header: http.Header{"User-Agent": {"breachgraph"}}},
	}
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		resp.Header.Add(name, value)
	}
	return resp
}

// exchange drafts what is written for a page: the response, the request and,
// once more, that it has not changed.
func exchange(n int) []Draft {
	resp := answer(fmt.Sprintf("https://news.example/%d?a=b#top", n), 200, "Content-Type: text/html", "Set-Cookie: a", "Set-Cookie: b", "Date: x")
	response := DraftResponse(fetched, resp, []byte(pageBody(n)))
	request := DraftRequest(fetched, resp.Request)
	request.Fields = append(request.Fields, Field{"WARC-Concurrent-To", response.ID()})
	resp.StatusCode, resp.Status = 304, "304 Not Modified"
	revisit := DraftRevisit(fetched.Add(time.Hour), resp, Original{
		TargetURI: response.TargetURI, Date: response.Date, Digest: response.PayloadDigest(),
	})
	return []Draft{response, request, revisit}
}

func mustAppend(t testing.TB, path string) *Writer {
	t.Helper()
	w, err := Append(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func mustWrite(t testing.TB, w *Writer, drafts ...Draft) []Location {
	t.Helper()
	at, err := w.Write(drafts...)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func mustClose(t testing.TB, w *Writer) {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustReadFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWriterGolden(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.warc.gz")
	w := mustAppend(t, path)
	mustWrite(t, w, DraftInfo(fetched, "a.warc.gz", Field{"software", "breachgraph"}, Field{"robots", "obey"}))
	mustWrite(t, w, exchange(1)...)
	mustWrite(t, w, DraftRevisit(fetched, answer("https://news.example/copy", 200), Original{TargetURI: "https://news.example/1?a=b", Date: fetched}))
	mustClose(t, w)
	zip, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer zip.Close()
	var got bytes.Buffer
	for record, err := range NewReader(zip, Limits{}).Records() {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "WARC/%s\n", record.Version)
		for _, f := range record.Header {
			fmt.Fprintf(&got, "%s: %s\n", f.Name, f.Value)
		}
		got.WriteString("\n")
		if _, err := got.ReadFrom(record); err != nil {
			t.Fatal(err)
		}
		got.WriteString("\n\n")
	}
	compareGolden(t, "testdata/written.golden", bytes.ReplaceAll(got.Bytes(), []byte("\r"), nil))
}

func TestWriterReadsBack(t *testing.T) {
	folder := t.TempDir()
	w := mustAppend(t, filepath.Join(folder, "a.warc.gz"))
	var captures []string
	end := int64(0)
	for n := range 20 {
		for _, at := range mustWrite(t, w, exchange(n)...) {
			if at.Offset != end {
				t.Fatalf("a record is at %+v, want it at byte %d", at, end)
			}
			end += at.Length
			captures = append(captures, Capture{File: "a.warc.gz", Offset: at.Offset}.String())
		}
		if w.Size() != end {
			t.Fatalf("Size = %d, want %d", w.Size(), end)
		}
		if n%7 == 0 { // close it and open it again
			mustClose(t, w)
			w = mustAppend(t, filepath.Join(folder, "a.warc.gz"))
			if w.Dropped() != 0 {
				t.Fatalf("%d bytes of a whole file were dropped", w.Dropped())
			}
		}
	}
	if err := w.Sync(); err != nil {
		t.Fatal(err)
	}
	for i, s := range captures {
		c, err := ParseCapture(s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadCapture(folder, c, Limits{})
		switch {
		case i%3 != 0:
			if err == nil || !strings.Contains(err.Error(), "not an HTTP response") {
				t.Errorf("ReadCapture(%s) = %v, %v", s, got, err)
			}
		case err != nil || string(got.Payload) != pageBody(i/3) || !got.Date.Equal(fetched) || len(got.Header["Set-Cookie"]) != 2 ||
			got.TargetURI != fmt.Sprintf("https://news.example/%d?a=b", i/3):
			t.Errorf("ReadCapture(%s) = %+v, %v", s, got, err)
		}
	}
}

// TestAppendAfterCrash cuts a file in many places: all whole records stay, and
// the next one can be read.
func TestAppendAfterCrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.warc.gz")
	w := mustAppend(t, path)
	var ends []int64
	for n := range 3 {
		mustWrite(t, w, exchange(n)[0])
		ends = append(ends, w.Size())
	}
	mustClose(t, w)
	whole := mustReadFile(t, path)
	for cut := int64(0); cut <= int64(len(whole)); cut++ {
		if cut > 30 && cut < ends[1]-15 || cut > ends[1]+30 && cut < ends[2]-15 {
			cut += 20 // what happens in the middle of a record happens everywhere
		}
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := Append(path)
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		kept := int64(0)
		want := ""
		for n, end := range ends {
			if end <= cut {
				kept, want = end, want+fmt.Sprintf("%d?a=b ", n)
			}
		}
		if w.Size() != kept || w.Dropped() != cut-kept {
			t.Fatalf("cut at %d: size %d, %d dropped, want %d and %d", cut, w.Size(), w.Dropped(), kept, cut-kept)
		}
		mustWrite(t, w, exchange(9)[0])
		mustClose(t, w)
		if got, errs := readPages(t, string(mustReadFile(t, path)), Limits{}); got != want+"9?a=b" || errs != nil {
			t.Fatalf("cut at %d: read %q, %v, want %q", cut, got, errs, want+"9?a=b")
		}
	}
}

// TestAppendToPagesOfArchives has pages that are WARC files themselves, which
// compression leaves as they are.
func TestAppendToPagesOfArchives(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var inner string
	for range 3 {
		noise := make([]byte, 3000)
		for i := range noise {
			noise[i] = byte(r.Uint32())
		}
		inner += zipped(plainRecord("response", "https://news.example/inner", string(noise)))
	}
	resp := answer("https://news.example/archive.warc.gz", 200)
	for _, body := range []string{inner, inner + "x", inner[:len(inner)-9]} {
		path := filepath.Join(t.TempDir(), "a.warc.gz")
		w := mustAppend(t, path)
		mustWrite(t, w, exchange(1)[0], DraftResponse(fetched, resp, []byte(body)))
		size := w.Size()
		mustClose(t, w)
		if !strings.Contains(string(mustReadFile(t, path)), inner[:100]) {
			t.Fatal("the page is compressed")
		}
		if w := mustAppend(t, path); w.Size() != size {
			t.Errorf("a whole file of %d bytes was cut to %d", size, w.Size())
		}
		torn := mustReadFile(t, path)
		if err := os.WriteFile(path, torn[:size-20], 0o600); err != nil {
			t.Fatal(err)
		}
		w = mustAppend(t, path)
		if got, errs := readPages(t, string(mustReadFile(t, path)), Limits{}); got != "1?a=b" || errs != nil || w.Dropped() == 0 {
			t.Errorf("after a crash there are %q, %v", got, errs)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	whole := zipped(page(1)) + zipped(page(2)) + zipped(page(3))
	first := len(zipped(page(1)))
	tests := []struct{ name, in, want string }{
		{"a text", "hello", "it is no compressed WARC file"},
		{"a plain archive", page(1), "it is no compressed WARC file"},
		{"another compressed file", zipped("hello, world"), "it is damaged at byte 0"},
		{"the start of another", zipped(strings.Repeat("hello, world ", 100))[:20], "it is damaged at byte 0"},
		{"a text behind a record", zipped(page(1)) + "hello, this is no record", fmt.Sprintf("it is damaged at byte %d", first)},
		{"zeros behind a record", zipped(page(1)) + strings.Repeat("\x00", 4096), fmt.Sprintf("it is damaged at byte %d", first)},
		{"wrong bits in the last record", flip(whole, len(whole)-100), "it is damaged at byte"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.warc.gz")
			if err := os.WriteFile(path, []byte(tt.in), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Append(path)
			if err == nil || !strings.Contains(err.Error(), "append to "+path+": "+tt.want) {
				t.Errorf("Append = %v, want %q", err, tt.want)
			}
			if left := mustReadFile(t, path); string(left) != tt.in {
				t.Errorf("of %d bytes %d are left", len(tt.in), len(left))
			}
		})
	}
	if _, err := Append(filepath.Join(t.TempDir(), "none", "a.warc.gz")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Append in a folder that is not there = %v", err)
	}
	// Damage before the last records is none of the end's business.
	path := filepath.Join(t.TempDir(), "a.warc.gz")
	if err := os.WriteFile(path, []byte(flip(whole, 50)), 0o600); err != nil {
		t.Fatal(err)
	}
	if w := mustAppend(t, path); w.Size() != int64(len(whole)) {
		t.Errorf("a file with damage at its start was cut to %d", w.Size())
	}
}

func TestWriterFails(t *testing.T) {
	w := mustAppend(t, filepath.Join(t.TempDir(), "a.warc.gz"))
	mustWrite(t, w, exchange(1)...)
	size := w.Size()
	mustClose(t, w)
	for range 2 {
		if at, err := w.Write(exchange(2)...); err == nil || w.Size() != size {
			t.Errorf("Write to a closed file = %v, %v, and the size is %d", at, err, w.Size())
		}
	}
	if err := w.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Close of a closed file = %v", err)
	}
}

func TestWriterConcurrent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.warc.gz")
	w := mustAppend(t, path)
	var group sync.WaitGroup
	for n := range 40 {
		group.Go(func() {
			if _, err := w.Write(exchange(n)...); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	mustClose(t, w)
	var kinds []string
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for record, err := range NewReader(f, Limits{}).Records() {
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, record.Type())
	}
	want := slices.Repeat([]string{TypeResponse, TypeRequest, TypeRevisit}, 40)
	if !slices.Equal(kinds, want) {
		t.Errorf("the records of an exchange do not stand together: %v", kinds)
	}
}

// TestDraftInjection has values that would end their line, or the header.
func TestDraftInjection(t *testing.T) {
	resp := answer("https://news.example/", 200, "X: a\r\n\r\n<p>", "Transfer-Encoding: chunked", "Y\r\nZ: b\nc")
	resp.Status = "200 OK\r\nEvil: yes"
	d := DraftResponse(fetched, resp, []byte("body"))
	d.TargetURI = "https://news.example/\r\nWARC-Type: request"
	d.Fields = []Field{{"X", "y\r\n\r\nWARC/1.1\r\n"}}
	folder := t.TempDir()
	w := mustAppend(t, filepath.Join(folder, "a.warc.gz"))
	mustWrite(t, w, d)
	got, err := ReadCapture(folder, Capture{File: "a.warc.gz"}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if string(got.Payload) != "body" || got.Header.Get("Evil") != "" || got.Header.Get("Z") != "" || got.Header.Get("Transfer-Encoding") != "" ||
		got.TargetURI != "https://news.example/ WARC-Type: request" {
		t.Errorf("read back as %+v", got)
	}
}

func TestCapture(t *testing.T) {
	for _, c := range []Capture{{"a.warc.gz", 0}, {"a b%/ü.warc.gz", 1 << 40}} {
		if got, err := ParseCapture(c.String()); err != nil || got != c {
			t.Errorf("ParseCapture(%q) = %+v, %v, want %+v", c, got, err, c)
		}
	}
	if got, want := (Capture{"crawl-1.warc.gz", 562}).String(), "warc://crawl-1.warc.gz/562"; got != want {
		t.Errorf("String = %q, want %q", got, want)
	}
	for _, s := range []string{"", "warc://", "warc:///1", "warc://a", "warc://a/", "warc://a/-1", "warc://a/b/1", "warc://a/1x", "http://a/1", "warc://%zz/1"} {
		if got, err := ParseCapture(s); err == nil {
			t.Errorf("ParseCapture(%q) = %+v", s, got)
		}
	}
	folder := t.TempDir()
	inner := filepath.Join(folder, "inner")
	if err := os.Mkdir(inner, 0o700); err != nil {
		t.Fatal(err)
	}
	w := mustAppend(t, filepath.Join(folder, "a.warc.gz"))
	mustWrite(t, w, exchange(1)...)
	for _, file := range []string{"../a.warc.gz", filepath.Join(folder, "a.warc.gz"), "none.warc.gz"} {
		if got, err := ReadCapture(inner, Capture{File: file}, Limits{}); err == nil {
			t.Errorf("ReadCapture of %s = %+v", file, got)
		}
	}
}

// TestForeignReader has warcio check what is written here.
func TestForeignReader(t *testing.T) {
	warcio := foreign.Program(t, "warcio")
	path := filepath.Join(t.TempDir(), "a.warc.gz")
	w := mustAppend(t, path)
	mustWrite(t, w, DraftInfo(fetched, "a.warc.gz", Field{"software", "breachgraph"}))
	for n := range 3 {
		mustWrite(t, w, exchange(n)...)
	}
	mustClose(t, w)
	out, err := exec.Command(warcio, "check", "-v", path).CombinedOutput()
	if passed := strings.Count(string(out), "digest pass"); err != nil || passed != 7 {
		t.Errorf("warcio check: %v, %d digests passed, want 7\n%s", err, passed, out)
	}
	index, err := exec.Command(warcio, "index", "-f", "offset,length,warc-type,http:status", path).Output()
	if lines := strings.Count(string(index), "\n"); err != nil || lines != 10 {
		t.Errorf("warcio index: %v, %d records, want 10\n%s", err, lines, index)
	}
}

func BenchmarkWrite(b *testing.B) {
	w := mustAppend(b, filepath.Join(b.TempDir(), "a.warc.gz"))
	resp := answer("https://news.example/", 200, "Content-Type: text/html")
	body := []byte(benchmarkPage(1))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Write(DraftResponse(fetched, resp, body), DraftRequest(fetched, resp.Request)); err != nil {
			b.Fatal(err)
		}
	}
}

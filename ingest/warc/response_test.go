package warc

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestForeignFiles reads files that warcio 1.8.1 wrote, plain as version 1.0 and
// compressed as version 1.1.
func TestForeignFiles(t *testing.T) {
	for _, name := range []string{"warcio.warc", "warcio.warc.gz"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name)
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			var got bytes.Buffer
			for response, err := range NewReader(f, Limits{}).Responses() {
				if err != nil {
					t.Fatal(err)
				}
				writeGolden(t, &got, response)
			}
			compareGolden(t, path+".golden", got.Bytes())
		})
	}
}

func writeGolden(t *testing.T, w io.Writer, r *Response) {
	t.Helper()
	header, err := json.Marshal(r.Header)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(w, "%s\n\t%d %s, bytes %d+%d, truncated %q\n\t%s\n\t%q\n",
		r.TargetURI, r.Status, formatDate(r.Date), r.Offset, r.Length, r.Truncated, header, r.Payload)
}

func compareGolden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("differs from %s:\n%s\nwant\n%s", path, got, want)
	}
}

const story = "<h1>Acme hacked</h1><p>Acme said on Tuesday that somebody copied the records of 5,000 customers.</p>"

func chunked(s string) string {
	var b strings.Builder
	for part := range slices.Chunk([]byte(s), 30) {
		fmt.Fprintf(&b, "%X;x=y\r\n%s\r\n", len(part), part)
	}
	return b.String() + "0\r\nTrailer: x\r\n\r\n"
}

func compressed(s string, to func(io.Writer) io.WriteCloser) string {
	var b bytes.Buffer
	w := to(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

func deflated(s string) string {
	return compressed(s, func(w io.Writer) io.WriteCloser {
		z, err := flate.NewWriter(w, 6)
		if err != nil {
			panic(err)
		}
		return z
	})
}

func withZlib(s string) string {
	return compressed(s, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
}

func brotlied(s string) string {
	return compressed(s, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
}

func TestPayload(t *testing.T) {
	tests := []struct{ name, header, body, want string }{
		{"as it is", "", story, story},
		{"empty", "", "", ""},
		{"identity", "Content-Encoding: identity", story, story},
		{"chunked", "Transfer-Encoding: chunked", chunked(story), story},
		{"chunked no more", "Transfer-Encoding: chunked", story, story},
		{"gzip", "Content-Encoding: gzip", zipped(story), story},
		{"x-gzip", "content-encoding: X-GZIP", zipped(story), story},
		{"gzip in two members", "Content-Encoding: gzip", zipped(story[:50]) + zipped(story[50:]), story},
		{"gzip no more", "Content-Encoding: gzip", story, story},
		{"gzip, chunked", "Content-Encoding: gzip\r\nTransfer-Encoding: chunked", chunked(zipped(story)), story},
		{"gzip as transfer coding", "Transfer-Encoding: gzip, chunked", chunked(zipped(story)), story},
		{"twice gzip", "Content-Encoding: gzip, gzip", zipped(zipped(story)), story},
		{"deflate", "Content-Encoding: deflate", withZlib(story), story},
		{"deflate without zlib", "Content-Encoding: deflate", deflated(story), story},
		{"brotli", "Content-Encoding: br", brotlied(story), story},
		{"brotli in chunks", "Content-Encoding: br\r\nTransfer-Encoding: chunked", chunked(brotlied(story)), story},
		{"gzip of nothing", "Content-Encoding: gzip", "", ""},
		{"chunked nothing", "Transfer-Encoding: chunked", "0\r\n\r\n", ""},
		{"a header renamed", "X-Crawl-Content-Encoding: gzip", story, story},
		{"truncated", "Content-Length: 5000", story, story},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			block := "HTTP/1.1 200 OK\r\n" + tt.header + strings.Repeat("\r\n", min(len(tt.header), 1)) + "\r\n" + tt.body
			got, err := readBlock(block, Limits{})
			if err != nil || string(got.Payload) != tt.want {
				t.Errorf("read %+v, %v, want %q", got, err, tt.want)
			}
		})
	}
}

func readBlock(block string, limits Limits, fields ...string) (*Response, error) {
	record, err := NewReader(strings.NewReader(plainRecord("response", "https://news.example/", block, fields...)), limits).Next()
	if err != nil {
		return nil, err
	}
	return record.Response()
}

func TestResponseHeader(t *testing.T) {
	tests := []struct{ name, block, want string }{
		{"plain", "HTTP/1.0 404 Not Found\r\nServer: x\r\n\r\nbody", `404 map[Server:[x]] "body"`},
		{"no reason", "HTTP/1.1 200\r\n\r\nbody", `200 map[] "body"`},
		{"HTTP/2", "HTTP/2 200 \r\n\r\nbody", `200 map[] "body"`},
		{"ends of line without CR", "HTTP/1.1 200 OK\nServer: x\n\nbody", `200 map[Server:[x]] "body"`},
		{"names in any case, values in lists", "HTTP/1.1 200 OK\r\nSET-cookie: a\r\nset-Cookie:b\r\n\r\n", `200 map[Set-Cookie:[a b]] ""`},
		{"folded", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", `200 map[X:[a b]] ""`},
		{"useless lines", "HTTP/1.1 200 OK\r\nno colon\r\n: no name\r\nX y: z\r\n\r\n", `200 map[X y:[z]] ""`},
		{"no end", "HTTP/1.1 302 Found\r\nLocation: /x\r\n", `302 map[Location:[/x]] ""`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readBlock(tt.block, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if s := fmt.Sprintf("%d %v %q", got.Status, got.Header, got.Payload); s != tt.want {
				t.Errorf("read %s, want %s", s, tt.want)
			}
		})
	}
}

func TestResponseErrors(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	bomb := zipped(strings.Repeat("\x00", 2<<20))
	tests := []struct{ name, block, want string }{
		{"empty", "", "HTTP status line: unexpected EOF"},
		{"no HTTP", "<html>\r\n\r\n", `begins with "<html>", not with an HTTP status`},
		{"no status", "HTTP/1.1 OK\r\n\r\n", `begins with "HTTP/1.1 OK", not with an HTTP status`},
		{"status out of range", "HTTP/1.1 20 OK\r\n\r\n", `begins with "HTTP/1.1 20 OK", not with an HTTP status`},
		{"endless header", ok + strings.Repeat("X: y\r\n", maxHeader/5), "HTTP header: too large"},
		{"endless line", ok + "X: " + strings.Repeat("y", maxHeader), "HTTP header: too large"},
		{"too large", ok + "\r\n" + strings.Repeat("x", 1<<20+1), "payload: too large: more than 1048576 bytes"},
		{"gzip bomb", ok + "Content-Encoding: gzip\r\n\r\n" + bomb, "payload: too large"},
		{"bomb in a bomb", ok + "Content-Encoding: gzip, gzip\r\n\r\n" + zipped(bomb), "payload: too large"},
		{"brotli bomb", ok + "Content-Encoding: br\r\n\r\n" + brotlied(strings.Repeat("\x00", 2<<20)), "payload: too large"},
		{"cut gzip", ok + "Content-Encoding: gzip\r\n\r\n" + zipped(story)[:40], "payload: unexpected EOF"},
		{"cut gzip header", ok + "Content-Encoding: gzip\r\n\r\n" + zipped(story)[:8], "payload: unexpected EOF"},
		{"cut chunk", ok + "Transfer-Encoding: chunked\r\n\r\n" + chunked(story)[:50], "payload: unexpected EOF"},
		{"broken chunk", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX", "payload: "},
		{"broken deflate", ok + "Content-Encoding: deflate\r\n\r\n" + story, "payload: "},
		{"broken brotli", ok + "Content-Encoding: br\r\n\r\n" + story, "payload: "},
		{"unknown coding", ok + "Content-Encoding: zstd\r\n\r\n" + story, `payload: unknown coding "zstd"`},
		{"many codings", ok + "Content-Encoding: gzip" + strings.Repeat(",gzip", 1000) + "\r\n\r\n" + bomb, "payload: in 1001 codings"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readBlock(tt.block, Limits{Payload: 1 << 20})
			if _, ok := errors.AsType[*RecordError](err); !ok || !strings.Contains(err.Error(), "record at byte 0: "+tt.want) {
				t.Errorf("read %+v, %v, want %q", got, err, tt.want)
			}
			if strings.Contains(tt.want, "too large") != errors.Is(err, ErrTooLarge) {
				t.Errorf("errors.Is(%v, ErrTooLarge) = %t", err, errors.Is(err, ErrTooLarge))
			}
		})
	}
}

// TestTruncated has captures that stop in the middle, as their record says.
func TestTruncated(t *testing.T) {
	half := zipped(story)[:60]
	for _, body := range []string{half, chunked(half)[:70]} {
		header := "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
		if body != half {
			header += "Transfer-Encoding: chunked\r\n"
		}
		got, err := readBlock(header+"\r\n"+body, Limits{}, "WARC-Truncated: length")
		if err != nil || got.Truncated != "length" || len(got.Payload) == 0 || !strings.HasPrefix(story, string(got.Payload)) {
			t.Errorf("read %+v, %v", got, err)
		}
	}
}

// TestResponsesGoOn reads on behind a response that cannot be decoded, and stops
// when it is told to.
func TestResponsesGoOn(t *testing.T) {
	broken := plainRecord("response", "https://news.example/x", "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\nx")
	pages, errs := readPages(t, page(1)+broken+page(2), Limits{})
	if want := fmt.Sprintf("[record at byte %d: payload: unknown coding \"zstd\"]", len(page(1))); pages != "1 2" || fmt.Sprint(errs) != want {
		t.Errorf("read %q, %v, want 1 2, %s", pages, errs, want)
	}
	n := 0
	for range NewReader(strings.NewReader(page(1)+page(2)), Limits{}).Responses() {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d responses after the first", n)
	}
	record, err := NewReader(strings.NewReader(plainRecord("request", "x", "GET / HTTP/1.1\r\n\r\n")), Limits{}).Next()
	if err != nil {
		t.Fatal(err)
	}
	if r, err := record.Response(); err == nil || !strings.Contains(err.Error(), "not an HTTP response") {
		t.Errorf("Response of a request = %v, %v", r, err)
	}
}

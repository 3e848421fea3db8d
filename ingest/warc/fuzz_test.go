package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// FuzzReader checks that a file, however broken, is read to its end, the same in
// whatever portions it comes, and that what is read is found again by its offset.
func FuzzReader(f *testing.F) {
	for _, name := range []string{"warcio.warc", "warcio.warc.gz"} {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	long := page(2, "Content-Length: 2000")
	f.Add([]byte(page(1) + long + page(3)))
	f.Add([]byte(zipped(page(1)) + zipped(page(2))[:90] + zipped(page(3)+long+page(4))))
	f.Add([]byte(plainRecord("response", "x", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")))
	f.Fuzz(func(t *testing.T, file []byte) {
		limits := Limits{Record: 1 << 20, Payload: 1 << 16}
		outcomes, at := readAll(t, bytes.NewReader(file), limits)
		again, _ := readAll(t, iotest.OneByteReader(bytes.NewReader(file)), limits)
		if strings.Join(outcomes, "\n") != strings.Join(again, "\n") {
			t.Errorf("read as\n%q\nand byte by byte as\n%q", outcomes, again)
		}
		for _, r := range at {
			if r.Length == 0 {
				continue
			}
			record, err := ReadAt(bytes.NewReader(file[:r.Offset+r.Length]), r.Offset, limits)
			if err != nil {
				t.Fatal(err)
			}
			if same, err := record.Response(); err != nil || !bytes.Equal(same.Payload, r.Payload) || same.Location != r.Location {
				t.Errorf("at %+v there is %+v, %v, want %+v", r.Location, same, err, r)
			}
		}
	})
}

// readAll reads all responses, and describes them and the errors.
func readAll(t *testing.T, r io.Reader, limits Limits) (outcomes []string, responses []*Response) {
	last := int64(-1)
	for response, err := range NewReader(r, limits).Responses() {
		offset := int64(0)
		if err != nil {
			re, ok := errors.AsType[*RecordError](err)
			if !ok {
				t.Fatalf("the reading ends with %v", err)
			}
			offset = re.Offset
			outcomes = append(outcomes, err.Error())
		} else {
			offset = response.Offset
			outcomes = append(outcomes, fmt.Sprintf("%+v", *response))
			responses = append(responses, response)
			if int64(len(response.Payload)) > limits.Payload {
				t.Fatalf("a payload of %d bytes", len(response.Payload))
			}
		}
		if offset < last {
			t.Fatalf("byte %d after byte %d", offset, last)
		}
		last = offset
	}
	return outcomes, responses
}

// FuzzPayload checks that no answer of a server takes more room than is allowed.
func FuzzPayload(f *testing.F) {
	for _, s := range []string{
		"HTTP/1.1 200 OK\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + zipped(story),
		"HTTP/2 404\nTransfer-Encoding: chunked\n\n5\r\nhello\r\n0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n" + brotlied(story),
		"HTTP/1.1 200 OK\r\nContent-Encoding: deflate, x-gzip\r\n\r\n" + zipped(withZlib(story)),
	} {
		f.Add(s, "")
		f.Add(s, "time")
	}
	f.Fuzz(func(t *testing.T, block, truncated string) {
		const limit = 1000
		fields := []string{"WARC-Truncated: " + oneLine(truncated)}
		got, err := readBlock(block, Limits{Payload: limit}, fields...)
		if err != nil {
			if _, ok := errors.AsType[*RecordError](err); !ok {
				t.Errorf("%v is no RecordError", err)
			}
			return
		}
		if len(got.Payload) > limit || got.Status < 100 || got.Status > 999 {
			t.Errorf("read %+v", got)
		}
	})
}

// FuzzWrite checks that what is written is read back, whatever it holds.
func FuzzWrite(f *testing.F) {
	f.Add("https://news.example/", "Content-Type", "text/html", []byte(story))
	f.Add("a\r\nWARC-Type: x", "X\r\n\r\n", "y\r\n\r\nWARC/1.1\r\n", []byte("\r\n\r\nWARC/1.1\r\n"))
	f.Add("<>", "", "\xff", []byte{})
	f.Fuzz(func(t *testing.T, uri, name, value string, body []byte) {
		resp := answer("https://news.example/", 200)
		resp.Header[name] = []string{value}
		resp.Header.Del("Content-Encoding")
		d := DraftResponse(fetched, resp, body)
		d.TargetURI = uri
		var b bytes.Buffer
		d.writeTo(&b)
		record, err := NewReader(&b, Limits{}).Next()
		if err != nil {
			t.Skip(err) // a header that is longer than allowed
		}
		if got, want := record.TargetURI(), strings.Trim(oneLine(uri), " \t"); got != want && !strings.HasPrefix(want, "<") {
			t.Errorf("TargetURI = %q, want %q", got, want)
		}
		if listed(resp.Header.Values("content-encoding")) != nil || listed(resp.Header[name]) != nil && strings.Contains(strings.ToLower(name), "encoding") {
			return // the body is not what it says
		}
		if got, err := record.Response(); err != nil || !bytes.Equal(got.Payload, body) {
			t.Errorf("read back as %+v, %v, want %q", got, err, body)
		}
	})
}

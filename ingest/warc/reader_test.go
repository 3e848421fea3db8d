package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/klauspost/compress/gzip"
)

// plainRecord is a record as it stands in a file, with the fields that follow its
// type, or with a length that is not that of its block if they name one.
func plainRecord(kind, uri, block string, fields ...string) string {
	head := fmt.Sprintf("WARC/1.1\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: 2021-08-27T17:11:00Z\r\n", kind, uri)
	for _, f := range fields {
		head += f + "\r\n"
	}
	if !strings.Contains(head, "Content-Length") {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(block))
	}
	return head + "\r\n" + block + "\r\n\r\n"
}

// page is the record of a page called by its number.
func page(n int, fields ...string) string {
	block := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + pageBody(n)
	return plainRecord("response", fmt.Sprintf("https://news.example/%d", n), block, fields...)
}

func pageBody(n int) string {
	return fmt.Sprintf("<h1>Acme hacked %d times</h1>", n) + strings.Repeat(fmt.Sprintf("<p>It has happened %d times. </p>\n", n), 20)
}

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.String()
}

// readPages gives the last parts of the addresses of all responses, each with "?"
// after it if it had to be searched for, and the errors.
func readPages(t *testing.T, file string, limits Limits) (pages string, errs []error) {
	t.Helper()
	var names []string
	for response, err := range NewReader(strings.NewReader(file), limits).Responses() {
		if err != nil {
			if _, ok := errors.AsType[*RecordError](err); !ok {
				t.Fatalf("the reading ends with %v", err)
			}
			errs = append(errs, err)
			continue
		}
		name := strings.TrimPrefix(response.TargetURI, "https://news.example/")
		var n int
		if _, err := fmt.Sscan(name, &n); err == nil && string(response.Payload) != pageBody(n) {
			t.Errorf("page %d has %.200q", n, response.Payload)
		}
		if response.Recovered {
			name += "?"
		}
		names = append(names, name)
	}
	return strings.Join(names, " "), errs
}

func TestReaderForms(t *testing.T) {
	three := []string{page(1), page(2), page(3)}
	var members, plain string
	for _, p := range three {
		plain += p
		members += zipped(p)
	}
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"blank", "\r\n\n", ""},
		{"plain", plain, "1 2 3"},
		{"a member each", members, "1 2 3"},
		{"a member for all", zipped(plain), "1 2 3"},
		{"members of one and of two", zipped(page(1)) + zipped(page(2)+page(3)), "1 2 3"},
		{"plain and compressed", page(1) + zipped(page(2)) + page(3), "1 2 3"},
		{"no lines between", strings.ReplaceAll(plain, "\r\n\r\nWARC", "WARC"), "1 2 3"},
		{"more lines between", strings.ReplaceAll(plain, "\r\n\r\nWARC", "\r\n\r\n\n\r\nWARC"), "1 2 3"},
		{"no lines at the end", strings.TrimSuffix(plain, "\r\n\r\n"), "1 2 3"},
		{"empty members", zipped("") + members + zipped("") + zipped(""), "1 2 3"},
		{"ends of line without CR", "WARC/1.0\nWARC-Type: response\nWARC-Target-URI: https://news.example/a\nContent-Length: 22\n\nHTTP/1.1 200 OK\n\nHello\n\n", "a"},
		{"other records too", plainRecord("warcinfo", "", "software: x\r\n") + page(1) + plainRecord("request", "https://news.example/2", "GET / HTTP/1.1\r\n\r\n") + page(2), "1 2"},
		{"what is no HTTP", plainRecord("response", "dns:news.example", "a", "Content-Type: text/dns") + page(1), "1"},
		{"an address in angle brackets", strings.Replace(page(1), "https://news.example/1", "<https://news.example/1>", 1), "1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, errs := readPages(t, tt.in, Limits{})
			if got != tt.want || errs != nil {
				t.Errorf("read %q, %v, want %q", got, errs, tt.want)
			}
		})
	}
}

// TestReaderDamage has files of which some is lost. What is not, is found.
func TestReaderDamage(t *testing.T) {
	p := func(n int) string { return page(n) }
	z := func(n int) string { return zipped(page(n)) }
	long := func(n int) string { return page(n, "Content-Length: 2000") }
	short := func(n int) string { return page(n, "Content-Length: 200") }
	large := strings.Repeat("x", 2*window)
	tests := []struct{ name, in, want, wantErr string }{
		{"no WARC", "<html>", "", "record at byte 0: unexpected EOF"},
		{"no WARC in several lines", "<html>\n<p>\n", "", `record at byte 0: begins with "<html>", not with a WARC version`},
		{"another compressed file", zipped("<html>\n"), "", `begins with "<html>"`},
		{"rubbish before", "rubbish\n" + p(1) + p(2), "1? 2?", "record at byte 0: begins with"},
		{"rubbish before, in a member", zipped("rubbish\n" + p(1) + p(2)), "1? 2?", "record at byte 0: begins with"},
		{"rubbish between", p(1) + "rubbish\n" + p(2), "2?", `record at byte 0: "rubbi" instead of a record behind its`},
		{"rubbish between members", z(1) + "rubbish\n" + z(2), "1 2?", fmt.Sprintf("record at byte %d: begins with", len(z(1)))},
		{"zeros at the end", z(1) + z(2) + strings.Repeat("\x00", 5000), "1 2", "unexpected EOF"},
		{"length too long", p(1) + long(2) + p(3) + p(4) + p(5), "1 3? 4? 5?", fmt.Sprintf("record at byte %d", len(p(1)))},
		{"length too short", p(1) + short(2) + p(3), "1 3?", fmt.Sprintf("record at byte %d", len(p(1)))},
		{"length far too long", p(1) + page(2, "Content-Length: 1000000") + p(3) + p(4), "1 3? 4?", "short of its length"},
		{"several too long", p(1) + long(2) + p(3) + long(4) + p(5) + p(6), "1 3? 5? 6?", "record at byte"},
		{"length too long, compressed", z(1) + zipped(long(2)) + z(3), "1 3", fmt.Sprintf("record at byte %d", len(z(1)))},
		{"length too short, compressed", z(1) + zipped(short(2)) + z(3), "1 3", fmt.Sprintf("record at byte %d", len(z(1)))},
		{"length too long in a member of many", zipped(p(1) + long(2) + p(3) + p(4) + p(5) + p(6)), "1 5? 6?", "record at byte 0"},
		{"length too short in a member of many", zipped(p(1) + short(2) + p(3) + p(4)), "1 3? 4?", "record at byte 0"},
		{"no length", p(1) + strings.Replace(p(2), "Content-Length", "X-Length", 1) + p(3), "1 3?", `Content-Length is ""`},
		{"negative length", p(1) + page(2, "Content-Length: -1") + p(3), "1 3?", `Content-Length is "-1"`},
		{"length beyond all numbers", p(1) + page(2, "Content-Length: 99999999999999999999") + p(3), "1 3?", "Content-Length is"},
		{"too large", plainRecord("response", "x", large) + p(2), "2", "record at byte 0: too large: 2097152 bytes, with at most 1048576 allowed"},
		{"too large, compressed", zipped(plainRecord("response", "x", large)) + z(2), "2", "too large"},
		{"too large in a member of many", zipped(plainRecord("response", "x", large) + p(2)), "2", "too large"},
		{"said to be too large", p(1) + page(2, "Content-Length: 4000000000") + p(3), "1 3?", "too large"},
		{"said to be too large, compressed", z(1) + zipped(page(2, "Content-Length: 4000000000")) + z(3), "1 3", "too large"},
		{"a bomb behind a small record", z(1) + zipped(page(2)+strings.Repeat("\r\nx", 4*window)) + z(3), "1 3?", "instead of a record"},
		{"cut in the block", p(1) + p(2)[:300], "1", fmt.Sprintf("record at byte %d: ends 560 bytes short of its length", len(p(1)))},
		{"cut in the header", p(1) + p(2)[:30], "1", fmt.Sprintf("record at byte %d: unexpected EOF", len(p(1)))},
		{"cut in the version", p(1) + p(2)[:3], "1", "unexpected EOF"},
		{"cut in the gzip header", z(1) + z(2)[:5], "1", fmt.Sprintf("record at byte %d: unexpected EOF", len(z(1)))},
		{"cut in the member", z(1) + z(2)[:100], "1", fmt.Sprintf("record at byte %d", len(z(1)))},
		{"cut in the check sum", z(1) + z(2)[:len(z(2))-3], "1", "unexpected EOF"},
		{"cut in the middle of the file", z(1) + z(2)[:100] + z(3) + z(4), "1 3? 4?", fmt.Sprintf("record at byte %d", len(z(1)))},
		{"cut in the middle of a plain file", p(1) + p(2)[:300] + "\n" + p(3) + p(4), "1 3? 4?", fmt.Sprintf("record at byte %d", len(p(1)))},
		{"a wrong bit", z(1) + flip(z(2), 150) + z(3), "1 3?", fmt.Sprintf("record at byte %d", len(z(1)))},
		{"a wrong check sum", z(1) + flip(z(2), len(z(2))-6) + z(3), "1 3?", "invalid checksum"},
		{"a wrong gzip method", z(1) + flip(z(2), 2) + z(3), "1 3?", "invalid header"},
		{"a huge header line", p(1) + page(2, "X: "+strings.Repeat("x", maxHeader)) + p(3), "1 3?", "header of more than 256 KiB"},
		{"a huge header", p(1) + page(2, strings.Repeat("X: x\r\n", maxHeader/4)) + p(3), "1 3?", "header of more than 256 KiB"},
		{"a header without end", p(1) + strings.Repeat("WARC/1.1 ", maxHeader) + "\n" + p(3), "1 3?", "header of more than 256 KiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, errs := readPages(t, tt.in, Limits{Record: window})
			if got != tt.want {
				t.Errorf("read %q, want %q", got, tt.want)
			}
			if err := errors.Join(errs...); err == nil || !strings.Contains(err.Error(), tt.wantErr) || len(err.Error()) > 1000 {
				t.Errorf("errors %v, want %q", err, tt.wantErr)
			}
		})
	}
}

func flip(s string, at int) string { return s[:at] + string(s[at]^0x10) + s[at+1:] }

// TestReaderHostile has files that would take the square of their length to read
// if each record were believed, and then searched for others.
func TestReaderHostile(t *testing.T) {
	tests := []struct{ name, in string }{
		{"all claim to be long", strings.Repeat(page(1, "Content-Length: 900000"), 4000)},
		{"nothing but marks of gzip", strings.Repeat(gzipMark+"\x00\x00\x00\x00\x00\x00\x03", 50000)},
		{"nothing but versions", strings.Repeat("WARC/1.0\r\n", 100000)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := &countingReader{r: strings.NewReader(tt.in)}
			r := NewReader(in, Limits{})
			for range r.Records() {
				if len(r.raw.buf) > window {
					t.Fatalf("holds %d bytes", len(r.raw.buf))
				}
			}
			if r.reread > 5*int64(len(tt.in)+window) {
				t.Errorf("of %d bytes %d were read again", len(tt.in), r.reread)
			}
		})
	}
}

type countingReader struct{ r io.Reader }

func (c *countingReader) Read(p []byte) (int, error) { return c.r.Read(p[:min(len(p), 4096)]) }

func TestReaderFails(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, file := range []string{page(1), zipped(page(1)), ""} {
		in := io.MultiReader(strings.NewReader(file+file[:len(file)/2]), iotest.ErrReader(broken))
		var pages []string
		var last error
		for response, err := range NewReader(in, Limits{}).Responses() {
			if last = err; err == nil {
				pages = append(pages, response.TargetURI)
			}
		}
		if _, ok := errors.AsType[*RecordError](last); ok || !errors.Is(last, broken) || len(pages) > 1 {
			t.Errorf("read %q and then %v, want %v", pages, last, broken)
		}
	}
}

func TestReaderSmallReads(t *testing.T) {
	file := zipped(page(1)) + page(2) + zipped(page(3)+page(4))
	var got []string
	for response, err := range NewReader(iotest.OneByteReader(strings.NewReader(file)), Limits{}).Responses() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, response.TargetURI)
	}
	if len(got) != 4 {
		t.Errorf("read %q, want four", got)
	}
}

// TestReaderSkips goes on to the next record without having read any of the one
// before, part of it, or all.
func TestReaderSkips(t *testing.T) {
	r := NewReader(strings.NewReader(page(1)+zipped(page(2))+page(3)+zipped(page(4)+page(5))), Limits{})
	for n := 1; n <= 5; n++ {
		record, err := r.Next()
		if err != nil || record.TargetURI() != fmt.Sprintf("https://news.example/%d", n) {
			t.Fatalf("Next = %+v, %v, want record %d", record, err, n)
		}
		if _, err := io.CopyN(io.Discard, record, int64(n-1)*100); err != nil {
			t.Fatal(err)
		}
	}
	if record, err := r.Next(); err != io.EOF {
		t.Errorf("Next = %v, %v at the end", record, err)
	}
	if record, err := r.Next(); err != io.EOF {
		t.Errorf("Next = %v, %v after the end", record, err)
	}
}

func TestRecord(t *testing.T) {
	in := "WARC/1.0\r\nwarc-type: Response\r\nWARC-Concurrent-To: <urn:uuid:1>\r\nno colon\r\nWARC-Concurrent-To:<urn:uuid:2>\r\n" +
		"X-Long: one\r\n  two\r\n\tthree\r\nWARC-Date: 2021-08-27T17:11:00.5+02:00\r\ncontent-length: 5\r\n\r\nblock\r\n\r\n"
	record, err := NewReader(strings.NewReader(in), Limits{}).Next()
	if err != nil {
		t.Fatal(err)
	}
	want := Header{
		{"warc-type", "Response"}, {"WARC-Concurrent-To", "<urn:uuid:1>"}, {"WARC-Concurrent-To", "<urn:uuid:2>"},
		{"X-Long", "one two three"}, {"WARC-Date", "2021-08-27T17:11:00.5+02:00"}, {"content-length", "5"},
	}
	if !slices.Equal(record.Header, want) {
		t.Errorf("Header = %q, want %q", record.Header, want)
	}
	if record.Version != "1.0" || record.Type() != TypeResponse || record.Size != 5 || record.Header.Get("x-long") != "one two three" {
		t.Errorf("read as %+v", record)
	}
	if want := time.Date(2021, 8, 27, 15, 11, 0, 5e8, time.UTC); !record.Date().Equal(want) {
		t.Errorf("Date = %s, want %s", record.Date(), want)
	}
	if block, err := io.ReadAll(record); string(block) != "block" || err != nil {
		t.Errorf("the block is %q, %v", block, err)
	}
	for range 2 {
		if length, err := record.Close(); length != int64(len(in)) || err != nil {
			t.Errorf("Close = %d, %v, want %d", length, err, len(in))
		}
	}
	if n, err := record.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("Read = %d, %v after Close", n, err)
	}
}

func TestRecordDate(t *testing.T) {
	tests := []struct{ in, want string }{
		{"2021-08-27T17:11:00Z", "2021-08-27T17:11:00Z"},
		{"2021-08-27T17:11:00.123456789Z", "2021-08-27T17:11:00.123456789Z"},
		{"2021-08-27T17:11Z", "2021-08-27T17:11:00Z"},
		{"2021-08-27", "2021-08-27T00:00:00Z"},
		{"2021-08", "2021-08-01T00:00:00Z"},
		{"2021", "2021-01-01T00:00:00Z"},
		{"", "0001-01-01T00:00:00Z"},
		{"yesterday", "0001-01-01T00:00:00Z"},
	}
	for _, tt := range tests {
		r := Record{Header: Header{{"WARC-Date", tt.in}}}
		if got := r.Date().Format(time.RFC3339Nano); got != tt.want {
			t.Errorf("Date of %q = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestLocations(t *testing.T) {
	file := zipped(page(1)) + zipped("") + page(2) + "\r\n" + zipped(page(3)+page(4)) + zipped(page(5))
	r := strings.NewReader(file)
	want := []Location{
		{0, int64(len(zipped(page(1))))},
		{int64(strings.Index(file, "WARC/1.1")), int64(len(page(2)) + 2)},
		{int64(strings.Index(file, "WARC/1.1") + len(page(2)) + 2), 0},
		{int64(strings.Index(file, "WARC/1.1") + len(page(2)) + 2), 0},
		{int64(len(file) - len(zipped(page(5)))), int64(len(zipped(page(5))))},
	}
	var got []Location
	for response, err := range NewReader(strings.NewReader(file), Limits{}).Responses() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, response.Location)
		record, err := ReadAt(r, response.Offset, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := record.Response(); err != nil || again.TargetURI != response.TargetURI && response.Length > 0 {
			t.Errorf("at byte %d there is %v, %v, want %s", response.Offset, again, err, response.TargetURI)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("locations %v, want %v", got, want)
	}
	for _, offset := range []int64{1, 10, int64(len(file)), int64(len(file)) + 100} {
		record, err := ReadAt(r, offset, Limits{})
		if re, ok := errors.AsType[*RecordError](err); !ok || re.Offset != offset {
			t.Errorf("ReadAt(%d) = %+v, %v", offset, record, err)
		}
	}
}

// TestReaderStreams reads a file of endless records in bounded memory.
func TestReaderStreams(t *testing.T) {
	one := zipped(page(1)) + page(1)
	r := NewReader(io.LimitReader(&repeater{s: one}, int64(1000*len(one))), Limits{})
	n := 0
	for _, err := range r.Responses() {
		if err != nil {
			t.Fatal(err)
		}
		if n++; len(r.raw.buf) > 2*firstBuffer {
			t.Fatalf("holds %d bytes after %d records", len(r.raw.buf), n)
		}
	}
	if n != 2000 {
		t.Errorf("read %d records, want 2000", n)
	}
}

type repeater struct {
	s  string
	at int
}

func (r *repeater) Read(p []byte) (int, error) {
	n := copy(p, r.s[r.at:])
	r.at = (r.at + n) % len(r.s)
	return n, nil
}

func BenchmarkResponses(b *testing.B) {
	files := map[string]string{"plain": "", "compressed": ""}
	for n := range 50 {
		p := benchmarkPage(n)
		files["plain"] += p
		files["compressed"] += zipped(p)
	}
	for name, file := range files {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(files["plain"])))
			b.ReportAllocs()
			for b.Loop() {
				for _, err := range NewReader(strings.NewReader(file), Limits{}).Responses() {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.N)*50/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// benchmarkPage is a record of the size that pages of the press have.
func benchmarkPage(n int) string {
	raw, err := os.ReadFile("reader_test.go")
	if err != nil {
		panic(err)
	}
	words := strings.Fields(string(raw))
	var body strings.Builder
	for i := 0; body.Len() < 80<<10; i = (i*7 + n + 13) % len(words) {
		fmt.Fprintf(&body, "<p class=x%d>%s %d</p>\n", i%97, words[i], body.Len()%1000)
	}
	return plainRecord("response", fmt.Sprintf("https://news.example/%d", n), "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"+body.String())
}

package warc

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Profiles of revisit records: what is the same as before.
const (
	profileNotModified = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
	profileIdentical   = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
)

// A Draft is a record that has not been written.
type Draft struct {
	Type        string
	TargetURI   string // what was captured; empty for [TypeInfo]
	Date        time.Time
	ContentType string  // of the block
	Fields      []Field // further fields
	Block       []byte

	payload int // where in the block of a response the body begins; 0 where it has none
}

// DraftInfo makes the record that says of a file what wrote it, with such fields
// as "software", "operator" and "robots".
func DraftInfo(date time.Time, file string, about ...Field) Draft {
	var block bytes.Buffer
	writeFields(&block, about)
	return Draft{
		Type: TypeInfo, Date: date, ContentType: "application/warc-fields", Block: block.Bytes(),
		Fields: []Field{{"WARC-Filename", file}},
	}
}

// DraftRequest makes the record of a request. Its body, if it had one, is not
// kept.
func DraftRequest(date time.Time, req *http.Request) Draft {
	var block bytes.Buffer
	fmt.Fprintf(&block, "%s %s HTTP/1.1\r\nHost: %s\r\n", oneLine(req.Method), oneLine(req.URL.RequestURI()), oneLine(requestHost(req)))
	writeHTTPHeader(&block, req.Header)
	return Draft{
		Type: TypeRequest, TargetURI: requestURI(req), Date: date,
		ContentType: "application/http;msgtype=request", Block: block.Bytes(),
	}
}

// DraftResponse makes the record of a response, whose body was read into body,
// with its content encoding if the header names one. The response must know its
// request.
func DraftResponse(date time.Time, resp *http.Response, body []byte) Draft {
	block := responseHeader(resp)
	start := block.Len()
	block.Write(body)
	return Draft{
		Type: TypeResponse, TargetURI: requestURI(resp.Request), Date: date,
		ContentType: "application/http;msgtype=response", Block: block.Bytes(), payload: start,
	}
}

// DraftMetadata makes the record of what else is known of a capture.
func DraftMetadata(of Draft, about ...Field) Draft {
	var block bytes.Buffer
	writeFields(&block, about)
	return Draft{
		Type: TypeMetadata, TargetURI: of.TargetURI, Date: of.Date, ContentType: "application/warc-fields", Block: block.Bytes(),
		Fields: []Field{{"WARC-Concurrent-To", of.ID()}},
	}
}

// An Original is the capture that a page was found to be the same as. What is not
// known of it may be left empty.
type Original struct {
	TargetURI string
	Date      time.Time
	Digest    string // as [Draft.PayloadDigest] gave it
}

// DraftRevisit makes the record of a response whose body was captured before: the
// server says that it is not modified, or it has the same digest.
func DraftRevisit(date time.Time, resp *http.Response, original Original) Draft {
	profile := profileIdentical
	if resp.StatusCode == http.StatusNotModified {
		profile = profileNotModified
	}
	fields := []Field{{"WARC-Profile", profile}}
	if original.TargetURI != "" {
		fields = append(fields, Field{"WARC-Refers-To-Target-URI", original.TargetURI})
	}
	if !original.Date.IsZero() {
		fields = append(fields, Field{"WARC-Refers-To-Date", formatDate(original.Date)})
	}
	if original.Digest != "" {
		fields = append(fields, Field{"WARC-Payload-Digest", original.Digest})
	}
	return Draft{
		Type: TypeRevisit, TargetURI: requestURI(resp.Request), Date: date, Fields: fields,
		ContentType: "application/http;msgtype=response", Block: responseHeader(resp).Bytes(),
	}
}

// responseHeader is the response up to its body. Readers of WARC know the status
// line of HTTP/1 only, and what came as HTTP/2 had none.
func responseHeader(resp *http.Response) *bytes.Buffer {
	block := new(bytes.Buffer)
	text := http.StatusText(resp.StatusCode)
	if _, given, ok := strings.Cut(resp.Status, " "); ok {
		text = given
	}
	fmt.Fprintf(block, "HTTP/1.1 %03d %s\r\n", resp.StatusCode, oneLine(text))
	writeHTTPHeader(block, resp.Header)
	return block
}

// writeHTTPHeader writes the fields, sorted, and the empty line. A body comes
// from net/http without transfer coding, so the block must not name one.
func writeHTTPHeader(w io.Writer, header http.Header) {
	var fields []Field
	for name, values := range header {
		for _, value := range values {
			if !strings.EqualFold(name, "Transfer-Encoding") {
				fields = append(fields, Field{name, value})
			}
		}
	}
	slices.SortStableFunc(fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	writeFields(w, fields)
	io.WriteString(w, "\r\n")
}

func writeFields(w io.Writer, fields []Field) {
	for _, f := range fields {
		fmt.Fprintf(w, "%s: %s\r\n", oneLine(f.Name), oneLine(f.Value))
	}
}

// oneLine keeps a value from beginning a field of its own.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	return strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ").Replace(s)
}

func requestHost(req *http.Request) string {
	if req.Host != "" {
		return req.Host
	}
	return req.URL.Host
}

// requestURI is the address without its fragment, which is not sent, and without
// blanks, which end an address for most readers.
func requestURI(req *http.Request) string {
	u := *req.URL
	u.Fragment, u.RawFragment = "", ""
	return strings.ReplaceAll(u.String(), " ", "%20")
}

func formatDate(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// ID returns the identifier of the record, by which another may refer to it in
// the field WARC-Concurrent-To. It is computed from what the record holds, so
// the same capture written twice has it twice.
func (d Draft) ID() string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n%s\n%s\n", d.Type, d.TargetURI, formatDate(d.Date))
	sum.Write(d.Block)
	u := sum.Sum(nil)[:16]
	u[6], u[8] = u[6]&0x0F|0x80, u[8]&0x3F|0x80 // version 8 of RFC 9562: our own way to make it
	return fmt.Sprintf("<urn:uuid:%x-%x-%x-%x-%x>", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// PayloadDigest returns the digest of a response's body, in the form that
// archives compare; empty for other records.
func (d Draft) PayloadDigest() string {
	if d.payload == 0 {
		return ""
	}
	return digest(d.Block[d.payload:])
}

// digest uses SHA-1 because the tools of web archives, and the indexes that they
// make, know little else. It tells pages apart and protects nothing.
func digest(b []byte) string {
	sum := sha1.Sum(b)
	return "sha1:" + base32.StdEncoding.EncodeToString(sum[:])
}

// writeTo writes the record as it stands in a file.
func (d Draft) writeTo(w io.Writer) {
	fields := []Field{
		{"WARC-Type", d.Type},
		{"WARC-Record-ID", d.ID()},
		{"WARC-Date", formatDate(d.Date)},
	}
	if d.TargetURI != "" {
		fields = append(fields, Field{"WARC-Target-URI", d.TargetURI})
	}
	fields = append(fields, d.Fields...)
	if payload := d.PayloadDigest(); payload != "" {
		fields = append(fields, Field{"WARC-Payload-Digest", payload})
	}
	fields = append(fields,
		Field{"WARC-Block-Digest", digest(d.Block)},
		Field{"Content-Type", d.ContentType},
		Field{"Content-Length", fmt.Sprint(len(d.Block))})
	io.WriteString(w, "WARC/1.1\r\n")
	writeFields(w, fields)
	io.WriteString(w, "\r\n")
	w.Write(d.Block)
	io.WriteString(w, "\r\n\r\n")
}

package archive

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/ingest/warc"
)

// An Entry is what the index knows of a capture.
type Entry struct {
	warc.Capture
	Length  int64 // bytes that the record takes in its file
	URL     string
	Date    time.Time // when it was captured, to the second
	Status  int       // HTTP status code
	Type    string    // media type, as the server gave it
	Digest  string    // of the body as it was sent; empty if the record has none, or not all of the body
	Revisit bool      // its body is that of an earlier capture
	// Source and Kind are those of [Exchange]; empty for captures of others.
	Source, Kind string
}

const (
	stamp       = "20060102150405" // the form of times in CDXJ
	revisitType = "warc/revisit"   // by which CDXJ tells revisits
	// maxURL is the longest address that is put into the index, in bytes.
	maxURL = 8 << 10
)

// fields is the JSON object of a line. Numbers are texts, as the tools of web
// archives write them.
type fields struct {
	URL      string `json:"url"`
	Mime     string `json:"mime,omitempty"`
	Status   string `json:"status,omitempty"`
	Digest   string `json:"digest,omitempty"`
	Length   string `json:"length"`
	Offset   string `json:"offset"`
	Filename string `json:"filename"`
	Source   string `json:"source,omitempty"`
	Kind     string `json:"kind,omitempty"`
}

// line is the entry as it stands in the index, without the end of the line.
func (e Entry) line() []byte {
	f := fields{
		URL: e.URL, Mime: e.Type, Digest: e.Digest, Length: strconv.FormatInt(e.Length, 10), Offset: strconv.FormatInt(e.Offset, 10),
		Filename: e.File, Source: e.Source, Kind: e.Kind,
	}
	if e.Status != 0 {
		f.Status = strconv.Itoa(e.Status)
	}
	if e.Revisit {
		f.Mime = revisitType
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s ", sortKey(e.URL), e.Date.UTC().Format(stamp))
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	out.Encode(f) // texts cannot fail
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

var errLine = errors.New("not a line of an index")

// parseLine reads what line wrote.
func parseLine(line []byte) (Entry, error) {
	_, rest, ok := bytes.Cut(line, []byte(" "))
	date, object, ok2 := bytes.Cut(rest, []byte(" "))
	if !ok || !ok2 {
		return Entry{}, errLine
	}
	var f fields
	if err := json.Unmarshal(object, &f); err != nil {
		return Entry{}, fmt.Errorf("%w: %w", errLine, err)
	}
	at, err := time.Parse(stamp, string(date))
	if err != nil {
		return Entry{}, fmt.Errorf("%w: %w", errLine, err)
	}
	e := Entry{
		URL: f.URL, Date: at, Type: f.Mime, Digest: f.Digest, Revisit: f.Mime == revisitType,
		Capture: warc.Capture{File: f.Filename}, Source: f.Source, Kind: f.Kind,
	}
	if e.Revisit {
		e.Type = ""
	}
	if f.Status != "" {
		e.Status, _ = strconv.Atoi(f.Status) // others write "-"
	}
	offset, err := strconv.ParseInt(f.Offset, 10, 64)
	length, err2 := strconv.ParseInt(f.Length, 10, 64)
	if err != nil || err2 != nil || offset < 0 || length < 0 || f.Filename == "" {
		return Entry{}, errLine
	}
	e.Offset, e.Length = offset, length
	return e, nil
}

// sortKey is the address as archives sort it: the host from its end, so that
// what belongs together stands together, and nothing that seldom matters. Several
// addresses may have one key.
func sortKey(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return strings.Map(printable, strings.ToLower(address))
	}
	labels := strings.Split(strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."), ".")
	slices.Reverse(labels)
	key := strings.Join(labels, ",")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		key += ":" + port
	}
	key += ")" + cmp.Or(strings.ToLower(u.EscapedPath()), "/")
	if u.RawQuery != "" {
		query := strings.Split(strings.ToLower(u.RawQuery), "&")
		slices.Sort(query)
		key += "?" + strings.Join(query, "&")
	}
	return strings.Map(printable, key)
}

// printable keeps from the key what parts it from the rest of a line.
func printable(r rune) rune {
	if r <= ' ' {
		return '_'
	}
	return r
}

// before orders captures by time, and those of one second as they were written.
func (e Entry) before(other Entry) int {
	return cmp.Or(e.Date.Compare(other.Date), strings.Compare(e.File, other.File), cmp.Compare(e.Offset, other.Offset))
}

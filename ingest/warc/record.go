package warc

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Types of records, as the field WARC-Type names them.
const (
	TypeInfo     = "warcinfo" // about the file itself
	TypeRequest  = "request"
	TypeResponse = "response"
	TypeRevisit  = "revisit"  // the same as was captured before
	TypeMetadata = "metadata" // what else is known of a capture
)

// ErrTooLarge is wrapped by the error for a record or a payload that is larger
// than the reader's [Limits] allow.
var ErrTooLarge = errors.New("too large")

// A RecordError says that a record cannot be read, or has to be taken with
// care. Reading goes on behind it.
type RecordError struct {
	Offset int64 // at which the record begins in the file
	Err    error
}

func (e *RecordError) Error() string { return fmt.Sprintf("record at byte %d: %v", e.Offset, e.Err) }
func (e *RecordError) Unwrap() error { return e.Err }

// A Field is a line of a record's header.
type Field struct{ Name, Value string }

// A Header holds the fields of a record, in their order. Some may stand several
// times.
type Header []Field

// Get returns the value of the first field with that name, in any case; empty
// without one.
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// A Record is one record of a file that is being read. Its block is read from
// it, as long as the reader has not gone on to the next.
type Record struct {
	// Offset is where the record can be found again: the byte in the file at
	// which it, or the gzip member that holds it, begins.
	Offset int64
	// Version is "1.0" or "1.1"; others are given as they are.
	Version string
	Header  Header
	// Size is the length of the block in bytes.
	Size int64
	// Recovered says that there is damage before the record, so that it, or one
	// before, had to be searched for. A page can hold what looks like records, so
	// these may not be what the writer of the file meant as such.
	Recovered bool

	reader *Reader
	left   int64
	ended  bool // Close was called, and length is known
	length int64
	err    error
}

// Type returns the field WARC-Type in lower case.
func (r *Record) Type() string { return strings.ToLower(r.Header.Get("WARC-Type")) }

// TargetURI returns what was captured. Some writers put it in angle brackets.
func (r *Record) TargetURI() string { return unbracketed(r.Header.Get("WARC-Target-URI")) }

func unbracketed(uri string) string {
	if inner, ok := strings.CutPrefix(uri, "<"); ok {
		uri = strings.TrimSuffix(inner, ">")
	}
	return uri
}

// dateForms are those of version 1.1, which may leave out from the right.
var dateForms = []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02", "2006-01", "2006"}

// Date returns when the record was captured; zero if the record does not say.
func (r *Record) Date() time.Time { return parseDate(r.Header.Get("WARC-Date")) }

func parseDate(value string) time.Time {
	for _, form := range dateForms {
		if t, err := time.Parse(form, value); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// Read reads the block. An error of it is a [*RecordError], or ends the reading
// of the whole file.
func (r *Record) Read(p []byte) (int, error) {
	switch {
	case r.err != nil:
		return 0, r.err
	case r.left == 0:
		return 0, io.EOF
	}
	n, err := r.reader.in.Read(p[:min(int64(len(p)), r.left)])
	if r.left -= int64(n); r.left > 0 && err != nil {
		r.err = r.reader.damage(fmt.Errorf("ends %d bytes short of its length: %w", r.left, unexpected(err)))
	}
	return n, r.err
}

// Close reads the rest of the record and sees that the file goes on or ends
// behind it; if not, the block was not what the writer of the file put there. The
// reader does so too, before the next record. It returns how many bytes the
// record takes in the file; 0 where it shares a gzip member with others, so that
// there is no way to it but past them.
func (r *Record) Close() (length int64, err error) {
	if !r.ended {
		r.ended = true
		r.length, r.err = r.reader.finish(r)
	}
	return r.length, r.err
}

// A Location says where a record lies in a file.
type Location struct{ Offset, Length int64 }

// A Capture names a record in an archive, a folder of files.
type Capture struct {
	File   string // name of the file in the folder
	Offset int64
}

const captureScheme = "warc://"

// String returns the form in which captures are referred to elsewhere,
// "warc://FILE/OFFSET".
func (c Capture) String() string {
	return captureScheme + url.PathEscape(c.File) + "/" + strconv.FormatInt(c.Offset, 10)
}

// ParseCapture reads what String wrote.
func ParseCapture(s string) (Capture, error) {
	rest, ok := strings.CutPrefix(s, captureScheme)
	name, number, cut := strings.Cut(rest, "/")
	file, err := url.PathUnescape(name)
	offset, numErr := strconv.ParseInt(number, 10, 64)
	if !ok || !cut || err != nil || numErr != nil || offset < 0 || file == "" {
		return Capture{}, fmt.Errorf("%.200q is not a capture (%sFILE/OFFSET)", s, captureScheme)
	}
	return Capture{File: file, Offset: offset}, nil
}

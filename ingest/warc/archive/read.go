package archive

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/breachgraph/breachgraph/ingest/warc"
)

// A Captured is a capture that is read from a WARC file, this program's or
// another's.
type Captured struct {
	// Response is the answer; of a page that was seen again it has no payload.
	*warc.Response
	// Original is what a page that was seen again is the same as; nil for others.
	Original *warc.Original
	Digest   string // of the body as it was sent; empty if the record has none
	// Source and Kind are those of [Exchange]; empty for captures of others.
	Source, Kind string
}

// Read yields the captures of a WARC file in their order. It holds one of them
// at a time. With a [*warc.RecordError] a record could not be read; others
// follow. Any other error is the last value.
func Read(r io.Reader, limits warc.Limits) iter.Seq2[*Captured, error] {
	return func(yield func(*Captured, error) bool) {
		var last *Captured // until the metadata behind it is known
		settle := func(next *Captured) bool {
			c := last
			last = next
			return c == nil || yield(c, nil)
		}
		for record, err := range warc.NewReader(r, limits).Records() {
			var c *Captured
			if err == nil {
				c, err = captured(record, last)
			}
			switch {
			case c != nil:
				if !settle(c) {
					return
				}
			case err != nil:
				if !settle(nil) || !yield(nil, err) || !errors.As(err, new(*warc.RecordError)) {
					return
				}
			}
		}
		settle(nil)
	}
}

// captured reads a record that is a capture, and adds to last if it describes
// that. It gives nothing for others.
func captured(record *warc.Record, last *Captured) (*Captured, error) {
	c := &Captured{Digest: record.Header.Get("WARC-Payload-Digest")}
	var err error
	switch {
	case !record.IsHTTP():
		if record.Type() == warc.TypeMetadata && last != nil && record.TargetURI() == last.TargetURI {
			about, err := record.Fields()
			last.Source, last.Kind = about.Get(fieldSource), about.Get(fieldKind)
			return nil, err
		}
		return nil, nil
	case record.Type() == warc.TypeResponse:
		c.Response, err = record.Response()
	case record.Type() == warc.TypeRevisit:
		original := record.Original()
		c.Original = &original
		c.Response, err = record.Head()
	default:
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("capture of %.300s: %w", record.TargetURI(), err)
	}
	return c, nil
}

package archive

import (
	"errors"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/ingest/warc"
)

// Fields of the metadata record of a capture.
const (
	fieldSource = "source"
	fieldKind   = "kind"
)

// indexed yields the entries of what a WARC file holds from offset on, which is
// where a record begins. What is damaged is passed over; only an error of the
// file itself is one.
func indexed(f io.ReaderAt, name string, offset int64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		const all = 1 << 62
		reader := warc.NewReader(io.NewSectionReader(f, offset, all-offset), warc.Limits{})
		var last Entry // until the metadata behind it is known
		for record, err := range reader.Records() {
			switch {
			case errors.As(err, new(*warc.RecordError)):
				continue
			case err != nil:
				yield(Entry{}, err)
				return
			case record.Type() == warc.TypeMetadata && record.TargetURI() == last.URL:
				last.describe(record)
				continue
			}
			e, ok := entryOf(record)
			if !ok {
				continue
			}
			if last.URL != "" && !yield(last, nil) {
				return
			}
			e.File = name
			e.Offset += offset
			last = e
		}
		if last.URL != "" {
			yield(last, nil)
		}
	}
}

// entryOf makes the entry of a record that is a capture and can be found again.
func entryOf(record *warc.Record) (Entry, bool) {
	head, err := record.Head()
	if err != nil {
		return Entry{}, false
	}
	e := Entry{
		Capture: warc.Capture{Offset: record.Offset}, URL: record.TargetURI(), Date: record.Date().Truncate(time.Second), Status: head.Status,
		Type: mediaType(head.Header.Get("Content-Type")), Digest: record.Header.Get("WARC-Payload-Digest"), Revisit: record.Type() == warc.TypeRevisit,
	}
	if record.Header.Get("WARC-Truncated") != "" {
		e.Digest = "" // as in Store
	}
	e.Length, err = record.Close()
	return e, err == nil && e.Length > 0 && e.URL != "" && len(e.URL) <= maxURL
}

func (e *Entry) describe(record *warc.Record) {
	about, err := record.Fields()
	if err != nil {
		return
	}
	e.Source, e.Kind = about.Get(fieldSource), about.Get(fieldKind)
}

// mediaType is the media type without its parameters.
func mediaType(contentType string) string {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(kind[:min(len(kind), 100)]))
}

package archive

import (
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/breachgraph/breachgraph/ingest/warc"
)

// An Exchange is what was asked of a server and what it answered.
type Exchange struct {
	// Date is when the answer came. It is kept to the second.
	Date time.Time
	// Response is the answer, and knows its request. Its body has been read.
	Response *http.Response
	// Body is that body, with its content encoding if the header names one.
	Body []byte
	// Truncated says why the body is not whole, as "length" or "time"; empty if
	// it is.
	Truncated string
	// Source and Kind say what the crawl was after, for whoever has only the
	// archive. They may be empty.
	Source, Kind string
}

// Store writes an exchange to the archive: the answer, or where its body was
// captured before, or the server says so, that it was seen again; then the
// request, and what was looked for. It is durable after the next Sync.
func (a *Archive) Store(x Exchange) (Entry, error) {
	e, err := a.store(x)
	if err != nil {
		return Entry{}, fmt.Errorf("archive %.300s: %w", x.Response.Request.URL, err)
	}
	return e, nil
}

func (a *Archive) store(x Exchange) (Entry, error) {
	x.Date = x.Date.UTC().Truncate(time.Second)
	if err := a.makeRoom(x.Date); err != nil {
		return Entry{}, err
	}
	a.files.RLock()
	defer a.files.RUnlock()
	if a.current == nil {
		return Entry{}, os.ErrClosed
	}
	answer, err := a.draft(x)
	if err != nil {
		return Entry{}, err
	}
	drafts := []warc.Draft{answer, warc.DraftRequest(x.Date, x.Response.Request)}
	drafts[1].Fields = append(drafts[1].Fields, warc.Field{Name: "WARC-Concurrent-To", Value: answer.ID()})
	if x.Source != "" || x.Kind != "" {
		drafts = append(drafts, warc.DraftMetadata(answer, warc.Field{Name: fieldSource, Value: x.Source}, warc.Field{Name: fieldKind, Value: x.Kind}))
	}
	v := a.current
	pack, err := v.writer.Pack(drafts...)
	if err != nil {
		return Entry{}, err
	}
	v.mu.Lock() // so that entries are in the order of the file
	defer v.mu.Unlock()
	at, err := v.writer.WritePack(pack)
	if err != nil {
		return Entry{}, err
	}
	e := Entry{
		Capture: warc.Capture{File: v.name, Offset: at[0].Offset}, Length: at[0].Length, URL: answer.TargetURI, Date: x.Date,
		Status: x.Response.StatusCode, Type: mediaType(x.Response.Header.Get("Content-Type")), Digest: digestOf(answer),
		Revisit: answer.Type == warc.TypeRevisit, Source: x.Source, Kind: x.Kind,
	}
	if x.Truncated != "" {
		e.Digest = "" // what is the same as a part is not the same
	}
	if len(e.URL) <= maxURL {
		v.add(e)
	}
	return e, nil
}

// draft makes the record of the answer.
func (a *Archive) draft(x Exchange) (warc.Draft, error) {
	d := warc.DraftResponse(x.Date, x.Response, x.Body)
	if x.Truncated != "" {
		d.Fields = append(d.Fields, warc.Field{Name: "WARC-Truncated", Value: x.Truncated})
		return d, nil
	}
	unmodified := x.Response.StatusCode == http.StatusNotModified
	if !unmodified && len(x.Body) == 0 {
		return d, nil
	}
	original, ok, err := a.original(d.TargetURI, d.PayloadDigest(), unmodified)
	if err != nil || !ok && !unmodified {
		return d, err
	}
	return warc.DraftRevisit(x.Date, x.Response, warc.Original{TargetURI: original.URL, Date: original.Date, Digest: original.Digest}), nil
}

func digestOf(d warc.Draft) string {
	if digest := d.PayloadDigest(); digest != "" {
		return digest
	}
	for _, f := range d.Fields {
		if f.Name == "WARC-Payload-Digest" {
			return f.Value
		}
	}
	return ""
}

// makeRoom sees that there is a file to write to that is not full.
func (a *Archive) makeRoom(now time.Time) error {
	a.files.RLock()
	ok := a.current != nil && !a.full()
	a.files.RUnlock()
	if ok {
		return nil
	}
	a.syncs.Lock()
	defer a.syncs.Unlock()
	a.files.Lock()
	defer a.files.Unlock()
	if a.current != nil && a.full() {
		if err := a.end(); err != nil {
			return err
		}
	}
	switch {
	case a.closed:
		return os.ErrClosed
	case a.current != nil:
		return nil
	}
	name := nameOf(a.number+1, now)
	v, err := newVolume(a.dir, name)
	if err != nil {
		return err
	}
	if _, err := v.writer.Write(warc.DraftInfo(now, name, a.opts.About...)); err != nil {
		return err
	}
	a.number++
	a.current = v
	return nil
}

func (a *Archive) full() bool {
	a.current.mu.Lock()
	defer a.current.mu.Unlock()
	return a.current.writer.Size() >= a.opts.FileSize || len(a.current.entries) >= maxCaptures
}

// end closes the file that is written to, and writes its index.
func (a *Archive) end() error {
	v := a.current
	a.current = nil
	size := v.writer.Size()
	if err := v.close(); err != nil {
		return err
	}
	return a.seal(v.path, v.entries, size)
}

// Sync waits until all that was stored before is safe from a crash of the
// machine. Several that wait do so together.
func (a *Archive) Sync() error {
	if err := a.sync(); err != nil {
		return fmt.Errorf("sync the archive %s: %w", a.dir, err)
	}
	return nil
}

func (a *Archive) sync() error {
	stored := a.stored()
	a.syncs.Lock()
	defer a.syncs.Unlock()
	a.files.RLock()
	defer a.files.RUnlock()
	v := a.current
	if v == nil || stored.volume != v || v.logged >= stored.entries {
		return nil // ended, which syncs, or synced by another
	}
	return v.sync()
}

// A mark is how far a file was written at some time.
type mark struct {
	volume  *volume
	entries int
}

func (a *Archive) stored() mark {
	a.files.RLock()
	defer a.files.RUnlock()
	if a.current == nil {
		return mark{}
	}
	a.current.mu.Lock()
	defer a.current.mu.Unlock()
	return mark{a.current, len(a.current.entries)}
}

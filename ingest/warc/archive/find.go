package archive

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"github.com/breachgraph/breachgraph/ingest/warc"
)

// Latest returns the last capture of an address; not ok if there is none.
func (a *Archive) Latest(address string) (e Entry, ok bool, err error) {
	all, err := a.All(address)
	if err != nil || len(all) == 0 {
		return Entry{}, false, err
	}
	return all[len(all)-1], true, nil
}

// All returns the captures of an address, oldest first.
func (a *Archive) All(address string) ([]Entry, error) {
	a.files.RLock()
	defer a.files.RUnlock()
	all, err := a.all(address)
	if err != nil {
		return nil, fmt.Errorf("look up %.300s in the archive %s: %w", address, a.dir, err)
	}
	return all, nil
}

func (a *Archive) all(address string) (all []Entry, err error) {
	key := sortKey(address)
	for _, t := range a.sealed {
		for e, err := range t.find(key) {
			if err != nil {
				return nil, fmt.Errorf("%s: %w", t.file.Name(), err)
			}
			if e.URL == address {
				all = append(all, e)
			}
		}
	}
	if v := a.current; v != nil {
		v.mu.Lock()
		defer v.mu.Unlock()
		for _, i := range v.byURL[address] {
			all = append(all, v.entries[i])
		}
	}
	slices.SortFunc(all, Entry.before)
	return all, nil
}

// original finds the capture that a new one has the body of: the last one of
// the address if the server says so, else the last one there with that digest,
// or any in the file that is written to.
func (a *Archive) original(address, digest string, unmodified bool) (Entry, bool, error) {
	all, err := a.all(address)
	if err != nil {
		return Entry{}, false, err
	}
	for _, e := range slices.Backward(all) {
		switch {
		case unmodified && e.Status == http.StatusOK && e.Revisit:
			first, err := a.first(e)
			return first, err == nil, nil
		case !e.Revisit && e.Digest != "" && (unmodified && e.Status == http.StatusOK || e.Digest == digest):
			return e, true, nil
		}
	}
	v := a.current
	v.mu.Lock()
	defer v.mu.Unlock()
	if i, ok := v.byDigest[digest]; ok && !unmodified {
		return v.entries[i], true, nil
	}
	return Entry{}, false, nil
}

// Entries yields all that the archive has: file by file in the order in which
// they were written, and in each by address and time. What is stored meanwhile
// may be missing. An error ends it.
func (a *Archive) Entries() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		a.files.RLock()
		sealed := slices.Clone(a.sealed)
		var written []Entry
		if v := a.current; v != nil {
			v.mu.Lock()
			written = slices.Clone(v.entries)
			v.mu.Unlock()
		}
		a.files.RUnlock()
		for _, t := range sealed {
			for e, err := range t.all() {
				if err != nil {
					err = fmt.Errorf("read the archive %s: %s: %w", a.dir, t.file.Name(), err)
				}
				if !yield(e, err) || err != nil {
					return
				}
			}
		}
		slices.SortFunc(written, Entry.before)
		for _, e := range written {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// ErrNoOriginal is wrapped by the error of [Archive.Read] for a page that was
// seen again where the archive does not have it as it was first seen.
var ErrNoOriginal = errors.New("the capture that it is the same as is missing")

// Read reads a capture. Of a page that was seen again it gives the response as
// it was captured first, with the time and the address of the later one.
func (a *Archive) Read(e Entry) (*warc.Response, error) {
	if !e.Revisit {
		return warc.ReadCapture(a.dir, e.Capture, a.opts.Limits)
	}
	a.files.RLock()
	first, err := a.first(e)
	a.files.RUnlock()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", e.Capture, err)
	}
	response, err := warc.ReadCapture(a.dir, first.Capture, a.opts.Limits)
	if err != nil {
		return nil, fmt.Errorf("read %s, which is the same: %w", e.Capture, err)
	}
	response.TargetURI, response.Date = e.URL, e.Date
	return response, nil
}

// first finds the capture that a revisit record refers to.
func (a *Archive) first(e Entry) (Entry, error) {
	file, err := os.Open(filepath.Join(a.dir, filepath.Base(e.File)))
	if err != nil {
		return Entry{}, pathless(err)
	}
	defer file.Close()
	record, err := warc.ReadAt(file, e.Offset, a.opts.Limits)
	if err != nil {
		return Entry{}, err
	}
	all, err := a.all(record.Original().TargetURI)
	if err != nil {
		return Entry{}, err
	}
	for _, first := range slices.Backward(all) {
		if !first.Revisit && !first.Date.After(e.Date) && (e.Digest == "" && first.Status == http.StatusOK || e.Digest == first.Digest) {
			return first, nil
		}
	}
	return Entry{}, ErrNoOriginal
}

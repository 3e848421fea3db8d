package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// An Old file is one whose captures are all older than some time.
type Old struct {
	File   string
	Bytes  int64
	Latest time.Time // when its last capture was made
}

// Old returns the files with no capture after a time, the oldest first. The
// file that is written to is never among them, see [Archive.Rotate], nor is one
// that holds no capture that is known.
func (a *Archive) Old(before time.Time) ([]Old, error) {
	a.files.RLock()
	defer a.files.RUnlock()
	var old []Old
	for _, t := range a.sealed {
		latest, err := t.latest()
		if err != nil {
			return nil, fmt.Errorf("look for old captures in %s: %w", t.file.Name(), err)
		}
		if latest.IsZero() || !latest.Before(before) {
			continue
		}
		name, err := a.fileOf(t)
		if err != nil {
			return nil, err
		}
		old = append(old, Old{name, t.cover, latest})
	}
	slices.SortFunc(old, func(x, y Old) int { return x.Latest.Compare(y.Latest) })
	return old, nil
}

// latest is when the last capture of a table was made; zero if it has none.
func (t *table) latest() (latest time.Time, err error) {
	for e, err := range t.all() {
		if err != nil {
			return latest, err
		}
		if e.Date.After(latest) {
			latest = e.Date
		}
	}
	return latest, nil
}

// fileOf is the name of the WARC file that a table is of.
func (a *Archive) fileOf(t *table) (string, error) {
	base := withoutIndex(filepath.Base(t.file.Name()))
	for _, end := range []string{suffix, ".warc"} {
		if _, err := os.Stat(filepath.Join(a.dir, base+end)); err == nil {
			return base + end, nil
		}
	}
	return "", fmt.Errorf("archive %s: the file of %s is gone", a.dir, filepath.Base(t.file.Name()))
}

func withoutIndex(name string) string { return name[:len(name)-len(indexSuffix)] }

// Rotate ends the file that is written to if its first capture was made before a
// time, so that files come to be old as a whole.
func (a *Archive) Rotate(before time.Time) error {
	a.syncs.Lock()
	defer a.syncs.Unlock()
	a.files.Lock()
	defer a.files.Unlock()
	v := a.current
	if v == nil || len(v.entries) == 0 || !v.entries[0].Date.Before(before) {
		return nil
	}
	if err := a.end(); err != nil {
		return fmt.Errorf("end a file of the archive %s: %w", a.dir, err)
	}
	return nil
}

// Drop deletes a file that [Archive.Old] named, with all its captures. Pages
// that were seen again later and had not changed lose their text with it.
func (a *Archive) Drop(name string) error {
	if err := a.drop(name); err != nil {
		return fmt.Errorf("drop %s from the archive %s: %w", name, a.dir, pathless(err))
	}
	return nil
}

func (a *Archive) drop(name string) error {
	a.files.Lock()
	defer a.files.Unlock()
	path := filepath.Join(a.dir, name)
	i := slices.IndexFunc(a.sealed, func(t *table) bool { return t.file.Name() == indexPath(path) })
	if i < 0 {
		return fs.ErrNotExist
	}
	if err := a.sealed[i].close(); err != nil {
		return err
	}
	a.sealed = slices.Delete(a.sealed, i, i+1)
	// The index goes first: of a file without one it is made again, while an
	// index without its file would stay for ever.
	return errors.Join(os.Remove(indexPath(path)), os.Remove(path))
}

// OriginalOf returns the capture that holds the body of a page which was seen
// again; e itself for others.
func (a *Archive) OriginalOf(e Entry) (Entry, error) {
	if !e.Revisit {
		return e, nil
	}
	a.files.RLock()
	defer a.files.RUnlock()
	first, err := a.first(e)
	if err != nil {
		return Entry{}, fmt.Errorf("find the original of %s: %w", e.Capture, err)
	}
	return first, nil
}

package crawl

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/breachgraph/breachgraph/ingest/warc"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

// Names of what lies in the folder of a crawl.
const (
	FrontierName = "frontier.db"
	ArchiveName  = "archive"
	ShelfName    = "files.json" // which files were read
)

// Snapshot writes the frontier, and which files were read, as they are at one
// moment into a folder, under the names that they have in the folder of the
// crawl. It returns how far the files of the archive go with that: they hold all
// that the frontier knows of. A crawl may go on meanwhile.
func (c *Crawler) Snapshot(folder string) ([]archive.Extent, error) {
	// In this order: what a file held is known to the frontier before the file
	// counts as read, and a page is in the archive before the frontier knows.
	if err := c.shelf.copy(filepath.Join(folder, ShelfName)); err != nil {
		return nil, err
	}
	if err := c.frontier.Snapshot(filepath.Join(folder, FrontierName)); err != nil {
		return nil, err
	}
	return c.archive.Extents()
}

// copy writes the marks as they are to another file.
func (s *shelf) copy(path string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	raw, err := json.Marshal(s.marks)
	if err == nil {
		err = os.WriteFile(path, raw, 0o600)
	}
	if err != nil {
		return fmt.Errorf("copy which files were read: %w", err)
	}
	return nil
}

// Expired returns the files of the archive that hold only captures made before a
// time, and nothing that still has to be loaded.
func (c *Crawler) Expired(before time.Time) ([]archive.Old, error) {
	needed, err := c.needed()
	if err != nil {
		return nil, err
	}
	old, err := c.archive.Old(before)
	return slices.DeleteFunc(old, func(o archive.Old) bool { return needed[o.File] }), err
}

// Expire deletes such files and returns them. It also ends the file that is
// written to when its first capture was made before rotate: files are deleted as
// a whole, so none should span much time.
func (c *Crawler) Expire(before, rotate time.Time) ([]archive.Old, error) {
	if err := c.archive.Rotate(rotate); err != nil {
		return nil, err
	}
	old, err := c.Expired(before)
	if err != nil {
		return nil, err
	}
	for i, o := range old {
		if err := c.archive.Drop(o.File); err != nil {
			return old[:i], err
		}
	}
	return old, nil
}

// needed are the files that hold what waits to be loaded.
func (c *Crawler) needed() (map[string]bool, error) {
	waiting, err := c.frontier.Unread()
	if err != nil {
		return nil, err
	}
	files := map[string]bool{}
	for _, text := range waiting {
		var n note
		if json.Unmarshal([]byte(text), &n) != nil {
			continue // tells of nothing that can be loaded
		}
		at, err := warc.ParseCapture(n.Place)
		if err != nil {
			continue // a file that is not of the archive
		}
		files[at.File] = true
		all, err := c.archive.All(n.URL)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(e archive.Entry) bool { return e.Capture == at })
		if i < 0 {
			continue
		}
		original, err := c.archive.OriginalOf(all[i])
		switch {
		case err == nil:
			files[original.File] = true
		case !errors.Is(err, archive.ErrNoOriginal) && !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	return files, nil
}

package archive

import (
	"fmt"
	"os"
	"path/filepath"
)

// An Extent says how far a WARC file of an archive holds whole records.
type Extent struct {
	File  string // its name
	Bytes int64
}

// Extents makes durable what was stored, and returns all files with how far each
// is whole, in the order in which they were written. What comes later is behind
// that, so these parts can be read while the archive is written to.
func (a *Archive) Extents() ([]Extent, error) {
	if err := a.Sync(); err != nil {
		return nil, err
	}
	a.files.RLock()
	defer a.files.RUnlock()
	names, err := Files(a.dir)
	if err != nil {
		return nil, err
	}
	all := make([]Extent, len(names))
	for i, name := range names {
		info, err := os.Stat(filepath.Join(a.dir, name))
		if err != nil {
			return nil, fmt.Errorf("measure %s in the archive %s: %w", name, a.dir, pathless(err))
		}
		all[i] = Extent{name, info.Size()}
		if v := a.current; v != nil && v.name == name {
			v.mu.Lock()
			all[i].Bytes = v.writer.Size()
			v.mu.Unlock()
		}
	}
	return all, nil
}

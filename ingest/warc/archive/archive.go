// Package archive keeps captured pages for ever: a folder of WARC files, each
// with its index beside it in the form CDXJ, so that an earlier capture of a
// page is found without reading them. It knows nothing of articles, and deletes
// whole files only, and only those that it is told to.
//
// archive.go opens the folder, store.go adds to it and find.go looks up; entry.go
// has a line of the index, table.go the lines of a file, and walk.go makes them
// from a WARC file whose index is missing or old. expire.go deletes old files, and
// extent.go says how far each is whole, for copies.
package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/breachgraph/breachgraph/ingest/warc"
)

// ErrInUse is wrapped by the error of [Open] where another process writes to the
// archive.
var ErrInUse = errors.New("in use by another process")

const (
	suffix        = ".warc.gz"
	indexSuffix   = ".cdxj"
	journalSuffix = ".cdxj.new" // lines of what was added since the index was written
	lockName      = "archive.lock"
	// maxCaptures is how many captures a file holds at most, as the index of the
	// one that is written to is in memory.
	maxCaptures = 50_000
)

// Options say how an archive is written. The zero value is right.
type Options struct {
	FileSize int64        // bytes after which a file is ended; 0 means 1 GiB
	About    []warc.Field // what the files say of who made them, such as "software"
	Limits   warc.Limits  // of what is read back
}

// An Archive is an open folder. It may be used by several goroutines at once,
// and by one process.
type Archive struct {
	dir  string
	opts Options
	lock *flock.Flock

	files   sync.RWMutex // held to write by what changes the two
	sealed  []*table     // in the order of the names of their files
	current *volume      // nil until something is stored
	closed  bool

	syncs  sync.Mutex // held by who syncs
	number int        // of the last file
	mended int64
}

// Open opens the archive in a folder, or makes one. What a crash left unfinished
// at its end is cut off, and an index that is missing or old is made again.
func Open(dir string, opts Options) (*Archive, error) {
	if opts.FileSize <= 0 {
		opts.FileSize = 1 << 30
	}
	a := &Archive{dir: dir, opts: opts, lock: flock.New(filepath.Join(dir, lockName))}
	if err := a.open(); err != nil {
		return nil, fmt.Errorf("open the archive %s: %w", dir, errors.Join(err, a.closeTables(), a.lock.Unlock()))
	}
	return a, nil
}

func (a *Archive) open() error {
	if err := os.MkdirAll(a.dir, 0o755); err != nil {
		return pathless(err)
	}
	free, err := a.lock.TryLock()
	if err != nil {
		return pathless(err)
	}
	if !free {
		return ErrInUse
	}
	names, err := Files(a.dir)
	if err != nil {
		return err
	}
	ours := -1 // the last file that we wrote
	for i, name := range names {
		if n, ok := parseName(name); ok && n > a.number {
			ours, a.number = i, n
		}
	}
	for i, name := range names {
		if err := a.load(name, i == ours); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// load takes in a WARC file. The last one that we wrote may end in what a crash
// left, and goes on to be written to if there is room.
func (a *Archive) load(name string, last bool) error {
	if last {
		return a.resume(name)
	}
	return a.index(name)
}

// index takes in a file that is not written to.
func (a *Archive) index(name string) error {
	path := filepath.Join(a.dir, name)
	info, err := os.Stat(path)
	if err != nil {
		return pathless(err)
	}
	t, err := openTable(indexPath(path))
	if err == nil && t.cover == info.Size() {
		a.sealed = append(a.sealed, t)
		return nil
	}
	if err == nil {
		err = t.close()
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errLine) {
		return err
	}
	return a.reindex(name, info.Size())
}

// reindex makes the index of such a file.
func (a *Archive) reindex(name string, size int64) error {
	path := filepath.Join(a.dir, name)
	file, err := os.Open(path)
	if err != nil {
		return pathless(err)
	}
	defer file.Close()
	var entries []Entry
	for e, err := range indexed(file, name, 0) {
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	return a.seal(path, entries, size)
}

// seal writes the index of a file and adds it to what is searched.
func (a *Archive) seal(path string, entries []Entry, size int64) error {
	if err := writeTable(indexPath(path), entries, size); err != nil {
		return pathless(err)
	}
	if err := os.Remove(journalPath(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return pathless(err)
	}
	t, err := openTable(indexPath(path))
	if err != nil {
		return err
	}
	a.sealed = append(a.sealed, t)
	return nil
}

// Mended returns how many bytes of an unfinished record were cut off when the
// archive was opened.
func (a *Archive) Mended() int64 { return a.mended }

// Close makes all that was stored durable, and writes the index of the file that
// was written to.
func (a *Archive) Close() error {
	a.syncs.Lock()
	defer a.syncs.Unlock()
	a.files.Lock()
	defer a.files.Unlock()
	var err error
	if a.current != nil {
		err = a.end()
	}
	a.closed = true
	if err := errors.Join(err, a.closeTables(), a.lock.Unlock()); err != nil {
		return fmt.Errorf("close the archive %s: %w", a.dir, err)
	}
	return nil
}

func (a *Archive) closeTables() (err error) {
	for _, t := range a.sealed {
		err = errors.Join(err, t.close())
	}
	return err
}

// Files returns the names of the WARC files in an archive, in the order in
// which they were written.
func Files(dir string) ([]string, error) {
	found, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the archive %s: %w", dir, pathless(err))
	}
	var names []string
	for _, entry := range found {
		if name := entry.Name(); entry.Type().IsRegular() && (strings.HasSuffix(name, suffix) || strings.HasSuffix(name, ".warc")) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

func indexPath(warcPath string) string   { return withoutSuffix(warcPath) + indexSuffix }
func journalPath(warcPath string) string { return withoutSuffix(warcPath) + journalSuffix }

func withoutSuffix(path string) string {
	return strings.TrimSuffix(strings.TrimSuffix(path, ".gz"), ".warc")
}

// nameOf is the name of the file with that number. Names sort as they were made.
func nameOf(number int, made time.Time) string {
	return fmt.Sprintf("breachgraph-%06d-%s%s", number, made.UTC().Format(stamp), suffix)
}

func parseName(name string) (number int, ok bool) {
	var made string
	n, err := fmt.Sscanf(name, "breachgraph-%06d-%14s", &number, &made)
	return number, n == 2 && err == nil && number > 0 && name == fmt.Sprintf("breachgraph-%06d-%s%s", number, made, suffix)
}

// pathless takes off the name of the file, which is told once already.
func pathless(err error) error {
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		return inner.Err
	}
	return err
}

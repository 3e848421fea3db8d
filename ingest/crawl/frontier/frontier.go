// Package frontier remembers every URL that a crawl has met: what it is, when
// it is due, what became of it and by which other addresses it is known. It is
// a file that survives being killed at any moment. It fetches nothing and
// decides nothing: when a page is due again, and how long a host is left alone,
// is for the crawler to say.
//
// A crawler takes an item with Next, fetches it, stores the answer in the archive
// and syncs that, adds what it found there, and then calls Done. So what it was
// killed in is done again, and nothing else. Articles that Done was told of are
// kept as unread until SetRead says that they are loaded.
//
// frontier.go opens the file; item.go has what is known of a URL; store.go how
// that lies in the file; write.go takes what is found and what became of it,
// next.go gives what is due, host.go keeps hosts that fail, walk.go reads
// all of it, and snapshot.go copies it.
package frontier

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

var (
	// ErrInUse is wrapped by the error of [Open] where another process has the
	// frontier open.
	ErrInUse = errors.New("in use by another process")
	// ErrDamaged is wrapped by errors about a file that is no whole frontier. It
	// can be moved away: a new one is filled from the archive.
	ErrDamaged = errors.New("damaged; move it away, and the next crawl makes a new one from the archive")
)

// A Frontier is an open file. It may be used by several goroutines at once, and
// by one process.
type Frontier struct {
	path string
	db   *bolt.DB

	mu     sync.Mutex
	leased map[uint64]bool // given out by Next and not settled

	pending sync.Mutex // of queue
	queue   []*change
	commits sync.Mutex // held by who writes

	touched atomic.Int64 // looks at the file since the last trim
}

// lockWait is how long Open waits for a process that is about to end.
const lockWait = time.Second

// Open opens the frontier at path, or makes an empty one. Where the file was
// missing, [Frontier.Empty] says so, and what the archive knows should be added.
func Open(path string) (*Frontier, error) {
	f := &Frontier{path: path, leased: map[uint64]bool{}}
	if err := f.open(); err != nil {
		return nil, fmt.Errorf("open the frontier %s: %w", path, err)
	}
	return f, nil
}

func (f *Frontier) open() (err error) {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
		return pathless(err)
	}
	// Of a file that was cut short, pages are missing from the memory that it is
	// mapped to.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer recovered(&err)
	f.db, err = bolt.Open(f.path, 0o644, &bolt.Options{
		Timeout: lockWait, FreelistType: bolt.FreelistMapType, NoStatistics: true,
	})
	if err != nil {
		return translated(err)
	}
	if err := f.check(); err != nil {
		return errors.Join(err, f.db.Close())
	}
	return nil
}

// check sees that the file is whole, as far as that is quick to see, and of the
// form that is written here.
func (f *Frontier) check() (err error) {
	defer recovered(&err)
	info, err := os.Stat(f.path)
	if err != nil {
		return pathless(err)
	}
	cut := false
	err = f.db.View(func(tx *bolt.Tx) error {
		cut = tx.Size() > info.Size()
		return nil
	})
	if err != nil {
		return translated(err)
	}
	if cut {
		return fmt.Errorf("cut short: %w", ErrDamaged)
	}
	return translated(f.db.Update(prepare))
}

// Close ends the use of the file. What was leased is due again.
func (f *Frontier) Close() error {
	f.commits.Lock()
	defer f.commits.Unlock()
	if err := f.db.Close(); err != nil {
		return fmt.Errorf("close the frontier %s: %w", f.path, err)
	}
	return nil
}

// translated says in our words what befell the file.
func translated(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, bolterrors.ErrTimeout):
		return ErrInUse
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return fmt.Errorf("%w (%v)", ErrDamaged, err)
	}
	return pathless(err)
}

// recovered makes an error of a panic of bbolt, which is what it does about
// pages that are not as they were written.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w (%.200v)", ErrDamaged, p)
	}
}

// pathless takes off the name of the file, which is told once already.
func pathless(err error) error {
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		return inner.Err
	}
	return err
}

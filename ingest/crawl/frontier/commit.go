package frontier

import (
	"fmt"
	"runtime/debug"
	"slices"

	bolt "go.etcd.io/bbolt"
)

const (
	// batch is how many changes are written at once: bbolt holds the pages that
	// a transaction changes in memory.
	batch = 1000
	// addBatch is how many items of one Add are.
	addBatch = 2000
	// trimAfter is how many times the file may be looked at before the memory
	// that takes is given back: 100 MB at the worst.
	trimAfter = 200
)

// A change waits to be written.
type change struct {
	do   func(store) error
	done bool
	err  error
}

// write makes a change durable. Changes of several goroutines share a
// transaction: while one is being written, which is waiting for the disk, those
// that come wait for the next.
func (f *Frontier) write(do func(store) error) error {
	c := &change{do: do}
	f.pending.Lock()
	f.queue = append(f.queue, c)
	f.pending.Unlock()
	f.commits.Lock()
	defer f.commits.Unlock()
	for !c.done {
		f.pending.Lock()
		n := min(len(f.queue), batch)
		together := f.queue[:n:n]
		f.queue = slices.Clone(f.queue[n:])
		f.pending.Unlock()
		err := f.commit(together)
		for _, c := range together {
			c.done, c.err = true, err
		}
	}
	if c.err != nil {
		return fmt.Errorf("write to the frontier %s: %w", f.path, c.err)
	}
	return nil
}

func (f *Frontier) commit(changes []*change) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer recovered(&err)
	if err := f.touch(len(changes)); err != nil {
		return err
	}
	return translated(f.db.Update(func(tx *bolt.Tx) error {
		for _, c := range changes {
			if err := c.do(store{tx}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// read lets do see the frontier as it is now.
func (f *Frontier) read(do func(store) error) error {
	err := f.view(do)
	if err != nil {
		return fmt.Errorf("read the frontier %s: %w", f.path, err)
	}
	return nil
}

func (f *Frontier) view(do func(store) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer recovered(&err)
	if err := f.touch(1); err != nil {
		return err
	}
	return translated(f.db.View(func(tx *bolt.Tx) error { return do(store{tx}) }))
}

// touch counts how often the file is looked at.
func (f *Frontier) touch(times int) error {
	if f.touched.Add(int64(times)) < trimAfter {
		return nil
	}
	f.touched.Store(0)
	return translated(f.trim())
}

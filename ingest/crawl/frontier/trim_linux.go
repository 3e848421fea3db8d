package frontier

import (
	"syscall"

	bolt "go.etcd.io/bbolt"
)

// trim gives back the memory that pages of the file are mapped to. They stay in
// the system's cache, from where they come back in no time; but as each one that
// is looked at brings its neighbours with it, the process would come to hold the
// whole file.
func (f *Frontier) trim() error {
	return f.db.View(func(tx *bolt.Tx) error { // so that the mapping stays
		// Advice that is not taken does no harm.
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, f.db.Info().Data, uintptr(tx.Size()), syscall.MADV_DONTNEED)
		return nil
	})
}

// Package backup writes and reads the file of a backup: a tar archive,
// compressed with Zstandard, whose last entry lists all others with their
// checksums. So a file that was cut off is known by what it lacks, and one that
// was damaged by what does not fit. It knows nothing of what the entries hold.
//
// writer.go writes one entry after the other, with little in memory; reader.go
// reads them back, all of them checked.
package backup

import (
	"errors"
	"time"
)

// Format is the version of the layout of a backup. It rises with each change
// that an older program would not understand.
const Format = 1

// Names of entries that are the package's own.
const (
	headName     = "breachgraph-backup.json" // the first
	manifestName = "manifest.json"           // the last
)

// ErrDamaged is wrapped by the error about a file that is not a whole backup.
var ErrDamaged = errors.New("it is cut off or damaged, and nothing was restored from it; use another backup")

// A Head is what a backup says of itself at its start.
type Head struct {
	Format  int       `json:"format"`
	Program string    `json:"program"` // version of the program that made it
	Made    time.Time `json:"made"`
}

// A Manifest lists what a backup holds.
type Manifest struct {
	Head
	Entries []Entry `json:"entries"`
	// About is what the maker wants to know when it is read.
	About map[string]string `json:"about"`
}

// An Entry is one file of a backup.
type Entry struct {
	Name   string `json:"name"` // with slashes, below no folder in particular
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

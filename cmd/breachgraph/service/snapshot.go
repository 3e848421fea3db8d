package service

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

// snapshotPrefix begins the names of folders with snapshots, below that of the
// crawl.
const snapshotPrefix = ".snapshot-"

// idFile names the folder of a crawl among those that share a queue.
const idFile = "id"

// A Snapshot is a crawl as it is at one moment.
type Snapshot struct {
	Folder string           `json:"folder"` // that holds it, below that of the crawl
	Files  []archive.Extent `json:"files"`  // of the archive
}

// TakeSnapshot takes one of a crawl that this process has open. Earlier ones go.
func TakeSnapshot(c *crawl.Crawler, folder string) (Snapshot, error) {
	old, err := filepath.Glob(filepath.Join(folder, snapshotPrefix+"*"))
	if err != nil {
		return Snapshot{}, fmt.Errorf("take a snapshot: %w", err)
	}
	for _, dir := range old {
		if err := os.RemoveAll(dir); err != nil {
			return Snapshot{}, fmt.Errorf("remove an earlier snapshot: %w", err)
		}
	}
	dir, err := os.MkdirTemp(folder, snapshotPrefix)
	if err != nil {
		return Snapshot{}, fmt.Errorf("take a snapshot: %w", err)
	}
	files, err := c.Snapshot(dir)
	if err != nil {
		return Snapshot{}, errors.Join(err, os.RemoveAll(dir))
	}
	return Snapshot{filepath.Base(dir), files}, nil
}

// ServeSnapshots takes snapshots for other processes until stop is called.
func ServeSnapshots(ctx context.Context, q *jobs.Queue, c *crawl.Crawler, folder string) (stop func(), err error) {
	id := filepath.Join(folder, idFile)
	name, err := os.ReadFile(id)
	if errors.Is(err, fs.ErrNotExist) {
		name = []byte(rand.Text())
		err = os.WriteFile(id, name, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("give %s a name: %w", folder, err)
	}
	return q.Serve(ctx, callName(name), 1, func(context.Context, jobs.Call) ([]byte, error) {
		s, err := TakeSnapshot(c, folder)
		if err != nil {
			return nil, err
		}
		return json.Marshal(s)
	})
}

// AskSnapshot has the process that crawls in a folder take a snapshot. The error
// wraps [jobs.ErrNobody] where that process is no service.
func AskSnapshot(ctx context.Context, q *jobs.Queue, folder string) (s Snapshot, err error) {
	name, err := os.ReadFile(filepath.Join(folder, idFile))
	if errors.Is(err, fs.ErrNotExist) {
		return s, jobs.ErrNobody
	}
	if err != nil {
		return s, fmt.Errorf("ask for a snapshot: %w", err)
	}
	raw, err := q.Call(ctx, callName(name), nil)
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err == nil && (s.Folder != filepath.Base(s.Folder) || !strings.HasPrefix(s.Folder, snapshotPrefix)) {
		err = fmt.Errorf("%.80q is no snapshot", s.Folder)
	}
	return s, err
}

// callName is what a folder's process is called by.
func callName(id []byte) string {
	return "snapshot-" + strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, string(id))
}

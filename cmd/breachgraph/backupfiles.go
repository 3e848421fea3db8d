package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/backup"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/service"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// snapshotTime is how long a service may take for a snapshot of its crawl.
const snapshotTime = 10 * time.Minute

// backupFiles writes the data folder, but for what is written in another way.
func (a *app) backupFiles(ctx context.Context, w *backup.Writer, q *jobs.Queue) error {
	release, err := a.backupCrawl(ctx, w, q)
	if err != nil {
		return err
	}
	defer release()
	err = filepath.WalkDir(a.data, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was there a moment ago, or there is no data folder
		}
		name, relErr := filepath.Rel(a.data, path)
		switch {
		case err != nil || relErr != nil:
			return errors.Join(err, relErr)
		case name != "." && leftOut(name):
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case d.IsDir():
			return ctx.Err()
		}
		return backupFile(w, path, backupData+filepath.ToSlash(name), -1)
	})
	if err != nil {
		return fmt.Errorf("back up %s: %w", a.data, err)
	}
	return a.backupCuration(w)
}

// leftOut reports whether a file or folder below the data folder is not copied:
// the two databases, what is of this process or half done, and what backupCrawl
// writes.
func leftOut(name string) bool {
	base := filepath.Base(name)
	for _, end := range []string{".lock", ".tmp", ".part", ".new"} {
		if strings.HasSuffix(base, end) {
			return true
		}
	}
	return strings.HasPrefix(base, ".") || slices.Contains([]string{
		"nats", "neo4j", filepath.Join("crawl", "id"), filepath.Join("crawl", crawl.FrontierName),
		filepath.Join("crawl", crawl.ShelfName), filepath.Join("crawl", crawl.ArchiveName),
	}, name)
}

// backupFile writes a file, or its first bytes. One that is gone is passed over,
// unless its size is known.
func backupFile(w *backup.Writer, path, name string, size int64) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) && size < 0 {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	if size < 0 {
		size = info.Size()
	}
	return w.Add(name, size, file)
}

// backupCrawl writes frontier and archive as they are at one moment. What it has
// opened for that is closed by release.
func (a *app) backupCrawl(ctx context.Context, w *backup.Writer, q *jobs.Queue) (release func(), err error) {
	folder := filepath.Join(a.data, "crawl")
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	s, release, err := snapshotCrawl(ctx, q, folder)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(folder, s.Folder)
	defer os.RemoveAll(dir)
	for _, name := range []string{crawl.FrontierName, crawl.ShelfName} {
		if err == nil {
			err = backupFile(w, filepath.Join(dir, name), backupData+"crawl/"+name, -1)
		}
	}
	for _, x := range s.Files {
		path, name := filepath.Join(folder, crawl.ArchiveName, x.File), backupData+"crawl/"+crawl.ArchiveName+"/"
		if err == nil {
			err = backupFile(w, path, name+x.File, x.Bytes)
		}
		index := strings.TrimSuffix(strings.TrimSuffix(x.File, ".gz"), ".warc") + ".cdxj"
		if err == nil {
			err = backupFile(w, filepath.Join(folder, crawl.ArchiveName, index), name+index, -1)
		}
	}
	if err != nil {
		release()
		return nil, fmt.Errorf("back up %s: %w", folder, err)
	}
	return release, nil
}

// snapshotCrawl takes a snapshot, or has the service take it that has the folder.
func snapshotCrawl(ctx context.Context, q *jobs.Queue, folder string) (s service.Snapshot, release func(), err error) {
	c, err := crawl.Open(crawl.Plan{Folder: folder})
	if errors.Is(err, frontier.ErrInUse) {
		ctx, cancel := context.WithTimeout(ctx, snapshotTime)
		defer cancel()
		s, err = service.AskSnapshot(ctx, q, folder)
		if errors.Is(err, jobs.ErrNobody) {
			err = fmt.Errorf("back up %s: a crawl has it open that is no service; wait for its end, or stop it", folder)
		}
		return s, func() {}, err
	}
	if err != nil {
		return s, nil, err
	}
	release = func() { _ = c.Close() } // nothing was changed
	if s, err = service.TakeSnapshot(c, folder); err != nil {
		release()
	}
	return s, release, err
}

// backupCuration writes the file of corrections where that is not in the data
// folder.
func (a *app) backupCuration(w *backup.Writer) error {
	inside := filepath.Join(a.data, curationFile)
	if a.curation == "" || filepath.Clean(a.curation) == filepath.Clean(inside) {
		return nil
	}
	if _, err := os.Stat(inside); err == nil {
		return nil // it has been written, and there is one name only
	}
	return backupFile(w, a.curation, backupData+curationFile, -1)
}

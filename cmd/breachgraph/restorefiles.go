package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/backup"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
)

// lockCrawl keeps a crawl from starting in the data folder.
func (r *restoring) lockCrawl() (unlock func(), err error) {
	path := filepath.Join(r.data, "crawl", crawl.FrontierName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	f, err := frontier.Open(path)
	switch {
	case errors.Is(err, frontier.ErrInUse):
		return nil, fmt.Errorf("restore: %w; stop the service or crawl that has it open", err)
	case err != nil: // it will be replaced
		return func() {}, nil
	}
	return func() { _ = f.Close() }, nil // the file is gone by then
}

// unpack writes the files of the backup into a folder.
func (r *restoring) unpack(ctx context.Context, folder string) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer root.Close()
	return backup.Read(r.file, func(name string, _ int64, in io.Reader) error {
		path, ok := strings.CutPrefix(name, backupData)
		if !ok {
			return ctx.Err()
		}
		path = filepath.FromSlash(path)
		if err := root.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		out, err := root.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, in)
		return errors.Join(err, out.Sync(), out.Close(), ctx.Err())
	})
}

// swap puts what was unpacked in the place of what is there.
func (r *restoring) swap(staging string) error {
	old, err := os.MkdirTemp(r.data, ".restore-old-")
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	for name := range r.topLevel() {
		from, to := filepath.Join(staging, name), filepath.Join(r.data, name)
		if err := os.Rename(to, filepath.Join(old, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("restore: %w", err)
		}
		if err := os.Rename(from, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("restore: %w", err)
		}
	}
	if err := os.RemoveAll(old); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

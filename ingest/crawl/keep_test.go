package crawl

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A snapshot of a crawl, with the archive as far as it goes then, is a crawl
// that has nothing to fetch; what waits to be loaded is not deleted as old.
func TestSnapshotAndExpire(t *testing.T) {
	w := newTown(t, 1)
	w.stories("alpha", "beta")
	w.text("/feed", "text/xml", rss("/alpha", "/beta"))
	folder, copied := t.TempDir(), t.TempDir()
	plan := w.plan(folder, w.feed(0, "/feed"))
	c, err := open(plan, w.clock)
	if err != nil {
		t.Fatal(err)
	}
	var waiting []Waiting
	for e, err := range c.Run(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Article != nil {
			waiting = append(waiting, e.Waiting)
		}
	}
	if paths := w.paths(); len(waiting) != 2 {
		t.Fatalf("%d articles wait after %s", len(waiting), paths)
	}
	extents, err := c.Snapshot(copied)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(copied, ArchiveName), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, x := range extents {
		raw, err := os.ReadFile(filepath.Join(folder, ArchiveName, x.File))
		if err == nil {
			err = os.WriteFile(filepath.Join(copied, ArchiveName, x.File), raw[:x.Bytes], 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}

	later := w.clock.now().Add(time.Hour)
	expire := func(want int) {
		t.Helper()
		if old, err := c.Expire(later, later); err != nil || len(old) != want {
			t.Errorf("Expire = %v, %v, want %d files", old, err, want)
		}
	}
	expire(0) // both wait to be loaded
	if err := c.Loaded(waiting[0]); err != nil {
		t.Fatal(err)
	}
	expire(0)
	if err := c.Loaded(waiting[1]); err != nil {
		t.Fatal(err)
	}
	if old, err := c.Expired(later.Add(-24 * time.Hour)); err != nil || len(old) != 0 {
		t.Errorf("Expired = %v, %v: nothing is that old", old, err)
	}
	expire(1)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}

	plan.Folder = copied
	if c, err = open(plan, w.clock); err != nil {
		t.Fatal(err)
	}
	restored := 0
	for e, err := range c.Unloaded(t.Context()) {
		if err != nil || e.Article == nil {
			t.Errorf("%s cannot be read again: %v", e.URL, err)
		}
		restored++
	}
	for _, err := range c.Run(t.Context()) {
		if err != nil {
			t.Error(err)
		}
	}
	if paths := w.paths(); restored != 2 || strings.Contains(paths, "a") { // of the feed it may be time
		t.Errorf("%d articles wait and %s was fetched, want 2 and none of them", restored, paths)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

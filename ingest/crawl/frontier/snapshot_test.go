package frontier

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
)

// A snapshot holds what there was when it was taken, and its original goes on.
func TestSnapshot(t *testing.T) {
	f := newFrontier(t)
	for n := range 50 {
		must[int](t)(f.Add(article(fmt.Sprintf("https://a.example/%d", n))))
	}
	check(t, f.SetUnread("warc://a/1"))
	path := filepath.Join(t.TempDir(), "snapshot.db")
	check(t, f.Snapshot(path))
	must[int](t)(f.Add(article("https://a.example/later")))
	items := func(f *Frontier) (all []Item) {
		for it, err := range f.Items() {
			check(t, err)
			all = append(all, it)
		}
		return all
	}
	s := mustOpen(t, path)
	verify(t, s)
	if got, want := items(s), items(f)[:50]; !slices.Equal(got, want) {
		t.Errorf("the snapshot holds %d items, want %d that are the same", len(got), len(want))
	}
	if unread := must[[]string](t)(s.Unread()); !slices.Equal(unread, []string{"warc://a/1"}) {
		t.Errorf("unread %v", unread)
	}
	if err := f.Snapshot(path); err == nil {
		t.Error("a snapshot took the place of another file")
	}
}

package frontier

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func mustOpen(t testing.TB, path string) *Frontier {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func newFrontier(t testing.TB) *Frontier {
	t.Helper()
	return mustOpen(t, filepath.Join(t.TempDir(), "data", "frontier.db"))
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func article(url string) Item { return Item{URL: url, Source: "news", Due: noon} }

// next leases what is due at now and returns its URL; empty if nothing is.
func next(t testing.TB, f *Frontier, w Want) (Item, string) {
	t.Helper()
	it, ok, err := f.Next(w)
	if err != nil || ok != (it.URL != "") {
		t.Fatalf("Next = %+v, %v, %v", it, ok, err)
	}
	return it, it.URL
}

func lookup(t testing.TB, f *Frontier, address string) Item {
	t.Helper()
	it, ok, err := f.Lookup(address)
	if err != nil || !ok {
		t.Fatalf("Lookup(%s) = %v, %v", address, ok, err)
	}
	return it
}

func TestAdd(t *testing.T) {
	f := newFrontier(t)
	whole := Item{
		URL: "https://a.example/1?utm_source=x", ID: "https://a.example/1", Source: "news", Kind: Listing, Depth: 2, Due: noon,
		Published: noon.Add(-time.Hour), ETag: `W/"1"`, LastModified: "yesterday", Hash: "h", Revision: 1, Visited: noon.Add(-time.Minute),
		Failures: 2, Reason: "500 Internal Server Error",
	}
	added := must[int](t)(f.Add(
		whole,
		Item{URL: "https://a.example/1", Source: "other", Due: noon},
		Item{URL: "HTTPS://A.example:443/2"},
		Item{URL: "file:///etc/passwd"}, Item{URL: "https:///x"}, Item{URL: "https://a.example/" + strings.Repeat("x", maxURL)},
	))
	if added != 2 {
		t.Errorf("added %d, want 2", added)
	}
	got := lookup(t, f, "https://a.example/1")
	got.id, got.queue = 0, 0
	if got != whole {
		t.Errorf("kept as\n%+v, want\n%+v", got, whole)
	}
	if added := must[int](t)(f.Add(whole)); added != 0 {
		t.Errorf("added %d again", added)
	}
	if _, ok, err := f.Lookup("https://a.example/3"); ok || err != nil {
		t.Errorf("Lookup of the unknown = %v, %v", ok, err)
	}
	counts := must[map[string]Count](t)(f.Counts())
	if want := (Count{Known: 1, Planned: 1, Visited: 1, Failing: 1}); counts["news"] != want || counts[""] != (Count{Known: 1}) {
		t.Errorf("Counts = %+v", counts)
	}
	verify(t, f)
}

func TestAddKnown(t *testing.T) {
	visited, later := noon.Add(-time.Hour), noon.Add(24*time.Hour)
	tests := []struct {
		name  string
		known Item
		again Item
		due   time.Time
		kind  Kind
	}{
		{"no news", Item{Visited: visited, Due: later}, Item{Due: noon}, later, Article},
		{"changed before the visit", Item{Visited: visited, Due: later}, Item{Due: noon, Changed: visited.Add(-time.Hour)}, later, Article},
		{"changed since", Item{Visited: visited, Due: later}, Item{Due: noon, Changed: noon}, noon, Article},
		{"changed, not planned", Item{Visited: visited}, Item{Due: noon, Changed: noon}, noon, Article},
		{"never visited", Item{Due: later, Failures: 3}, Item{Due: noon, Changed: noon}, later, Article},
		{"given up", Item{Failures: 3}, Item{Due: noon, Changed: noon}, time.Time{}, Article},
		{"a feed after all", Item{Visited: visited}, Item{Due: noon, Kind: Feed}, noon, Feed},
		{"still a feed", Item{Visited: visited, Kind: Feed, Due: later}, Item{Due: noon}, later, Feed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFrontier(t)
			tt.known.URL, tt.again.URL = "https://a.example/", "https://a.example/"
			if n := must[int](t)(f.Add(tt.known, tt.again)); n != 1 {
				t.Errorf("added %d", n)
			}
			if got := lookup(t, f, tt.known.URL); !got.Due.Equal(tt.due) || got.Kind != tt.kind {
				t.Errorf("due %v as %v, want %v as %v", got.Due, got.Kind, tt.due, tt.kind)
			}
			verify(t, f)
		})
	}
}

func TestNext(t *testing.T) {
	f := newFrontier(t)
	at := func(url, source string, due time.Duration) Item {
		return Item{URL: url, Source: source, Due: noon.Add(due)}
	}
	must[int](t)(f.Add(
		at("https://a.example/2", "a", -time.Minute), at("https://a.example/1", "a", -time.Hour), at("https://a.example/later", "a", time.Hour),
		at("https://b.example/1", "b", -time.Second), at("https://a.example/b", "b", -2*time.Minute), at("https://c.example/", "c", time.Minute),
	))
	busy := func(hosts ...string) func(string) bool {
		return func(host string) bool { return slices.Contains(hosts, host) }
	}
	tests := []struct {
		name string
		want Want
		url  string
	}{
		{"nothing yet", Want{Now: noon.Add(-24 * time.Hour)}, ""},
		{"busy", Want{Now: noon, Busy: busy("a.example")}, "https://b.example/1"},
		{"all busy", Want{Now: noon, Busy: busy("a.example", "b.example")}, ""},
		{"first", Want{Now: noon}, "https://a.example/1"},
		{"source", Want{Now: noon, Source: "b"}, "https://a.example/b"},
		{"its other item", Want{Now: noon}, "https://a.example/2"},
		{"source with nothing due", Want{Now: noon, Source: "c"}, ""},
		{"all leased", Want{Now: noon}, ""},
		{"in an hour", Want{Now: noon.Add(time.Hour)}, "https://a.example/later"},
	}
	leased := map[string]Item{}
	for _, tt := range tests {
		it, url := next(t, f, tt.want)
		if url != tt.url {
			t.Errorf("%s: Next = %q, want %q", tt.name, url, tt.url)
		}
		leased[url] = it
	}
	f.Release(leased["https://a.example/2"])
	check(t, f.Postpone(leased["https://a.example/1"], noon.Add(time.Second)))
	check(t, f.Fail(leased["https://b.example/1"], "timeout", time.Time{}))
	for _, want := range []string{"https://a.example/2", "https://a.example/1", ""} {
		if _, url := next(t, f, Want{Now: noon.Add(time.Second)}); url != want {
			t.Errorf("Next = %q, want %q", url, want)
		}
	}
	verify(t, f)
}

func TestNextTime(t *testing.T) {
	f := newFrontier(t)
	if got := must[time.Time](t)(f.NextTime(noon)); !got.IsZero() {
		t.Errorf("NextTime of nothing = %v", got)
	}
	soon, later := noon.Add(time.Minute), noon.Add(time.Hour)
	must[int](t)(f.Add(article("https://a.example/1"), Item{URL: "https://b.example/", Due: later}))
	if got := must[time.Time](t)(f.NextTime(noon)); !got.Equal(later) {
		t.Errorf("NextTime = %v, want %v", got, later)
	}
	must[int](t)(f.Add(Item{URL: "https://a.example/2", Source: "news", Due: soon}))
	if got := must[time.Time](t)(f.NextTime(noon)); !got.Equal(soon) {
		t.Errorf("NextTime = %v, want %v, behind what is due now", got, soon)
	}
}

func TestDone(t *testing.T) {
	f := newFrontier(t)
	tomorrow := noon.Add(24 * time.Hour)
	must[int](t)(f.Add(article("https://a.example/1")))
	visit := func(now time.Time, o Outcome) Item {
		t.Helper()
		it, _ := next(t, f, Want{Now: now})
		o.Visited = now
		check(t, f.Done(it, o))
		verify(t, f)
		return lookup(t, f, "https://a.example/1")
	}
	it := visit(noon, Outcome{Due: tomorrow, Hash: "1", ETag: "e1", LastModified: "m1"})
	if it.Revision != 1 || it.ETag != "e1" || it.LastModified != "m1" || !it.Due.Equal(tomorrow) || !it.Visited.Equal(noon) {
		t.Errorf("after a visit: %+v", it)
	}
	if _, url := next(t, f, Want{Now: noon}); url != "" {
		t.Errorf("%s is due again", url)
	}
	it = visit(tomorrow, Outcome{Due: tomorrow, ETag: "e2"})
	if it.Revision != 1 || it.Hash != "1" || it.ETag != "e2" || it.LastModified != "m1" {
		t.Errorf("after a visit that found no change: %+v", it)
	}
	failing, _ := next(t, f, Want{Now: tomorrow})
	check(t, f.Fail(failing, strings.Repeat("ü", maxReason), tomorrow))
	if it := lookup(t, f, "https://a.example/1"); it.Failures != 1 || len(it.Reason) > maxReason || it.Hash != "1" {
		t.Errorf("after a failure: %+v", it)
	}
	it = visit(tomorrow, Outcome{Hash: "2", ETag: strings.Repeat("e", maxValidator+1)})
	if it.Revision != 2 || it.Failures != 0 || it.Reason != "" || it.ETag != "" || it.LastModified != "" || !it.Due.IsZero() {
		t.Errorf("after a change: %+v", it)
	}
	if err := f.Done(Item{URL: "https://a.example/none"}, Outcome{}); err == nil {
		t.Error("done with what is not known")
	}
}

// TestNames has items come to be known by other names.
func TestNames(t *testing.T) {
	f := newFrontier(t)
	const site = "https://a.example/"
	for _, path := range []string{"short", "page", "amp", "copy", "known"} {
		must[int](t)(f.Add(article(site + path)))
	}
	leased := map[string]Item{}
	for _, path := range []string{"short", "page", "amp", "copy", "known"} {
		leased[path] = lookup(t, f, site+path)
	}
	settle := func(path string, o Outcome) {
		t.Helper()
		o.Visited, o.Hash = noon, path
		check(t, f.Done(leased[path], o))
		verify(t, f)
	}
	settle("short", Outcome{ID: site + "canonical", Aliases: []string{site + "hop", site + "page"}, Due: noon.Add(time.Hour)})
	settle("amp", Outcome{ID: site + "canonical"})
	settle("page", Outcome{}) // was leased before it became an alias
	settle("known", Outcome{Due: noon.Add(time.Minute)})
	settle("copy", Outcome{ID: site + "known", Aliases: []string{site + "canonical"}})

	first, known := lookup(t, f, site+"canonical"), lookup(t, f, site+"known")
	if first.ID != site+"canonical" || first.URL != site+"short" || first.Hash != "short" || known.Hash != "known" {
		t.Errorf("known as %+v and %+v", first, known)
	}
	for path, want := range map[string]Item{
		"short": first, "hop": first, "page": first, "amp": first, "copy": known,
	} {
		if got := lookup(t, f, site+path); got != want {
			t.Errorf("%s leads to %+v", path, got)
		}
	}
	aliases := must[[]string](t)(f.Aliases(first))
	if want := []string{site + "amp", site + "hop", site + "page", site + "short"}; !slices.Equal(aliases, want) {
		t.Errorf("Aliases = %q, want %q", aliases, want)
	}
	if c := must[map[string]Count](t)(f.Counts())["news"]; c != (Count{Known: 2, Planned: 2, Visited: 2}) {
		t.Errorf("Counts = %+v", c)
	}
	if n := must[int](t)(f.Add(article(site+"page"), article(site+"hop"))); n != 0 {
		t.Errorf("%d aliases added", n)
	}
	if _, url := next(t, f, Want{Now: noon}); url != "" {
		t.Errorf("%s is still due", url)
	}
}

// TestMergeUnvisited has a page lead to a name that was found but not visited.
func TestMergeUnvisited(t *testing.T) {
	f := newFrontier(t)
	must[int](t)(f.Add(article("https://m.example/1"), Item{URL: "https://a.example/1", Source: "b", Due: noon, Published: noon}))
	check(t, f.Done(lookup(t, f, "https://m.example/1"), Outcome{Visited: noon, Hash: "h", ETag: "e", ID: "https://a.example/1", Due: noon.Add(time.Hour)}))
	it := lookup(t, f, "https://a.example/1")
	if it.URL != "https://m.example/1" || it.Hash != "h" || it.ETag != "e" || !it.Published.Equal(noon) || it != lookup(t, f, "https://m.example/1") {
		t.Errorf("merged into %+v", it)
	}
	if _, url := next(t, f, Want{Now: noon}); url != "" {
		t.Errorf("%s is still due", url)
	}
	verify(t, f)
}

func TestHost(t *testing.T) {
	f := newFrontier(t)
	must[int](t)(f.Add(article("https://a.example/1"), article("https://a.example:8443/"), Item{URL: "https://a.example/2", Source: "b", Due: noon}))
	h := Host{Name: "a.example", Failures: 3, Reason: "connection refused", Until: noon.Add(time.Hour)}
	check(t, f.SetHost(h))
	verify(t, f)
	if got := must[Host](t)(f.Host("a.example")); got != h {
		t.Errorf("Host = %+v, want %+v", got, h)
	}
	must[int](t)(f.Add(article("https://a.example/3")))
	if _, url := next(t, f, Want{Now: noon}); url != "https://a.example:8443/" {
		t.Errorf("Next = %s", url)
	}
	if _, url := next(t, f, Want{Now: noon}); url != "" {
		t.Errorf("Next = %s of a host left alone", url)
	}
	if got := must[time.Time](t)(f.NextTime(noon)); !got.Equal(h.Until) {
		t.Errorf("NextTime = %v, want %v", got, h.Until)
	}
	if hosts := must[[]Host](t)(f.Hosts()); !slices.Equal(hosts, []Host{h}) {
		t.Errorf("Hosts = %+v", hosts)
	}
	check(t, f.SetHost(Host{Name: "a.example"}))
	verify(t, f)
	if _, url := next(t, f, Want{Now: noon}); url == "" {
		t.Error("nothing of a host that is well again")
	}
	if hosts := must[[]Host](t)(f.Hosts()); len(hosts) != 0 {
		t.Errorf("Hosts = %+v", hosts)
	}
	if err := f.SetHost(Host{}); err == nil {
		t.Error("a host without a name was kept")
	}
}

func TestWalk(t *testing.T) {
	f := newFrontier(t)
	if empty := must[bool](t)(f.Empty()); !empty {
		t.Error("a new frontier is not empty")
	}
	var items []Item
	for n := range 2*chunk + 1 {
		it := Item{URL: fmt.Sprintf("https://%d.example/%d", n%3, n), Due: noon}
		if n%2 == 1 {
			it.Due = noon.Add(time.Hour)
		}
		items = append(items, it)
	}
	must[int](t)(f.Add(items...))
	known := 0
	for it, err := range f.Items() {
		check(t, err)
		if it.URL != items[known].URL {
			t.Fatalf("item %d is %s", known, it.URL)
		}
		known++
	}
	hosts := map[string]bool{}
	due := 0
	for it, err := range f.Due(noon) {
		check(t, err)
		check(t, f.Postpone(it, noon)) // writes during the walk
		hosts[it.Host()] = true
		due++
	}
	if known != len(items) || due != chunk+1 || len(hosts) != 3 {
		t.Errorf("%d known and %d due of %d hosts", known, due, len(hosts))
	}
	for range f.Items() {
		break
	}
}

func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "frontier.db")
	f := must[*Frontier](t)(Open(path))
	must[int](t)(f.Add(article("https://a.example/1")))
	next(t, f, Want{Now: noon})
	if _, err := Open(path); !errors.Is(err, ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	check(t, f.Close())
	f = mustOpen(t, path)
	if _, url := next(t, f, Want{Now: noon}); url == "" {
		t.Error("what was leased when it was closed is not due again")
	}
}

func TestDamaged(t *testing.T) {
	folder := t.TempDir()
	whole := filepath.Join(folder, "whole.db")
	f := must[*Frontier](t)(Open(whole))
	var items []Item
	for n := range 3000 {
		items = append(items, article(fmt.Sprintf("https://a.example/%d", n)))
	}
	must[int](t)(f.Add(items...))
	check(t, f.Close())
	good := must[[]byte](t)(os.ReadFile(whole))
	tests := []struct {
		name string
		file []byte
	}{
		{"no frontier", []byte(strings.Repeat("no frontier\n", 2000))},
		{"short", good[:100]},
		{"cut to the first pages", good[:16<<10]},
		{"cut in the middle", good[:len(good)/2]},
		{"zeros", make([]byte, 64<<10)},
		{"pages of noise", func() []byte {
			b := slices.Clone(good)
			for i := 16 << 10; i < len(b); i++ {
				b[i] = byte(i * 7)
			}
			return b
		}()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "damaged.db")
			check(t, os.WriteFile(path, tt.file, 0o600))
			f, err := Open(path)
			if err == nil { // it shows later
				_, _, err = f.Next(Want{Now: noon})
				if err == nil {
					_, err = f.Add(items...)
				}
				f.Close()
			}
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) {
				t.Errorf("Open = %v", err)
			}
		})
	}
	if _, err := Open(folder); err == nil {
		t.Error("opened a folder")
	}
}

func TestUnread(t *testing.T) {
	path := filepath.Join(t.TempDir(), "frontier.db")
	f := must[*Frontier](t)(Open(path))
	for n := range 3 {
		must[int](t)(f.Add(article(fmt.Sprintf("https://a.example/%d", n))))
		it, _ := next(t, f, Want{Now: noon})
		o := Outcome{Visited: noon, Hash: "h", ID: "https://a.example/", Capture: fmt.Sprintf("warc://a.warc.gz/%d", n)}
		if n == 1 {
			o.Capture = ""
		}
		check(t, f.Done(it, o))
	}
	check(t, f.Close())
	f = mustOpen(t, path)
	if got := must[[]string](t)(f.Unread()); !slices.Equal(got, []string{"warc://a.warc.gz/0", "warc://a.warc.gz/2"}) {
		t.Errorf("Unread = %q", got)
	}
	check(t, f.SetRead("warc://a.warc.gz/0", "warc://a.warc.gz/1"))
	if got := must[[]string](t)(f.Unread()); !slices.Equal(got, []string{"warc://a.warc.gz/2"}) {
		t.Errorf("Unread = %q", got)
	}
}

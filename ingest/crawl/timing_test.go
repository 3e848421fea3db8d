package crawl

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata" // machines may lack the zones

	"github.com/breachgraph/breachgraph/ingest/crawl/timetable"
)

// A watched crawl runs until the test ends.
type watched struct {
	*Crawler
	events chan Event

	mu    sync.Mutex
	looks []Look
}

// waitAtMost is how long a test waits for what must happen.
const waitAtMost = time.Minute

// watch runs a crawl without end, with some sources paused. A source is due so
// long after a look at it, or never again where that is 0.
func (w *town) watch(t *testing.T, plan Plan, again time.Duration, paused ...string) *watched {
	t.Helper()
	g := &watched{events: make(chan Event, 1000)}
	plan.Once = false
	plan.Timing = &Timing{
		Admit: func(_ string, due, _ time.Time) time.Time { return due },
		Looked: func(l Look) time.Time {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.looks = append(g.looks, l)
			if again == 0 {
				return time.Time{}
			}
			return l.Ended.Add(again)
		},
	}
	var err error
	if g.Crawler, err = open(plan, w.clock); err != nil {
		t.Fatal(err)
	}
	for _, name := range paused {
		g.Pause(name)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		for e, err := range g.Run(ctx) {
			if err != nil {
				ended <- err
				return
			}
			g.events <- e
		}
		ended <- nil
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

// until waits for so many events of a source, and returns them as text.
func (g *watched) until(t *testing.T, source string, n int) string {
	t.Helper()
	var seen []string
	end := time.After(waitAtMost)
	for len(seen) < n {
		select {
		case e := <-g.events:
			if e.Source == source {
				seen = append(seen, string(e.Outcome))
			} else {
				t.Errorf("%s: %s %s", e.Source, e.Outcome, e.URL)
			}
		case <-end:
			t.Fatalf("%s has %v, want %d events", source, seen, n)
		}
	}
	return strings.Join(seen, " ")
}

func TestLookAndPause(t *testing.T) {
	w := newTown(t, 2)
	w.stories("one", "two")
	w.text("/feed", "text/xml", rss("/one", "/two"))
	a, b := w.feed(0, "/feed"), w.feed(1, "/feed")
	g := w.watch(t, w.plan(t.TempDir(), a, b), 0, b.Name)
	want(t, "at first", g.until(t, a.Name, 3), "found new new")
	look := func(name string) {
		t.Helper()
		if err := g.Look(name, w.clock.now()); err != nil {
			t.Fatal(err)
		}
	}
	look(a.Name)
	want(t, "looked at again", g.until(t, a.Name, 1), "found")
	g.Pause(a.Name)
	look(a.Name)
	g.Resume(b.Name)
	want(t, "the other one, which was due all the time", g.until(t, b.Name, 3), "found duplicate duplicate")
	g.Resume(a.Name)
	want(t, "resumed", g.until(t, a.Name, 1), "found")
	if err := g.Look("nobody", w.clock.now()); err == nil {
		t.Error("looked at a source that there is not")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if l := g.looks[0]; l.News != 2 || l.Failure != "" || !l.Ended.After(l.Began) {
		t.Errorf("the first look is %+v", l)
	}
}

// A source that is due is left until all is fetched that it named before.
func TestNoOverlap(t *testing.T) {
	w := newTown(t, 2)
	var paths []string
	for n := range 12 {
		title := fmt.Sprint("story", n)
		w.stories(title)
		paths = append(paths, "http://"+w.hosts[1]+"/"+title)
	}
	w.text("/feed", "text/xml", strings.ReplaceAll(rss(paths...), "http://HOST", ""))
	s := w.feed(0, "/feed")
	plan := w.plan(t.TempDir(), s)
	plan.Politeness.Delay = 30 * time.Second
	g := w.watch(t, plan, time.Second)
	want(t, "events", g.until(t, s.Name, 14), "found"+strings.Repeat(" new", 12)+" found")
}

func TestFailedLook(t *testing.T) {
	w := newTown(t, 1)
	s := w.feed(0, "/gone")
	g := w.watch(t, w.plan(t.TempDir(), s), 0)
	want(t, "events", g.until(t, s.Name, 1), "failed")
	g.mu.Lock()
	defer g.mu.Unlock()
	if l := g.looks[0]; !strings.Contains(l.Failure, "404") || l.Retry.Sub(l.Ended) != day {
		t.Errorf("the look is %+v", l)
	}
}

// Folders and files of addresses are looked at again too.
func TestLookAtFiles(t *testing.T) {
	w := newTown(t, 1)
	w.stories("one", "two")
	dir := t.TempDir()
	list, notes := filepath.Join(dir, "list.txt"), filepath.Join(dir, "notes")
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(notes, 0o700); err != nil {
		t.Fatal(err)
	}
	write(list, w.url(0, "/one")+"\n")
	a, b := Source{Name: "list", Kind: URLs, File: list}, Source{Name: "notes", Kind: Folder, File: notes}
	g := w.watch(t, w.plan(t.TempDir(), a, b), 0)
	want(t, "at first", g.until(t, "list", 1), "new")
	write(list, w.url(0, "/one")+"\n"+w.url(0, "/two")+"\n")
	if err := g.Look("list", w.clock.now()); err != nil {
		t.Fatal(err)
	}
	want(t, "a longer list", g.until(t, "list", 1), "new")
	write(filepath.Join(notes, "a.html"), story("three", ""))
	g.Pause("notes")
	if err := g.Look("notes", w.clock.now()); err != nil {
		t.Fatal(err)
	}
	g.Resume("notes")
	want(t, "a new note", g.until(t, "notes", 1), "new")
}

// Looks keep to their hour over days, also where the clocks are changed: in London
// from one to two o'clock on 26 March 2000.
func TestLooksOverDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2000, 3, 24, 12, 0, 0, 0, time.UTC)))
		s := Source{Name: "notes", Kind: Folder, File: t.TempDir(), Schedule: "30 1 * * *", Timezone: "Europe/London"}
		rule, err := s.Rule()
		if err != nil {
			t.Fatal(err)
		}
		var looks []string
		c, err := Open(Plan{Folder: t.TempDir(), Sources: []Source{s}, Timing: &Timing{
			Admit: func(_ string, due, _ time.Time) time.Time { return due },
			Looked: func(l Look) time.Time {
				looks = append(looks, l.Began.UTC().Format("02 15:04"))
				return rule.Next(l.Ended, timetable.Pace{})
			},
		}})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Look(s.Name, rule.Next(time.Now(), timetable.Pace{})); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), 4*24*time.Hour)
		defer stop()
		for _, err := range c.Run(ctx) {
			t.Error(err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		want(t, "looks", strings.Join(looks, ", "), "25 01:30, 26 01:00, 27 00:30, 28 00:30")
	})
}

// Without a timing, a source goes by its schedule.
func TestNextLook(t *testing.T) {
	noon := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		in   Source
		want time.Duration
	}{
		{Source{}, 54 * time.Minute},
		{Source{Every: 2 * time.Hour}, 108 * time.Minute},
		{Source{Schedule: "0 7 * * *", Timezone: "UTC"}, 19 * time.Hour},
		{Source{Every: time.Second}, time.Hour}, // which no file can say
	} {
		if got := tt.in.nextLook(noon).Sub(noon); got != tt.want {
			t.Errorf("%+v is due in %s, want %s", tt.in, got, tt.want)
		}
	}
}

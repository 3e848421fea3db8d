package schedule

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// patience is how long a test waits for what must happen.
const patience = 2 * time.Minute

// A fakeCrawl remembers what it was told, and visits nothing by itself.
type fakeCrawl struct {
	mu     sync.Mutex
	due    map[string]time.Time
	paused map[string]bool
}

func newFakeCrawl() *fakeCrawl {
	return &fakeCrawl{due: map[string]time.Time{}, paused: map[string]bool{}}
}

func (f *fakeCrawl) Look(source string, at time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.due[source] = at
	return nil
}

func (f *fakeCrawl) set(source string, paused bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.paused[source] = paused
}

func (f *fakeCrawl) Pause(source string)  { f.set(source, true) }
func (f *fakeCrawl) Resume(source string) { f.set(source, false) }

func (f *fakeCrawl) Run(ctx context.Context) iter.Seq2[crawl.Event, error] {
	return func(func(crawl.Event, error) bool) { <-ctx.Done() }
}

// dueAt is when the crawl was told to look at a source.
func (f *fakeCrawl) dueAt(source string) (at time.Time, paused bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.due[source], f.paused[source]
}

// until waits for ok.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	end := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// sources are one of each kind of rule.
func sources() []crawl.Source {
	feed := func(name string, s crawl.Source) crawl.Source {
		s.Name, s.Kind, s.URL = name, crawl.Feed, "https://"+name+".example/feed"
		return s
	}
	return []crawl.Source{
		feed("adapting", crawl.Source{}),
		feed("hourly", crawl.Source{Every: time.Hour}),
		feed("daily", crawl.Source{Schedule: "0 7 * * *", Timezone: "UTC"}),
		feed("skipping", crawl.Source{Schedule: "0 7 * * *", Timezone: "UTC", Missed: "skip"}),
	}
}

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// open opens a schedule of which it is now.
func open(t *testing.T, q *jobs.Queue, now time.Time) *Schedule {
	t.Helper()
	s, err := Open(t.Context(), q, sources(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s.now = func() time.Time { return now }
	return s
}

func openQueue(t *testing.T, dir string) *jobs.Queue {
	t.Helper()
	q, err := jobs.Open(t.Context(), jobs.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	return q
}

// lead runs a crawl by a schedule, until the function that it returns is called.
func lead(t *testing.T, s *Schedule, c Crawler) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		for _, err := range s.Run(ctx, c) {
			if err != nil {
				ended <- err
				return
			}
		}
		ended <- nil
	}()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

// entries are what a schedule lists, by name.
func entries(t *testing.T, s *Schedule) map[string]Entry {
	t.Helper()
	list, err := s.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]Entry{}
	for _, e := range list {
		out[e.Name] = e
	}
	return out
}

func try(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Each process can say what is wanted; the one that crawls does it.
func TestPeople(t *testing.T) {
	dir := t.TempDir()
	leader, other := open(t, openQueue(t, dir), noon), open(t, openQueue(t, dir), noon)
	c := newFakeCrawl()
	lead(t, leader, c)
	is := func(name string, due time.Time, paused bool) func() bool {
		return func() bool { at, p := c.dueAt(name); return at.Equal(due) && p == paused }
	}
	until(t, "what was never looked at is due now", is("hourly", noon, false))
	until(t, "cron waits for its time", is("daily", noon.Add(19*time.Hour), false))

	ctx := t.Context()
	try(t, other.Pause(ctx, "hourly"))
	until(t, "it is paused", is("hourly", time.Time{}, true))
	if err := other.RunNow(ctx, "hourly"); !errors.Is(err, ErrPaused) {
		t.Errorf("a look at what is paused: %v", err)
	}
	if at := leader.admit("hourly", noon, noon); !at.IsZero() {
		t.Errorf("what is paused is admitted at %s", at)
	}
	if e := entries(t, other)["hourly"]; !e.Next.IsZero() || e.Paused.IsZero() {
		t.Errorf("it is listed as %+v", e)
	}
	try(t, other.Resume(ctx, "hourly"))
	until(t, "it is resumed", is("hourly", noon, false))

	try(t, other.RunNow(ctx, "daily"))
	until(t, "a look is asked for", is("daily", noon, false))
	if e := entries(t, other)["daily"]; e.Why != "asked for" {
		t.Errorf("it is listed as %+v", e)
	}
	if at := leader.admit("daily", noon, noon); !at.Equal(noon) {
		t.Errorf("what was asked for is admitted at %s", at)
	}
	other.now = func() time.Time { return noon.Add(time.Millisecond) }
	try(t, other.RunNow(ctx, "daily")) // while the first look goes on
	until(t, "another look is asked for", func() bool {
		leader.mu.Lock()
		defer leader.mu.Unlock()
		return !leader.known["daily"].Asked.IsZero()
	})
	if at := leader.looked(crawl.Look{Source: "daily", Began: noon, Ended: noon.Add(time.Second)}); !at.Equal(noon.Add(time.Second)) {
		t.Errorf("the second look is due at %s", at)
	}
	leader.admit("daily", noon, noon)
	if at := leader.looked(crawl.Look{Source: "daily", Began: noon, Ended: noon.Add(2 * time.Second)}); !at.Equal(noon.Add(19 * time.Hour)) {
		t.Errorf("after both looks it is due at %s", at)
	}
	until(t, "what was done is kept", func() bool {
		e := entries(t, other)["daily"]
		return e.Asked.IsZero() && e.Last.Equal(noon.Add(2*time.Second)) && e.Next.Equal(noon.Add(19*time.Hour))
	})
	if err := other.Pause(ctx, "nobody"); !errors.Is(err, ErrNoSource) {
		t.Errorf("a source that there is not: %v", err)
	}
}

// An instance that takes over, at once or a day later, goes on where the last one
// ended.
func TestHandOver(t *testing.T) {
	dir := t.TempDir()
	queue := openQueue(t, dir)
	first := open(t, queue, noon)
	stop := lead(t, first, newFakeCrawl())
	until(t, "the first leads", func() bool { return !entries(t, first)["hourly"].Next.IsZero() })
	for _, s := range sources() {
		until(t, s.Name+" is known", func() bool { return first.isKnown(s.Name) })
		first.looked(crawl.Look{Source: s.Name, Began: noon.Add(-time.Second), Ended: noon, News: 3})
	}
	first.looked(crawl.Look{Source: "adapting", Began: noon, Ended: noon, Failure: "503 Service Unavailable", Retry: noon.Add(5 * time.Hour)})
	stop()
	before := entries(t, first)

	second := openQueue(t, dir)
	people := open(t, second, noon)
	try(t, people.Pause(t.Context(), "daily"))
	next := open(t, second, noon.Add(time.Minute))
	c := newFakeCrawl()
	stop = lead(t, next, c)
	for _, name := range []string{"adapting", "hourly", "skipping"} {
		until(t, name+" is due as before", func() bool { at, _ := c.dueAt(name); return at.Equal(before[name].Next) })
	}
	until(t, "the pause is heeded", func() bool { at, paused := c.dueAt("daily"); return at.IsZero() && paused })
	stop()
	queue.Close()
	second.Close()

	late := noon.Add(30 * time.Hour)
	restarted := open(t, openQueue(t, dir), late)
	if e := entries(t, restarted); e["skipping"].Why != "missed "+when(noon.Add(19*time.Hour)) || e["hourly"].Why != "was due "+when(before["hourly"].Next) ||
		e["adapting"].Why != "try 2, as the last one failed: 503 Service Unavailable" {
		t.Errorf("%q, %q, %q", e["skipping"].Why, e["hourly"].Why, e["adapting"].Why)
	}
	try(t, restarted.Resume(t.Context(), "daily"))
	c = newFakeCrawl()
	lead(t, restarted, c)
	for name, want := range map[string]time.Time{
		"hourly":   before["hourly"].Next,    // which is in the past: at once
		"daily":    noon.Add(19 * time.Hour), // the same
		"skipping": noon.Add(43 * time.Hour),
	} {
		until(t, name, func() bool { at, _ := c.dueAt(name); return at.Equal(want) })
	}
}

// What a process has seen outlives its being killed: the next one goes on with it.
func TestKilled(t *testing.T) {
	if dir := os.Getenv("SCHEDULE_TEST_DIR"); dir != "" {
		beKilled(t, dir)
	}
	dir := t.TempDir()
	leader := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	leader.Env = append(os.Environ(), "SCHEDULE_TEST_DIR="+dir)
	out, err := leader.StdoutPipe()
	try(t, err)
	try(t, leader.Start())
	t.Cleanup(func() { _ = leader.Process.Kill() }) // again, which does no harm
	var line string
	if _, err := fmt.Fscanln(out, &line); err != nil || line != "looked" {
		t.Fatal(line, err)
	}
	other := open(t, openQueue(t, dir), noon)
	try(t, other.RunNow(t.Context(), "daily"))
	try(t, leader.Process.Kill())
	_ = leader.Wait() // it was killed
	c := newFakeCrawl()
	next := open(t, openQueue(t, dir), noon.Add(time.Minute))
	lead(t, next, c)
	until(t, "what was asked of the one that was killed is due", func() bool { at, _ := c.dueAt("daily"); return at.Equal(noon.Add(time.Minute)) })
	want := entries(t, next)["hourly"].Next
	if want.Before(noon.Add(time.Hour)) || want.After(noon.Add(66*time.Minute)) {
		t.Errorf("what was looked at is due at %s", want)
	}
	until(t, "the crawl knows", func() bool { at, _ := c.dueAt("hourly"); return at.Equal(want) })
}

// beKilled looks at all sources, says so and waits.
func beKilled(t *testing.T, dir string) {
	s := open(t, openQueue(t, dir), noon)
	lead(t, s, newFakeCrawl())
	for _, one := range sources() {
		until(t, one.Name+" is known", func() bool { return s.isKnown(one.Name) })
		s.looked(crawl.Look{Source: one.Name, Began: noon, Ended: noon})
	}
	until(t, "that is kept", func() bool { return entries(t, s)["skipping"].Last.Equal(noon) })
	fmt.Println("looked")
	<-t.Context().Done()
}

// isKnown reports whether the process that crawls knows of a source.
func (s *Schedule) isKnown(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known[name] != nil
}

// What a backup has of a schedule can take the place of another.
func TestRestore(t *testing.T) {
	ctx, from, to := t.Context(), openQueue(t, t.TempDir()), openQueue(t, t.TempDir())
	first, second := open(t, from, noon), open(t, to, noon)
	try(t, first.Pause(ctx, "daily"))
	try(t, first.RunNow(ctx, "hourly"))
	try(t, second.Pause(ctx, "hourly"))
	try(t, second.Pause(ctx, "adapting"))
	all, err := All(ctx, from)
	try(t, err)
	try(t, Restore(ctx, to, all))
	if got, want := entries(t, second), entries(t, first); !maps.Equal(got, want) {
		t.Errorf("%+v\nis not %+v", got, want)
	}
}

// Of two that want to lead one crawls, and the other goes on when it ends.
func TestOneLeads(t *testing.T) {
	dir := t.TempDir()
	var mu sync.Mutex
	leads := map[string]bool{}
	who := func() map[string]bool {
		mu.Lock()
		defer mu.Unlock()
		return maps.Clone(leads)
	}
	start := func(name string, q *jobs.Queue) (stop func()) {
		s, c := open(t, q, noon), newFakeCrawl()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = q.Lead(ctx, "crawl", name, func(ctx context.Context) error {
				mu.Lock()
				leads[name] = true
				mu.Unlock()
				for _, err := range s.Run(ctx, c) {
					if err != nil {
						return err
					}
				}
				return nil
			})
		}()
		return func() { cancel(); <-ended }
	}
	q := openQueue(t, dir)
	stopA := start("a", q)
	until(t, "a leads", func() bool { return who()["a"] })
	stopB := start("b", openQueue(t, dir))
	if who()["b"] {
		t.Error("both lead")
	}
	stopA()
	until(t, "b leads", func() bool { return who()["b"] })
	stopB()
}

// A clock that is set is seen to.
func TestClockIsSet(t *testing.T) {
	s := open(t, openQueue(t, t.TempDir()), noon.Add(3*365*24*time.Hour))
	c := newFakeCrawl()
	try(t, s.begin(t.Context(), c))
	s.looked(crawl.Look{Source: "hourly", Ended: s.now()})
	s.now = func() time.Time { return noon } // by the network, after the start
	s.settle(c)
	if at, _ := c.dueAt("hourly"); at.Before(noon.Add(time.Hour)) || at.After(noon.Add(66*time.Minute)) {
		t.Errorf("due at %s, want an hour after %s", at, noon)
	}
	s.now = func() time.Time { return noon.Add(50 * time.Hour) } // it slept
	s.settle(c)
	if at, _ := c.dueAt("skipping"); !at.Equal(noon.Add(67 * time.Hour)) {
		t.Errorf("what was slept through is due at %s", at)
	}
	if at := s.admit("skipping", noon.Add(43*time.Hour), s.now()); !at.Equal(noon.Add(67 * time.Hour)) {
		t.Errorf("what was slept through is admitted at %s", at)
	}
	for now := noon.Add(50 * time.Hour); now.Before(noon.Add(68 * time.Hour)); now = now.Add(settleEvery) {
		s.now = func() time.Time { return now }
		s.settle(c)
	}
	if at := s.admit("skipping", noon.Add(67*time.Hour), s.now()); !at.Equal(noon.Add(67 * time.Hour)) {
		t.Errorf("what had to wait for its host is admitted at %s", at)
	}
}

// With a real crawl, a look that is asked for is made, and what was seen is kept.
func TestCrawl(t *testing.T) {
	var mu sync.Mutex
	looks := 0
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/feed" {
			http.NotFound(w, r)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		looks++
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>T</title><item><title>A</title><link>/a%d</link></item></channel></rss>`, looks)
	}))
	defer site.Close()
	q := openQueue(t, t.TempDir())
	source := crawl.Source{Name: "paper", Kind: crawl.Feed, URL: site.URL + "/feed", Every: 24 * time.Hour}
	s, err := Open(t.Context(), q, []crawl.Source{source}, slog.New(slog.DiscardHandler))
	try(t, err)
	c, err := crawl.Open(crawl.Plan{
		Options: crawl.Options{AllowPrivate: true}, Politeness: crawl.Politeness{Delay: -1}, Folder: t.TempDir(), Sources: []crawl.Source{source},
		Timing: s.Timing(), Files: ingest.Reader{},
	})
	try(t, err)
	defer func() { try(t, c.Close()) }()
	stop := lead(t, s, c)
	defer stop()
	until(t, "it was looked at", func() bool { return !entries(t, s)["paper"].Last.IsZero() })
	try(t, s.RunNow(t.Context(), "paper"))
	until(t, "it was looked at again", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return looks == 2
	})
	until(t, "that is kept", func() bool {
		e := entries(t, s)["paper"]
		return e.Asked.IsZero() && e.News == 1 && e.Next.Sub(e.Last) >= 24*time.Hour && e.Pace.Hours > 0
	})
}

package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// pushOn opens a crawl for which pages can be fetched.
func (w *town) pushOn(t *testing.T, plan Plan) *Crawler {
	t.Helper()
	c, err := open(plan, w.clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// fetchPage is what whoever pushes an address gets.
func fetchPage(c *Crawler, ctx context.Context, address string, within time.Duration) (*Page, error) {
	a, err := c.Fetch(ctx, address, within)
	if err != nil {
		return nil, err
	}
	raw, err := a.Encode()
	if err != nil {
		return nil, err
	}
	if a, err = DecodeAnswer(raw); err != nil {
		return nil, err
	}
	return a.Page()
}

func TestPushed(t *testing.T) {
	w := newTown(t, 1)
	w.text("/robots.txt", "text/plain", "User-agent: *\nDisallow: /closed\n")
	w.text("/page", "text/html; charset=iso-8859-1", "<p>caf\xe9")
	w.text("/large", "text/html", strings.Repeat("large ", 1<<10))
	for path, to := range map[string]string{"/away": "/closed", "/moved": "/page"} {
		w.HandleFunc(path, func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, to, http.StatusFound) })
	}
	for _, asker := range []*Asker{nil, NewAsker(Options{AllowPrivate: true, MaxBytes: 4 << 10}, nil)} {
		plan := w.plan(t.TempDir())
		plan.MaxBytes = 4 << 10
		f := &far{asker: asker, asked: map[string]int{}}
		if asker != nil {
			plan.Ask = f.ask
		}
		c := w.pushOn(t, plan)
		for _, path := range []string{"/page", "/moved"} {
			got, err := fetchPage(c, t.Context(), w.url(0, path), 0)
			if err != nil || got.URL != w.url(0, "/page") || got.Type != "text/html" || string(got.Body) != "<p>café" {
				t.Errorf("Fetch(%s) = %+v, %v", path, got, err)
			}
		}
		for path, want := range map[string]error{"/closed": ErrDisallowed, "/away": ErrDisallowed, "/large": ErrTooLarge} {
			if _, err := fetchPage(c, t.Context(), w.url(0, path), 0); !errors.Is(err, want) {
				t.Errorf("Fetch(%s): %v, want %v", path, err, want)
			}
		}
		var status *StatusError
		if _, err := fetchPage(c, t.Context(), w.url(0, "/gone"), 0); !errors.As(err, &status) || status.Status != http.StatusNotFound {
			t.Errorf("Fetch(/gone): %v", err)
		}
		if f.noted != len(f.asked) {
			t.Errorf("%d of %d answers were noted", f.noted, len(f.asked))
		}
		for e, err := range c.archive.Entries() {
			if err != nil || e.Kind != robotsKind {
				t.Errorf("the archive holds %+v, %v", e, err)
			}
		}
	}
	plan := w.plan(t.TempDir())
	plan.AllowPrivate = false
	c := w.pushOn(t, plan)
	for _, address := range []string{w.url(0, "/page"), "http://localhost:1/", "http://[::ffff:10.0.0.1]/"} {
		if _, err := fetchPage(c, t.Context(), address, 0); !errors.Is(err, ErrPrivate) {
			t.Errorf("Fetch(%s): %v, want %v", address, err, ErrPrivate)
		}
	}
}

// A span is when a server had a request.
type span struct{ from, to time.Time }

// Pages that are pushed and those that the crawl visits keep one delay, of which
// the time that a page takes is no part, and share one robots.txt.
func TestPushedAmongVisits(t *testing.T) {
	const delay, stories, pushes = 4 * time.Second, 8, 8
	for _, name := range []string{"near", "far"} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t, 1)
			var mu sync.Mutex
			var spans []span
			w.HandleFunc("/", func(rw http.ResponseWriter, r *http.Request) {
				from := w.clock.now()
				at, _ := w.clock.timer(time.Second)
				<-at
				fmt.Fprint(rw, "<html><title>T</title><p>A page of no use.</html>")
				mu.Lock()
				defer mu.Unlock()
				spans = append(spans, span{from, w.clock.now()})
			})
			w.text("/robots.txt", "text/plain", "User-agent: *\nDisallow: /closed\n")
			var paths []string
			for n := range stories {
				paths = append(paths, fmt.Sprint("/story", n))
			}
			w.text("/feed", "text/xml", rss(paths...))
			plan := w.plan(t.TempDir(), w.feed(0, "/feed"))
			plan.Politeness.Delay = delay
			if name == "far" {
				plan.Ask = (&far{asker: NewAsker(plan.Options, plan.Read), asked: map[string]int{}}).ask
			}
			c := w.pushOn(t, plan)
			var all sync.WaitGroup
			for n := range pushes {
				all.Go(func() {
					if _, err := fetchPage(c, t.Context(), w.url(0, fmt.Sprint("/pushed", n)), 0); err != nil {
						t.Error(err)
					}
				})
			}
			for _, err := range c.Run(t.Context()) {
				if err != nil {
					t.Error(err)
				}
			}
			all.Wait()
			if len(spans) != stories+pushes {
				t.Errorf("%d pages were fetched, want %d", len(spans), stories+pushes)
			}
			for i := range spans[1:] {
				if gap := spans[i+1].from.Sub(spans[i].to); gap < delay {
					t.Errorf("page %d was asked for %s after the one before it had ended, want %s", i+1, gap, delay)
				}
			}
			calls := w.all()
			gaps(t, calls, delay)
			if n := len(calls) - stories - pushes; n != 2 { // robots.txt and the feed
				t.Errorf("there were %d other requests, want 2: %+v", n, calls)
			}
		})
	}
}

// A host that fails when it is asked for a page that was pushed is left alone by the
// crawl, and the other way round; who cannot be served in time is told at once.
func TestPushedRests(t *testing.T) {
	w := newTown(t, 1)
	w.stories("acme")
	w.text("/feed", "text/xml", rss("/acme"))
	w.HandleFunc("/busy", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Retry-After", "50")
		rw.WriteHeader(http.StatusServiceUnavailable)
	})
	w.clock = quick(100)
	c := w.pushOn(t, w.plan(t.TempDir(), w.feed(0, "/feed")))
	var refused *StatusError
	if _, err := fetchPage(c, t.Context(), w.url(0, "/busy"), 0); !errors.As(err, &refused) || refused.Status != http.StatusServiceUnavailable {
		t.Errorf("Fetch(/busy): %v", err)
	}
	if hosts, err := c.Resting(); err != nil || len(hosts) != 1 {
		t.Errorf("Resting = %+v, %v", hosts, err)
	}
	if _, err := fetchPage(c, t.Context(), w.url(0, "/acme"), time.Second); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Fetch(/acme): %v, want %v", err, context.DeadlineExceeded)
	}
	for _, err := range c.Run(t.Context()) {
		if err != nil {
			t.Error(err)
		}
	}
	calls := w.calls()
	if len(calls) != 3 || calls[0].path != "/busy" || calls[1].path != "/feed" {
		t.Fatalf("asked for %+v", calls)
	}
	gaps(t, calls[:2], 49*time.Second)

	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := c.Fetch(ended, w.url(0, "/acme"), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("Fetch = %v, want %v", err, context.Canceled)
	}
}

// What waits behind a request that takes long gives up when its time is over, and
// so does who waits for robots.txt.
func TestPushedInTime(t *testing.T) {
	w := newTown(t, 2)
	asked, open := make(chan struct{}), make(chan struct{})
	w.HandleFunc("/slow", func(http.ResponseWriter, *http.Request) {
		close(asked)
		<-open
	})
	c := w.pushOn(t, w.plan(t.TempDir()))
	ended := make(chan error, 1)
	go func() {
		_, err := fetchPage(c, t.Context(), w.url(0, "/slow"), 0)
		ended <- err
	}()
	<-asked
	if _, err := fetchPage(c, t.Context(), w.url(0, "/next"), 10*time.Second); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Fetch(/next): %v, want %v", err, context.DeadlineExceeded)
	}
	close(open)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	c.fetch.lane(&url.URL{Scheme: "http", Host: w.hosts[1]}).rest(time.Hour)
	if _, err := fetchPage(c, t.Context(), w.url(1, "/"), 10*time.Second); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Fetch: %v, want %v", err, context.DeadlineExceeded)
	}
	for _, call := range w.all() {
		if call.host == w.hosts[1] {
			t.Errorf("asked for %s", call.path)
		}
	}
}

package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// Pages that several processes push are fetched by the same workers as those that
// the crawl visits, and all together keep the delay of their host.
func TestPages(t *testing.T) {
	const delay, stories, pushes, processes = 50 * time.Millisecond, 10, 5, 2
	w := &clocked{stories: stories}
	s := httptest.NewServer(w)
	defer s.Close()
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var workers, pushers sync.WaitGroup
	queues := make([]*jobs.Queue, processes)
	for i := range queues {
		q, err := jobs.Open(t.Context(), jobs.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer q.Close()
		p := &Pipeline{Queue: q, Metrics: NewMetrics(q), Log: slog.New(slog.DiscardHandler), Asker: crawl.NewAsker(crawl.Options{AllowPrivate: true}, readPage)}
		workers.Go(func() {
			if err := p.Work(ctx, []jobs.Stage{jobs.Fetch}); err != nil {
				t.Error(err)
			}
		})
		for n := range pushes {
			pushers.Go(func() { // before anybody crawls
				got, err := FetchPage(t.Context(), q, fmt.Sprintf("%s/pushed/%d/%d", s.URL, i, n))
				if err != nil || !strings.Contains(string(got.Body), got.URL[len(s.URL):]) {
					t.Errorf("FetchPage = %+v, %v", got, err)
				}
			})
		}
		queues[i] = q
	}
	workers.Go(func() {
		plan := crawl.Plan{
			Options: crawl.Options{AllowPrivate: true}, Politeness: crawl.Politeness{Delay: delay}, Folder: t.TempDir(), Read: readPage,
			Sources: []crawl.Source{{Name: "host", Kind: crawl.Feed, URL: s.URL + "/feed", Every: time.Hour}},
		}
		if err := crawlAndServe(ctx, queues[0], plan); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	pushers.Wait()
	await(t, "all pages are fetched", func() bool { return w.count() == stories+processes*pushes+2 }) // with robots.txt and the feed
	if _, err := FetchPage(t.Context(), queues[1], s.URL+"/closed"); !errors.Is(err, crawl.ErrDisallowed) {
		t.Errorf("FetchPage: %v, want %v", err, crawl.ErrDisallowed)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := FetchPage(ended, queues[1], s.URL+"/late"); !errors.Is(err, context.Canceled) {
		t.Errorf("FetchPage: %v, want %v", err, context.Canceled)
	}
	stop()
	workers.Wait()
	for i := range w.from[1:] {
		if gap := w.from[i+1].Sub(w.to[i]); gap < delay {
			t.Errorf("request %d came %s after the one before it had ended, want %s", i+1, gap, delay)
		}
	}
}

// crawlAndServe crawls, and fetches pages for others.
func crawlAndServe(ctx context.Context, q *jobs.Queue, plan crawl.Plan) error {
	answers, err := q.Answers(ctx)
	if err != nil {
		return err
	}
	defer answers.Close()
	plan.Ask = Ask(answers)
	c, err := crawl.Open(plan)
	if err != nil {
		return err
	}
	defer c.Close()
	leave, err := ServePages(ctx, q, c)
	if err != nil {
		return err
	}
	defer leave()
	for _, err := range c.Run(ctx) {
		if err != nil {
			return err
		}
	}
	return nil
}

// A clocked host notes when it had each request.
type clocked struct {
	stories int

	mu       sync.Mutex
	from, to []time.Time
}

func (c *clocked) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	from := time.Now()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.from, c.to = append(c.from, from), append(c.to, time.Now())
	}()
	switch r.URL.Path {
	case "/robots.txt":
		fmt.Fprint(rw, "User-agent: *\nDisallow: /closed\n")
	case "/feed":
		fmt.Fprint(rw, `<rss version="2.0"><channel><title>F</title>`)
		for n := range c.stories {
			fmt.Fprintf(rw, "<item><title>T</title><link>http://%s/story/%d</link></item>", r.Host, n)
		}
		fmt.Fprint(rw, "</channel></rss>")
	default:
		rw.Header().Set("Content-Type", "text/html")
		fmt.Fprint(rw, "<p>This is ", r.URL.Path)
	}
}

func (c *clocked) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.from)
}

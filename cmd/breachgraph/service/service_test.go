package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/access"
	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// patience is how long a test waits for what must happen.
const patience = 2 * time.Minute

// pipeline is one with a queue of its own, which loads into loaded.
func pipeline(t *testing.T) (p *Pipeline, loaded func() []string) {
	t.Helper()
	q, err := jobs.Open(t.Context(), jobs.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	var mu sync.Mutex
	var ids []string
	p = &Pipeline{
		Queue: q, Metrics: NewMetrics(q), Log: slog.New(slog.DiscardHandler),
		Understand: func(_ context.Context, a ingest.Article) (extract.Result, bool, error) {
			if a.Title == "not an article" {
				return extract.Result{}, false, errors.New("holds no article")
			}
			return extract.Extract(a, extract.Options{}), a.Title != "a review", nil
		},
		Load: func(_ context.Context, results []extract.Result) ([]*graph.ArticleError, error) {
			mu.Lock()
			defer mu.Unlock()
			var refused []*graph.ArticleError
			for _, r := range results {
				if r.Article.Title == "refused" {
					refused = append(refused, &graph.ArticleError{Article: r.Article.ID, Err: errors.New("too large")})
					continue
				}
				ids = append(ids, r.Article.ID)
			}
			return refused, nil
		},
	}
	return p, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(ids)
	}
}

// run works at both stages until ok.
func run(t *testing.T, p *Pipeline, what string, ok func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- p.Work(ctx, []jobs.Stage{jobs.Extract, jobs.Load}) }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() && ctx.Err() == nil {
		<-tick.C
	}
	if ctx.Err() != nil {
		t.Errorf("waited in vain: %s", what)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func article(n int, title string) ingest.Article {
	text := fmt.Sprintf("Fenwick Dental said that hackers had stolen the records of %d patients.", 1000+n)
	return ingest.Article{ID: fmt.Sprintf("https://example.org/%d", n), URL: fmt.Sprintf("https://example.org/%d", n), Title: title, Text: text}
}

func TestPipeline(t *testing.T) {
	p, loaded := pipeline(t)
	const n = 120
	for i := range n {
		title := "Fenwick Dental hacked"
		switch i {
		case 3:
			title = "not an article"
		case 5:
			title = "refused"
		case 7:
			title = "a review"
		}
		for range 2 { // the same article again is the same job
			if err := p.Take(t.Context(), article(i, title)); err != nil {
				t.Fatal(err)
			}
		}
	}
	run(t, p, "all articles are through", func() bool {
		d, err := p.Queue.Depths(t.Context())
		return err == nil && d[jobs.Extract] == jobs.Depth{Dead: 1} && d[jobs.Load] == jobs.Depth{Dead: 1}
	})
	got := loaded()
	slices.Sort(got)
	if len(got) != n-3 || len(slices.Compact(got)) != n-3 {
		t.Errorf("%d articles are loaded, want each of %d once", len(got), n-3)
	}
	reasons := ""
	for l, err := range p.Queue.DeadLetters(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		reasons += l.Reason + "; "
	}
	if !strings.Contains(reasons, "holds no article") || !strings.Contains(reasons, "too large") {
		t.Errorf("the reasons are %s", reasons)
	}
	checkRoutes(t, p)
}

// checkRoutes asks what those who watch ask.
func checkRoutes(t *testing.T, p *Pipeline) {
	t.Helper()
	var notReady error
	s := httptest.NewServer(Watch(p.Metrics, func(context.Context) error { return notReady }, access.NewGuard(access.Options{})))
	defer s.Close()
	get := func(path string) (int, string) {
		resp, err := http.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
	if code, _ := get("/healthz"); code != http.StatusOK {
		t.Errorf("healthz: %d", code)
	}
	if code, _ := get("/readyz"); code != http.StatusOK {
		t.Errorf("readyz: %d", code)
	}
	notReady = errors.New("the database is away")
	if code, body := get("/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "the database is away") {
		t.Errorf("readyz: %d %s", code, body)
	}
	metrics := ""
	for end := time.Now().Add(patience); !strings.Contains(metrics, "breachgraph_queue_jobs{") && time.Now().Before(end); {
		_, metrics = get("/metrics") // the first may come before the queue has answered
	}
	for _, line := range []string{
		`breachgraph_queue_jobs{stage="load",state="dead"} 1`, `breachgraph_jobs_total{outcome="failed",stage="extract"} 1`,
		`breachgraph_jobs_total{outcome="done",stage="load"} 117`, `breachgraph_database_up 1`, `breachgraph_job_duration_seconds_count{stage="load"} 118`,
		`breachgraph_irrelevant_articles_total 1`,
	} {
		if !strings.Contains(metrics, line+"\n") {
			t.Errorf("metrics lack %s", line)
		}
	}
	if code, _ := get("/debug/pprof/"); code != http.StatusNotFound {
		t.Errorf("another path: %d", code)
	}
}

// A database that is down fails no job: they wait for it.
func TestDatabaseDown(t *testing.T) {
	p, loaded := pipeline(t)
	working := p.Load
	tries := 0
	p.Load = func(ctx context.Context, results []extract.Result) ([]*graph.ArticleError, error) {
		if tries++; tries < 3 { // batches come one after the other
			return nil, errors.New("connection refused")
		}
		return working(ctx, results)
	}
	for i := range 5 {
		if err := p.Take(t.Context(), article(i, "Fenwick Dental hacked")); err != nil {
			t.Fatal(err)
		}
	}
	run(t, p, "all articles are loaded", func() bool { return len(loaded()) == 5 })
	for l, err := range p.Queue.DeadLetters(t.Context()) {
		t.Errorf("%s failed: %s, %v", l.ID, l.Reason, err)
	}
}

// An article is extracted again even within the hour in which it is the same job.
func TestAgain(t *testing.T) {
	p, loaded := pipeline(t)
	a := article(1, "Fenwick Dental hacked")
	for _, take := range []func(context.Context, ingest.Article) error{p.Take, p.Take, p.Again} {
		if err := take(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	run(t, p, "both jobs are done", func() bool { return len(loaded()) == 2 })
}

func TestRecent(t *testing.T) {
	var out strings.Builder
	r := NewRecent(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelError}))
	log := slog.New(r).With("stage", "load")
	log.Info("left out")
	log.Warn("kept", "job", 7)
	for i := range maxRecent {
		log.Error(strings.Repeat("x", 2*maxNotice), "number", i)
	}
	got := r.Notices()
	if len(got) != maxRecent || got[0].Level != slog.LevelError || len(got[0].Text) != maxNotice || strings.Contains(out.String(), "kept") {
		t.Errorf("%d notices, the first %+v", len(got), got[0])
	}
	r = NewRecent(slog.DiscardHandler)
	slog.New(r).With("stage", "load").Warn("kept", "job", 7)
	if got := r.Notices(); len(got) != 1 || got[0].Text != "kept, stage load, job 7" {
		t.Errorf("%+v", got)
	}
}

// Profiles are for requests of this machine, by a name of it.
func TestProfiles(t *testing.T) {
	for _, tt := range []struct {
		from, host, path string
		status           int
	}{
		{"127.0.0.1:5", "localhost:6060", "/debug/pprof/", 200}, {"[::1]:5", "127.0.0.1:6060", "/debug/pprof/symbol", 200},
		{"127.0.0.1:5", "localhost:6060", "/debug/pprof/cmdline", 404}, {"192.0.2.1:5", "localhost:6060", "/debug/pprof/", 403},
		{"127.0.0.1:5", "evil.example", "/debug/pprof/", 403},
	} {
		r := httptest.NewRequest(http.MethodGet, "http://"+tt.host+tt.path, nil)
		r.RemoteAddr = tt.from
		w := httptest.NewRecorder()
		Profiles().ServeHTTP(w, r)
		if w.Code != tt.status {
			t.Errorf("%s from %s by %s: %d, want %d", tt.path, tt.from, tt.host, w.Code, tt.status)
		}
	}
}

func TestServeEnds(t *testing.T) {
	l, err := access.ListenHere("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, http.NotFoundHandler(), slog.New(slog.DiscardHandler)) }()
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

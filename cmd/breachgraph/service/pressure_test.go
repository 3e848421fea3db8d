package service

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// A database that is slow slows the crawl: what waits in between is bounded, and
// nothing of it is lost.
func TestPressure(t *testing.T) {
	const hosts, articles, waiting, visits = 3, 20, 5, 4
	p, loaded := pipeline(t)
	q, err := jobs.Open(t.Context(), jobs.Options{Dir: t.TempDir(), MaxWaiting: waiting})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	p.Queue, p.Metrics = q, NewMetrics(q)
	p.Asker = crawl.NewAsker(crawl.Options{AllowPrivate: true}, readPage)
	p.Understand = func(_ context.Context, a ingest.Article) (extract.Result, bool, error) {
		return extract.Extract(a, extract.Options{}), true, nil
	}
	awake := make(chan struct{})
	load := p.Load
	p.Load = func(ctx context.Context, results []extract.Result) ([]*graph.ArticleError, error) {
		select {
		case <-awake:
			return load(ctx, results)
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	w, sources := newTown(t, hosts, articles)
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() {
		if err := p.Work(ctx, jobs.Stages()); err != nil {
			t.Error(err)
		}
	})
	all.Go(func() {
		if err := crawlFor(ctx, p, t.TempDir(), sources, visits); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	await(t, "both stages are full", func() bool {
		d, err := q.Depths(t.Context())
		full := func(d jobs.Depth) bool { return d.Waiting+d.Held >= waiting }
		return err == nil && full(d[jobs.Load]) && full(d[jobs.Extract])
	})
	// One more is in the hands of who takes what the crawl finds.
	if n := w.count(); n > 2*waiting+visits+1 {
		t.Errorf("%d pages were fetched while the database took none, want at most %d", n, 2*waiting+visits+1)
	}
	close(awake)
	await(t, "all articles are loaded", func() bool { return len(loaded()) >= hosts*articles })
	stop()
	all.Wait()
}

// crawlFor crawls and takes what is found as the service does.
func crawlFor(ctx context.Context, p *Pipeline, folder string, sources []crawl.Source, visits int) error {
	answers, err := p.Queue.Answers(ctx)
	if err != nil {
		return err
	}
	defer answers.Close()
	c, err := crawl.Open(crawl.Plan{
		Options: crawl.Options{AllowPrivate: true}, Politeness: crawl.Politeness{Delay: time.Millisecond}, Folder: folder, Sources: sources,
		Read: readPage, Ask: Ask(answers), Workers: visits,
	})
	if err != nil {
		return err
	}
	defer c.Close()
	take := func(e crawl.Event) error {
		if e.Article == nil {
			return nil
		}
		return errors.Join(p.Take(ctx, *e.Article), c.Loaded(e.Waiting))
	}
	for e, err := range c.Unloaded(ctx) {
		if err := errors.Join(err, take(e)); err != nil {
			return err
		}
	}
	for e, err := range c.Run(ctx) {
		if err := errors.Join(err, take(e)); err != nil {
			return err
		}
	}
	return nil
}

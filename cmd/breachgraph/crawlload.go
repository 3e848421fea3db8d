package main

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl"
)

const (
	// loadBatch is how many articles are loaded at once, and loadPause how long
	// one waits for others.
	loadBatch = 50
	loadPause = 3 * time.Second
	// loadRetry is how long a database that failed is left alone.
	loadRetry = time.Minute
)

// A crawlLoader loads articles beside a crawl. The nil loader loads nothing.
type crawlLoader struct {
	*app
	crawler *crawl.Crawler
	once    bool
	in      chan crawl.Event
	db      *graph.DB
	behind  bool                   // whether the crawler knows of articles that are not here
	ahead   map[crawl.Waiting]bool // loaded before they came here
	failed  time.Time              // when the database failed last
	err     error                  // of that
	loaded  int
	refused int
	aside   int // not about a breach
}

func (a *app) newCrawlLoader(c *crawl.Crawler, once bool) *crawlLoader {
	if a.noLoad {
		return nil
	}
	return &crawlLoader{app: a, crawler: c, once: once, in: make(chan crawl.Event, loadBatch), behind: true, ahead: map[crawl.Waiting]bool{}}
}

// start begins to load, and returns what waits for the end of it.
func (l *crawlLoader) start(ctx context.Context) (wait func() error) {
	if l == nil {
		return func() error { return nil }
	}
	done := make(chan error, 1)
	go func() { done <- l.run(ctx) }()
	return func() error {
		close(l.in)
		return <-done
	}
}

// add hands over an article. It waits while the loader has enough to do.
func (l *crawlLoader) add(ctx context.Context, e crawl.Event) {
	if l == nil || e.Article == nil {
		return
	}
	select {
	case l.in <- e:
	case <-ctx.Done():
	}
}

func (l *crawlLoader) run(ctx context.Context) error {
	defer func() {
		if l.db != nil {
			l.db.Close(context.WithoutCancel(ctx))
		}
	}()
	for more := true; more && ctx.Err() == nil; {
		var batch []crawl.Event
		batch, more = l.gather(ctx)
		if l.err != nil && (l.once || time.Since(l.failed) < loadRetry) {
			continue // they wait in the archive
		}
		if err := l.load(ctx, batch); err != nil {
			return err
		}
	}
	if ctx.Err() != nil || l.err == nil {
		return nil
	}
	return fmt.Errorf("articles wait in the archive for the next run: %w", l.err)
}

// gather takes articles until there are enough or none comes for a while.
func (l *crawlLoader) gather(ctx context.Context) (batch []crawl.Event, more bool) {
	pause := time.NewTimer(loadPause)
	defer pause.Stop()
	for len(batch) < loadBatch {
		select {
		case e, ok := <-l.in:
			if !ok {
				return batch, false
			}
			batch = append(batch, e)
		case <-pause.C:
			return batch, true
		case <-ctx.Done():
			return batch, false
		}
	}
	return batch, true
}

// load loads a batch, or all that is waiting if there may be more. An error of the
// database is kept; one that is returned ends the crawl.
func (l *crawlLoader) load(ctx context.Context, batch []crawl.Event) error {
	l.err = nil
	if !l.behind {
		return l.loadAll(ctx, slices.DeleteFunc(batch, func(e crawl.Event) bool { return l.ahead[e.Waiting] }))
	}
	next, stop := iter.Pull2(l.crawler.Unloaded(ctx))
	defer stop()
	for more := true; more && l.err == nil; {
		batch = nil
		for len(batch) < loadBatch {
			e, err, ok := next()
			if more = ok; !ok {
				break
			}
			if err != nil {
				l.log.Error("load what was kept: " + err.Error())
				l.refused++
				continue
			}
			batch = append(batch, e)
			l.ahead[e.Waiting] = true
		}
		if err := l.loadAll(ctx, batch); err != nil {
			return err
		}
	}
	l.behind = l.err != nil
	return nil
}

// loadAll extracts from articles and loads them. What cannot be loaded is not
// tried again.
func (l *crawlLoader) loadAll(ctx context.Context, batch []crawl.Event) error {
	if len(batch) == 0 {
		return nil
	}
	var results []extract.Result
	understand := func(article ingest.Article) (graph.Item, error) { return l.understand(ctx, article) }
	for r := range extracted(articlesOf(batch), understand) {
		if r.err != nil {
			l.log.Error(r.err.Error())
			l.refused++
			continue
		}
		if !l.wants(r.result) {
			l.aside++
			continue
		}
		results = append(results, r.result.Result) // a crawl brings no records
	}
	err := l.write(ctx, results)
	switch {
	case ctx.Err() != nil:
		return nil
	case err != nil:
		l.err, l.failed, l.behind = err, time.Now(), true
		l.log.Error("load: " + err.Error())
		return nil
	}
	l.loaded += len(results)
	waiting := make([]crawl.Waiting, len(batch))
	for i, e := range batch {
		waiting[i] = e.Waiting
	}
	return l.crawler.Loaded(waiting...)
}

func articlesOf(batch []crawl.Event) iter.Seq2[ingest.Article, error] {
	return func(yield func(ingest.Article, error) bool) {
		for _, e := range batch {
			if !yield(*e.Article, nil) {
				return
			}
		}
	}
}

// write loads results into the database, which it opens if need be.
func (l *crawlLoader) write(ctx context.Context, results []extract.Result) error {
	if len(results) == 0 {
		return nil
	}
	if l.db == nil {
		db, _, err := l.openGraph(ctx)
		if err != nil {
			return err
		}
		l.db = db
	}
	summary, err := l.db.Load(ctx, slices.Values(results))
	for _, refused := range summary.Refused {
		l.log.Error(refused.Error())
		l.refused++
	}
	return err
}

package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

const (
	// loadBatch is how many articles are loaded at once, and loadPause how long
	// one waits for others.
	loadBatch = 50
	loadPause = 300 * time.Millisecond
	// A database that fails is left alone for a while, which grows up to
	// maxRest.
	firstRest = time.Second
	maxRest   = time.Minute
)

// A loader loads the results of many jobs at once. A database that is down holds
// all of them up: it is not their fault.
type loader struct {
	*Pipeline
	in chan loading
}

// A loading is one job's result on its way.
type loading struct {
	result extract.Result
	done   chan error
}

func newLoader(p *Pipeline) *loader { return &loader{p, make(chan loading)} }

// load does a job of the stage of that name.
func (l *loader) load(ctx context.Context, j jobs.Job) error {
	r, err := decode(j.Data)
	if err != nil {
		return jobs.Permanent(fmt.Errorf("read the job: %w", err))
	}
	one := loading{r, make(chan error, 1)}
	select {
	case l.in <- one:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return <-one.done
}

// run loads what comes until ctx ends.
func (l *loader) run(ctx context.Context) error {
	for {
		batch := l.gather(ctx)
		if len(batch) == 0 {
			return nil
		}
		l.write(ctx, batch)
	}
}

// gather waits for a first result and takes those that soon follow; none at the
// end of ctx.
func (l *loader) gather(ctx context.Context) []loading {
	var batch []loading
	select {
	case one := <-l.in:
		batch = append(batch, one)
	case <-ctx.Done():
		return nil
	}
	pause := time.After(loadPause)
	for len(batch) < loadBatch {
		select {
		case one := <-l.in:
			batch = append(batch, one)
		case <-pause:
			return batch
		}
	}
	return batch
}

// write loads a batch, as often as it takes.
func (l *loader) write(ctx context.Context, batch []loading) {
	results := make([]extract.Result, len(batch))
	for i, one := range batch {
		results[i] = one.result
	}
	for rest := firstRest; ; rest = min(2*rest, maxRest) {
		refused, err := l.Load(ctx, results)
		l.Metrics.database(err == nil)
		if err == nil {
			for _, one := range batch {
				one.done <- refusal(one.result, refused)
			}
			return
		}
		if ctx.Err() == nil {
			l.Log.Warn("cannot load, will try again", "articles", len(batch), "in", rest, "error", err)
		}
		select {
		case <-time.After(rest):
		case <-ctx.Done():
			for _, one := range batch {
				one.done <- context.Cause(ctx)
			}
			return
		}
	}
}

// refusal is why the article of r was refused, nil if it was loaded.
func refusal(r extract.Result, refused []*graph.ArticleError) error {
	i := slices.IndexFunc(refused, func(e *graph.ArticleError) bool { return e.Article == r.Article.ID })
	if i < 0 {
		return nil
	}
	return jobs.Permanent(errors.Unwrap(refused[i]))
}

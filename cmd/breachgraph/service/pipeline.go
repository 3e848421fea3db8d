// Package service runs the stages of breachgraph for years on end: what a crawl
// finds becomes jobs, which are extracted and loaded as fast as each stage can,
// and none is lost when a process or the database goes away.
//
// pipeline.go takes jobs through the stages, fetch.go has pages fetched for the
// crawl, load.go gathers what is loaded at once, metrics.go counts, http.go answers
// those who watch. snapshot.go copies a crawl that goes on, retention.go deletes
// what is old enough.
package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// A Pipeline takes articles through the stages. Its fields are set before it is
// used and not changed then.
type Pipeline struct {
	Queue *jobs.Queue
	// Understand says what an article says and whether that is to be loaded. An
	// error is of the article, and trying again would not help.
	Understand func(context.Context, ingest.Article) (r extract.Result, wanted bool, err error)
	// Load loads results. The articles that it returns were refused and the
	// others loaded; an error is of the database, and of none of them.
	Load func(context.Context, []extract.Result) ([]*graph.ArticleError, error)
	// Asker makes requests of the crawl; nil where the stage fetch is not worked at.
	Asker *crawl.Asker
	// Ready says why work cannot be done now; nil where it can.
	Ready   func(context.Context) error
	Metrics *Metrics
	Log     *slog.Logger
}

// Take makes a job of an article. Once it returns, the article is safe whatever
// becomes of this process; the same article again within an hour is the same job.
func (p *Pipeline) Take(ctx context.Context, a ingest.Article) error {
	raw, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("take %s: %w", a.ID, err)
	}
	sum := sha256.Sum256(raw)
	return p.Queue.Add(ctx, jobs.Extract, a.ID+"#"+hex.EncodeToString(sum[:6]), raw)
}

// Again makes a job of an article that was one before, even within the hour.
func (p *Pipeline) Again(ctx context.Context, a ingest.Article) error {
	raw, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("take %s again: %w", a.ID, err)
	}
	return p.Queue.Add(ctx, jobs.Extract, a.ID+"#again-"+strconv.FormatInt(time.Now().UnixNano(), 36), raw)
}

// Work does the jobs of stages until ctx ends.
func (p *Pipeline) Work(ctx context.Context, stages []jobs.Stage) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, s := range stages {
		switch s {
		case jobs.Fetch:
			group.Go(func() error { return p.Queue.Work(ctx, s, fetches, p.measured(finishing(ctx, p.fetch))) })
		case jobs.Extract:
			group.Go(func() error {
				return p.Queue.Work(ctx, s, runtime.GOMAXPROCS(0), p.measured(p.extract))
			})
		case jobs.Load:
			l := newLoader(p)
			group.Go(func() error { return l.run(ctx) })
			// As many at once as are loaded at once, twice: one batch gathers
			// while another is on its way.
			group.Go(func() error { return p.Queue.Work(ctx, s, 2*loadBatch, p.measured(l.load)) })
		}
	}
	return group.Wait()
}

// measured is do with its time and outcome counted.
func (p *Pipeline) measured(do func(context.Context, jobs.Job) error) func(context.Context, jobs.Job) error {
	return func(ctx context.Context, j jobs.Job) error {
		start := time.Now()
		err := do(ctx, j)
		p.Metrics.job(j.Stage, time.Since(start), err)
		return err
	}
}

// extract does a job of the stage of that name.
func (p *Pipeline) extract(ctx context.Context, j jobs.Job) error {
	var a ingest.Article
	if err := json.Unmarshal(j.Data, &a); err != nil {
		return jobs.Permanent(fmt.Errorf("read the job: %w", err))
	}
	r, wanted, err := p.Understand(ctx, a)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return jobs.Permanent(err)
	case !wanted:
		p.Metrics.leftOut.Inc()
		return nil
	}
	raw, err := encode(r)
	if err != nil {
		return jobs.Permanent(err)
	}
	return p.Queue.Add(ctx, jobs.Load, j.ID, raw)
}

// A loadJob is what the stage load is given: the contract's object, and of the
// article what that does not hold.
type loadJob struct {
	Result  json.RawMessage
	Article ingest.Article // without its text
}

func encode(r extract.Result) ([]byte, error) {
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	rest := r.Article
	rest.Text, rest.Links = "", nil
	return json.Marshal(loadJob{raw, rest})
}

func decode(data []byte) (extract.Result, error) {
	var j loadJob
	if err := json.Unmarshal(data, &j); err != nil {
		return extract.Result{}, err
	}
	r, err := extract.Decode(j.Result)
	whole := j.Article
	whole.Text, whole.Links = r.Article.Text, r.Article.Links
	r.Article = whole
	return r, err
}

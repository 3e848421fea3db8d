package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/service"
	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// queue is where the settings say that the jobs are.
func (a *app) queue() jobs.Options {
	return jobs.Options{Dir: filepath.Join(a.data, "nats"), URL: a.nats, Credentials: a.natsCredentials, Logger: a.log}
}

// openQueue opens the jobs to have a look at them.
func (a *app) openQueue(ctx context.Context) (*jobs.Queue, error) { return jobs.Open(ctx, a.queue()) }

// memoryLimit is what garbage is collected for that runs for years, in bytes: live
// are some 110 MB, and pages that are read at once leave much behind.
const memoryLimit = 300 << 20

// openPipeline opens the queue and makes the stages that work at it. The
// database is opened when there is something to load, and again when it was lost.
func (a *app) openPipeline(ctx context.Context) (p *service.Pipeline, stop func(), err error) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	o := a.queue()
	o.Stays = true
	q, err := jobs.Open(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	db := &lazyDatabase{app: a}
	p = &service.Pipeline{
		Queue: q, Metrics: service.NewMetrics(q), Log: a.log, Load: db.load,
		Asker: crawl.NewAsker(crawl.Options{AllowPrivate: a.allowPrivate}, readPage),
		Understand: func(ctx context.Context, article ingest.Article) (r extract.Result, wanted bool, err error) {
			item, err := a.understand(ctx, article)
			return item.Result, a.wants(item), err
		},
		Ready: func(ctx context.Context) error {
			_, err := q.Depths(ctx)
			return errors.Join(err, db.failure())
		},
	}
	return p, func() {
		db.close(context.WithoutCancel(ctx))
		q.Close()
	}, nil
}

// A lazyDatabase is opened when it is needed.
type lazyDatabase struct {
	*app
	mu  sync.Mutex
	db  *graph.DB
	err error // of the last load
}

// load loads results; only one batch at a time comes here.
func (l *lazyDatabase) load(ctx context.Context, results []extract.Result) ([]*graph.ArticleError, error) {
	summary, err := l.write(ctx, results)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
	return summary.Refused, err
}

func (l *lazyDatabase) write(ctx context.Context, results []extract.Result) (graph.Summary, error) {
	if l.db == nil {
		db, _, err := l.openGraph(ctx)
		if err != nil {
			return graph.Summary{}, err
		}
		l.db = db
	}
	summary, err := l.db.Load(ctx, slices.Values(results))
	if noDatabase(err) {
		l.close(ctx) // a local server that ended is started again by the next open
	}
	return summary, err
}

func (l *lazyDatabase) close(ctx context.Context) {
	if l.db == nil {
		return
	}
	if err := l.db.Close(ctx); err != nil {
		l.log.Debug("close the database", "error", err)
	}
	l.db = nil
}

// failure is why the last load failed; nil where it did not.
func (l *lazyDatabase) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

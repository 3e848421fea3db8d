package service

import (
	"context"
	"log/slog"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

const (
	day = 24 * time.Hour
	// waitingMargin is how much older than a job what it was made of may be.
	waitingMargin = 7 * day
)

// A Retention says how many days something is kept; 0 means for ever.
type Retention struct {
	Pages int // captured pages, in the archive
	Dead  int // dead letters
}

// A Pruned is what was deleted, or would be.
type Pruned struct {
	Files   []archive.Old
	Letters int
}

// Bytes is the size of the files.
func (p Pruned) Bytes() (n int64) {
	for _, f := range p.Files {
		n += f.Bytes
	}
	return n
}

// pagesBefore is the time before which pages may go: also not while jobs wait
// that may be of them.
func (r Retention) pagesBefore(ctx context.Context, q *jobs.Queue, now time.Time) (time.Time, error) {
	before := now.Add(-time.Duration(r.Pages) * day)
	oldest, err := q.Oldest(ctx)
	if err != nil || oldest.IsZero() {
		return before, err
	}
	if made := oldest.Add(-waitingMargin); made.Before(before) {
		before = made
	}
	return before, nil
}

// Would says what Prune would delete now.
func (r Retention) Would(ctx context.Context, q *jobs.Queue, c *crawl.Crawler, now time.Time) (p Pruned, err error) {
	if r.Pages > 0 {
		before, err := r.pagesBefore(ctx, q, now)
		if err != nil {
			return p, err
		}
		if p.Files, err = c.Expired(before); err != nil {
			return p, err
		}
	}
	if r.Dead > 0 {
		for l, err := range q.DeadLetters(ctx) {
			if err != nil {
				return p, err
			}
			if l.Died.Before(r.deadBefore(now)) {
				p.Letters++
			}
		}
	}
	return p, nil
}

func (r Retention) deadBefore(now time.Time) time.Time {
	return now.Add(-time.Duration(r.Dead) * day)
}

// Prune deletes what is older than it may become, but nothing that still has to
// be loaded.
func (r Retention) Prune(ctx context.Context, q *jobs.Queue, c *crawl.Crawler, now time.Time) (p Pruned, err error) {
	if r.Pages > 0 {
		before, err := r.pagesBefore(ctx, q, now)
		if err != nil {
			return p, err
		}
		// Some thirty files, so that little is kept longer than it should be.
		rotate := now.Add(-max(day, time.Duration(r.Pages)*day/30))
		if p.Files, err = c.Expire(before, rotate); err != nil {
			return p, err
		}
	}
	if r.Dead > 0 {
		p.Letters, err = q.DropDead(ctx, r.deadBefore(now))
	}
	return p, err
}

// Daily prunes once a day, the first time at once, until ctx ends.
func (r Retention) Daily(ctx context.Context, q *jobs.Queue, c *crawl.Crawler, log *slog.Logger) {
	if r == (Retention{}) {
		return
	}
	tick := time.NewTicker(day)
	defer tick.Stop()
	for {
		p, err := r.Prune(ctx, q, c, time.Now())
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.Error("prune", "error", err)
		default:
			log.Info("pruned", "files", len(p.Files), "bytes", p.Bytes(), "letters", p.Letters)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

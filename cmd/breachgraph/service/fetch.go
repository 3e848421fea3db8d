package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// fetches is how many requests a process has under way at once.
const fetches = 32

// Ask has requests of a crawl made by whoever works at the stage fetch.
func Ask(answers *jobs.Answers) func(context.Context, crawl.Request) (crawl.Answer, func(), error) {
	return func(ctx context.Context, r crawl.Request) (crawl.Answer, func(), error) {
		raw, err := json.Marshal(r)
		if err != nil {
			return crawl.Answer{}, nil, fmt.Errorf("ask for %.300s: %w", r.URL, err)
		}
		data, noted, err := answers.Ask(ctx, r.Lane, r.ID, raw)
		if err != nil {
			return crawl.Answer{}, nil, fmt.Errorf("ask for %.300s: %w", r.URL, err)
		}
		a, err := crawl.DecodeAnswer(data)
		if err != nil {
			noted() // it would be no better another time
		}
		return a, noted, err
	}
}

const (
	// pageCall is what the process that crawls is called by to fetch a page.
	pageCall = "page"
	// maxPages is how many pages it fetches at once that others wait for.
	maxPages = 64
	// callAgain is when that is called again of which there is none.
	callAgain = 250 * time.Millisecond
)

// ServePages has c fetch pages for those who call [FetchPage], in this and other
// processes, until stop is called, which waits for those under way.
func ServePages(ctx context.Context, q *jobs.Queue, c *crawl.Crawler) (stop func(), err error) {
	return q.Serve(ctx, pageCall, maxPages, func(ctx context.Context, call jobs.Call) ([]byte, error) {
		a, err := c.Fetch(ctx, string(call.Data), call.Within)
		if err != nil {
			return nil, err
		}
		return a.Encode()
	})
}

// FetchPage has the process that crawls fetch a page: it alone knows when a host may
// be asked. While none crawls FetchPage waits for one, as long as ctx lasts. The
// error is that of ctx, or as [crawl.Answer.Page] has it.
func FetchPage(ctx context.Context, q *jobs.Queue, address string) (*crawl.Page, error) {
	raw, err := q.Call(ctx, pageCall, []byte(address))
	for errors.Is(err, jobs.ErrNobody) {
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(callAgain):
		}
		raw, err = q.Call(ctx, pageCall, []byte(address))
	}
	if err != nil {
		return nil, fmt.Errorf("fetch %.300s: %w", address, err)
	}
	a, err := crawl.DecodeAnswer(raw)
	if err != nil {
		return nil, fmt.Errorf("fetch %.300s: %w", address, err)
	}
	return a.Page()
}

// fetch does a job of the stage of that name.
func (p *Pipeline) fetch(ctx context.Context, j jobs.Job) error {
	var r crawl.Request
	if err := json.Unmarshal(j.Data, &r); err != nil {
		return jobs.Permanent(fmt.Errorf("read the job: %w", err))
	}
	if j.Again > 0 {
		// The worker that had it may have asked just before it ended.
		select {
		case <-time.After(r.Pause):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	a, err := p.Asker.Ask(ctx, r)
	if err != nil {
		return err
	}
	raw, err := a.Encode()
	if err != nil {
		return jobs.Permanent(err)
	}
	return p.Queue.Answer(ctx, j, raw)
}

// finishTime is how long a request that was begun may go on when the process has
// been told to stop: cut off, it would be made again.
const finishTime = 6 * time.Second

// finishing is do with a context that lasts so much longer when whole has ended,
// of which that of a job comes. Where the job's ends and whole does not, another
// worker may have the job, and so it is cut off at once.
func finishing(whole context.Context, do func(context.Context, jobs.Job) error) func(context.Context, jobs.Job) error {
	return func(job context.Context, j jobs.Job) error {
		ctx, cancel := context.WithCancelCause(context.WithoutCancel(job))
		defer cancel(nil)
		stop := context.AfterFunc(job, func() {
			if whole.Err() != nil {
				select {
				case <-time.After(finishTime):
				case <-ctx.Done():
				}
			}
			cancel(context.Cause(job))
		})
		defer stop()
		return do(ctx, j)
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/service"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/jobs"
	"github.com/breachgraph/breachgraph/ingest/schedule"
)

func (a *app) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Crawl, extract and load without end",
		Long: `Crawl, extract and load without end. What the crawl finds is kept as jobs until it
is in the graph, so that nothing is lost when this process or the database goes
away. Several instances that share a NATS server divide the work: one of them
crawls, and another goes on when that is gone. --listen shows status pages and
answers an HTTP API, which asks for tokens, and /healthz, /readyz and /metrics for
those who watch. Ctrl-C or SIGTERM ends it, and the next start goes on.`,
		Example: `  breachgraph serve
  breachgraph serve --sources my-sources.yaml --log-format json
  breachgraph serve --nats nats://queue.example.net:4222 --nats-credentials crawl.creds`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.checkLanguage(); err != nil {
				return err
			}
			if err := a.openSecond(); err != nil {
				return err
			}
			return a.serve(cmd.Context())
		},
	}
	a.addFlags(cmd, "serve")
	return cmd
}

// serve runs all stages, and the crawl where no other instance does.
func (a *app) serve(ctx context.Context) error {
	plan, err := a.plan()
	if err != nil {
		return err
	}
	stages, err := a.workStages()
	if err != nil {
		return err
	}
	keep, err := a.retention()
	if err != nil {
		return err
	}
	site, err := a.openSite()
	if err != nil {
		return err
	}
	p, stop, err := a.openPipeline(ctx)
	if err != nil {
		return errors.Join(err, site.close())
	}
	defer stop()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return site.run(ctx, p, plan) })
	group.Go(func() error { return p.Work(ctx, stages) })
	group.Go(func() error {
		return p.Queue.Lead(ctx, crawlLease, instance(), func(ctx context.Context) error { return feed(ctx, plan, p, keep) })
	})
	return group.Wait()
}

// crawlLease is the name of the lease that the one instance has which crawls.
const crawlLease = "crawl"

// instance names this process among those that share the work.
func instance() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s/%d", host, os.Getpid())
}

// visits is how many visits of the crawl are under way at once. Nearly all the
// time they wait for those who fetch.
const visits = 256

// feed crawls by the schedule, and makes a job of each article before the crawl
// may forget it.
func feed(ctx context.Context, plan crawl.Plan, p *service.Pipeline, keep service.Retention) (err error) {
	answers, err := p.Queue.Answers(ctx)
	if err != nil {
		return err
	}
	defer answers.Close()
	plan.Ask, plan.Workers = service.Ask(answers), visits
	timing, err := schedule.Open(ctx, p.Queue, plan.Sources, p.Log)
	if err != nil {
		return err
	}
	plan.Timing = timing.Timing()
	c, err := crawl.Open(plan)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	stop, err := service.ServeSnapshots(ctx, p.Queue, c, plan.Folder)
	if err != nil {
		return err
	}
	defer stop()
	leave, err := service.ServePages(ctx, p.Queue, c)
	if err != nil {
		return err
	}
	defer leave()
	defer retain(ctx, keep, p, c)()
	// Each waits for the disk, and those that wait together share that.
	all, handing := errgroup.WithContext(ctx)
	all.SetLimit(hands)
	for e, err := range c.Unloaded(handing) { // kept by a run that was cut off
		if err != nil {
			p.Log.Error("take what was kept", "error", err)
			continue
		}
		all.Go(func() error { return hand(handing, c, e, p) })
	}
	for e, err := range timing.Run(handing, c) {
		if err != nil {
			return ended(ctx, errors.Join(err, all.Wait()))
		}
		p.Metrics.Visit(e)
		all.Go(func() error { return hand(handing, c, e, p) })
	}
	return ended(ctx, all.Wait())
}

// hands is how many articles are made jobs of at once.
const hands = 16

// retain prunes once a day until what it returns is called.
func retain(ctx context.Context, keep service.Retention, p *service.Pipeline, c *crawl.Crawler) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		keep.Daily(ctx, p.Queue, c, p.Log)
	}()
	return func() {
		cancel()
		<-ended
	}
}

// hand makes a job of the article of e, if it has one.
func hand(ctx context.Context, c *crawl.Crawler, e crawl.Event, p *service.Pipeline) error {
	if e.Article == nil {
		return nil
	}
	if err := p.Take(ctx, *e.Article); err != nil {
		return err
	}
	return c.Loaded(e.Waiting)
}

// ended is err, or nil where it only says that ctx has ended.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil && !errors.Is(context.Cause(ctx), jobs.ErrLostLease) {
		return nil
	}
	return err
}

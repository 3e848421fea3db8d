package crawl

import (
	"context"
	"errors"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
)

// A pass is one run of a crawler. One goroutine decides what is visited when;
// each visit has its own.
type pass struct {
	*Crawler
	events   chan<- Event
	began    time.Time
	visited  time.Time      // when the last visit began or ended
	active   map[string]int // visits of each host that are under way
	running  map[string]int // the same of each source
	busy     int            // visits under way
	articles int            // that were visited
	finished chan ended
}

// ended tells of a visit that is over.
type ended struct {
	host, source string
	err          error // that ends the crawl
}

// A turn is what can be done now.
type turn struct {
	item frontier.Item // to visit; without a URL there is none
	// polite is when a host that has something due may be asked again, and due
	// when something will be due; zero for never.
	polite, due time.Time
}

// dispatch starts visits as long as something is due.
func (p *pass) dispatch(ctx context.Context) error {
	for ctx.Err() == nil {
		if p.plan.Limit > 0 && p.articles >= p.plan.Limit {
			return nil
		}
		rung := p.bell.heard()
		t, err := p.next()
		switch {
		case err != nil:
			return err
		case t.item.URL != "":
			p.start(ctx, t.item)
			continue
		case p.plan.Once && p.busy == 0 && t.polite.IsZero() && (t.due.IsZero() || t.due.Sub(p.visited) > patience):
			return nil
		}
		if err := p.wait(ctx, t, rung); err != nil {
			return err
		}
	}
	return nil
}

// next leases what can be visited now, or says when to look again. Items that
// are not for this pass stay leased, so that they do not come again.
func (p *pass) next() (turn, error) {
	var t turn
	now := p.clock.now()
	if p.busy >= p.plan.Workers {
		return t, nil
	}
	want := frontier.Want{Now: now, Skip: p.isPaused, Busy: func(host string) bool { return p.isBusy(host, now, &t.polite) }}
	if len(p.plan.Sources) == 1 {
		want.Source = p.plan.Sources[0].Name
	}
	for {
		it, ok, err := p.frontier.Next(want)
		switch {
		case err != nil:
			return t, err
		case !ok:
			t.due, err = p.frontier.NextTime(now)
			return t, err
		case !p.wants(it):
			continue
		}
		if ok, err := p.admits(it, now); err != nil || ok {
			t.item = it
			return t, err
		}
	}
}

// isBusy reports whether a host must not be asked now, and moves soonest to the
// time at which it may.
func (p *pass) isBusy(host string, now time.Time, soonest *time.Time) bool {
	if p.active[host] >= max(p.plan.Parallel, 1) {
		return true
	}
	l := p.fetch.known(host)
	if l == nil {
		return false
	}
	ready := l.ready()
	if !ready.After(now) {
		return false
	}
	if soonest.IsZero() || ready.Before(*soonest) {
		*soonest = ready
	}
	return true
}

// wants reports whether an item is part of the pass: one that ends leaves for the
// next what has become due since it began, but for what is tried again.
func (p *pass) wants(it frontier.Item) bool {
	if _, ok := p.sources[it.Source]; !ok {
		return false
	}
	return !p.plan.Once || it.Failures > 0 || it.Visited.IsZero() || !it.Due.After(p.began)
}

// start visits an item.
func (p *pass) start(ctx context.Context, it frontier.Item) {
	host := it.Host()
	p.busy++
	p.active[host]++
	p.running[it.Source]++
	p.visited = p.clock.now()
	if it.Kind == frontier.Article {
		p.articles++
	}
	go func() {
		e, err := p.visit(ctx, it)
		if err == nil && e.Outcome != "" {
			p.tell(ctx, e)
		}
		p.finished <- ended{host, it.Source, err}
	}()
}

// tell hands an event to who ranges over the crawl.
func (p *pass) tell(ctx context.Context, e Event) {
	select {
	case p.events <- e:
	case <-ctx.Done():
	}
}

// idle is how long to wait at most before looking again: other programs may have
// set the clock.
const idle = time.Minute

// wait waits for a visit to end, for the time, or until the bell was rung.
func (p *pass) wait(ctx context.Context, t turn, rung <-chan struct{}) error {
	pause := idle
	for _, at := range []time.Time{t.polite, t.due} {
		if !at.IsZero() {
			pause = min(pause, max(at.Sub(p.clock.now()), time.Millisecond))
		}
	}
	at, stop := p.clock.timer(pause)
	defer stop()
	select {
	case <-ctx.Done():
	case <-at:
	case <-rung:
	case e := <-p.finished:
		return p.end(e)
	}
	return nil
}

func (p *pass) end(e ended) error {
	p.busy--
	p.visited = p.clock.now()
	if p.active[e.host]--; p.active[e.host] == 0 {
		delete(p.active, e.host)
	}
	if p.running[e.source]--; p.running[e.source] == 0 {
		delete(p.running, e.source)
	}
	return e.err
}

// drain waits for the visits that are under way.
func (p *pass) drain() error {
	var err error
	for p.busy > 0 {
		err = errors.Join(err, p.end(<-p.finished))
	}
	return err
}

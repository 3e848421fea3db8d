package crawl

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
)

// A Timing decides when sources are looked at, in place of the rules that they
// have themselves. Its functions are called by several goroutines at once, and
// must be quick.
type Timing struct {
	// Admit is asked when a source is due and could be looked at, and says when to:
	// at once where that is not after now, never where it is zero.
	Admit func(source string, due, now time.Time) time.Time
	// Looked is told how a look at a source ended, and says when the next one is
	// due; never, where that is zero. [Crawler.Look] may say otherwise later.
	Looked func(Look) time.Time
}

// A Look is one visit of a source. The articles that it found are visited later.
type Look struct {
	Source       string
	Began, Ended time.Time
	News         int // addresses, or files, that were not known
	// Part says that it was a visit of a part of the source: another page of a
	// listing, another sitemap of an index. It has no next time.
	Part    bool
	Failure string    // why it came to nothing; empty where it did not
	Retry   time.Time // of a failure: when the crawl would try again
}

// Look says when a source is due next; never, if at is zero. A visit of it that
// is under way goes on, and says by itself what comes next. The crawl may be
// running or not.
func (c *Crawler) Look(source string, at time.Time) error {
	s, ok := c.sources[source]
	if !ok {
		return fmt.Errorf("look at source %s: there is none of this name", source)
	}
	kind, onWeb := frontier.ParseKind(string(s.Kind))
	if !onWeb {
		c.setDue(source, at)
		return nil
	}
	defer c.bell.ring()
	it, known, err := c.frontier.Lookup(s.URL)
	switch {
	case err != nil:
		return err
	case !known:
		_, err = c.frontier.Add(frontier.Item{URL: s.URL, Source: s.Name, Kind: kind, Due: at})
		return err
	case it.Source != source: // two sources of one address: the first has it
		return nil
	case it.Due.Equal(at):
		return nil
	}
	return c.frontier.SetDue(it, at)
}

// Pause has a crawl leave a source alone, and all that the source named, until
// Resume is called. What is under way goes on.
func (c *Crawler) Pause(source string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paused[source] = true
}

// Resume takes back what Pause did.
func (c *Crawler) Resume(source string) {
	c.mu.Lock()
	delete(c.paused, source)
	c.mu.Unlock()
	c.bell.ring()
}

func (c *Crawler) isPaused(source string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.paused[source]
}

// admits reports whether an item is to be visited now, and puts it off where it
// is a source that is to be looked at later, or one of which something that it
// named the last time is still to be fetched.
func (p *pass) admits(it frontier.Item, now time.Time) (bool, error) {
	if p.plan.Once || it.Kind == frontier.Article || it.Depth > 0 {
		return true, nil
	}
	waits, err := p.frontier.Waits(it.Source, now)
	if err != nil {
		return false, err
	}
	at := now
	switch {
	case waits || p.running[it.Source] > 0:
		at = now.Add(idle)
	case p.plan.Timing != nil:
		at = p.plan.Timing.Admit(it.Source, it.Due, now)
	}
	if !at.IsZero() && !at.After(now) {
		return true, nil
	}
	return false, p.frontier.Postpone(it, at)
}

// looked is when a source is due again after a look at it.
func (p *pass) looked(l Look) time.Time {
	switch {
	case p.plan.Timing != nil:
		return p.plan.Timing.Looked(l)
	case l.Failure != "":
		return l.Retry
	}
	return p.sources[l.Source].nextLook(l.Ended)
}

// lookedAt is when a source on the web is due again after the visit e of it.
func (p *pass) lookedAt(e Event, it frontier.Item) time.Time {
	l := Look{Source: it.Source, Began: e.began, Ended: e.Time, News: e.Found, Part: it.Depth > 0}
	if e.Outcome == Failed || e.Outcome == Skipped {
		l.Failure, l.Retry = e.Reason, e.Again
	}
	if !l.Part {
		return p.looked(l)
	}
	if p.plan.Timing != nil {
		p.plan.Timing.Looked(l)
	}
	return e.Again
}

// retryAt is when an item that failed is due again; at, where it is no source.
func (p *pass) retryAt(e Event, it frontier.Item, at time.Time) time.Time {
	if it.Kind == frontier.Article {
		return at
	}
	e.Again = at
	return p.lookedAt(e, it)
}

// setDue says when a source that is files is due.
func (c *Crawler) setDue(source string, at time.Time) {
	c.mu.Lock()
	c.due[source] = at
	c.mu.Unlock()
	c.bell.ring()
}

// dueAt is when a source that is files is due; zero for never. It is as soon as
// a crawl begins where nothing else was said.
func (p *pass) dueAt(source string) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.due[source]
	switch {
	case p.paused[source]:
		return time.Time{}
	case !ok:
		return p.began
	}
	return at
}

// readFiles reads the files of all sources that are some, whenever they are due.
func (p *pass) readFiles(ctx context.Context) error {
	var sources []Source
	for _, s := range p.plan.Sources {
		if s.Kind == Folder || s.Kind == WARC || s.Kind == URLs {
			sources = append(sources, s)
		}
	}
	for len(sources) > 0 && ctx.Err() == nil {
		rung := p.bell.heard()
		pause := idle
		for _, s := range sources {
			due, err := p.readDue(ctx, s)
			if err != nil {
				return err
			}
			if !due.IsZero() {
				pause = min(pause, max(due.Sub(p.clock.now()), time.Millisecond))
			}
		}
		if p.plan.Once {
			return nil
		}
		at, stop := p.clock.timer(pause)
		select {
		case <-ctx.Done():
		case <-at:
		case <-rung:
		}
		stop()
	}
	return nil
}

// readDue reads the files of a source if it is due, and returns when it will be.
func (p *pass) readDue(ctx context.Context, s Source) (time.Time, error) {
	due, began := p.dueAt(s.Name), p.clock.now()
	if p.plan.Timing != nil && !due.IsZero() && !due.After(began) {
		due = p.plan.Timing.Admit(s.Name, due, began)
	}
	if due.IsZero() || due.After(began) {
		return due, nil
	}
	news, err := p.readSource(ctx, s)
	if err != nil || ctx.Err() != nil {
		return due, err
	}
	next := p.looked(Look{Source: s.Name, Began: began, Ended: p.clock.now(), News: news})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.due[s.Name] = next
	return next, nil
}

// readAddresses has the frontier know the addresses of a source that is a file
// of them.
func (p *pass) readAddresses(s Source) (news int, err error) {
	found, err := addressFile(s)
	if err != nil {
		return 0, err
	}
	defer p.bell.ring()
	return p.frontier.Add(p.items(found, s, p.began)...)
}

// A bell tells all who wait for it.
type bell struct {
	mu   sync.Mutex
	rung chan struct{}
}

// heard is closed when the bell is rung after this call.
func (b *bell) heard() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rung == nil {
		b.rung = make(chan struct{})
	}
	return b.rung
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rung != nil {
		close(b.rung)
		b.rung = nil
	}
}

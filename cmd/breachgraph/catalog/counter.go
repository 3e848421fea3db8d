package catalog

import (
	"context"
	"sync"
	"time"
)

const (
	// totalsAge and daysAge are how old counts may be that are shown; days are
	// counted article by article.
	totalsAge = 5 * time.Second
	daysAge   = time.Minute
	// DaysShown is how many days a summary has, today the last.
	DaysShown = 30
	// firstWait is how long somebody waits for the first counts.
	firstWait = 100 * time.Millisecond
)

// A Summary is what was counted last.
type Summary struct {
	Totals   Totals    `json:"totals"`
	Days     []Day     `json:"days"`
	Counted  time.Time `json:"counted"` // zero while nothing was
	DaysFrom time.Time `json:"-"`
	Err      error     `json:"-"` // of the last count, which may be later
}

// A Counter counts in the background what is looked at, so that nobody waits for
// it: what a page shows may be some seconds old.
type Counter struct {
	catalog Catalog
	now     func() time.Time
	asked   chan struct{}
	first   chan struct{} // closed after the first count

	mu   sync.Mutex
	last Summary
}

// NewCounter returns a counter that counts while its Run does.
func NewCounter(c Catalog) *Counter {
	return &Counter{catalog: c, now: time.Now, asked: make(chan struct{}, 1), first: make(chan struct{})}
}

// Last returns what was counted last, and has it counted anew if that is old. Only
// the first one who asks waits, a moment.
func (c *Counter) Last(ctx context.Context) Summary {
	select {
	case c.asked <- struct{}{}:
	default: // somebody else has
	}
	wait := time.NewTimer(firstWait)
	defer wait.Stop()
	select {
	case <-c.first:
	case <-wait.C:
	case <-ctx.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

// Run counts when it is asked to, until ctx ends.
func (c *Counter) Run(ctx context.Context) error {
	var once sync.Once
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-c.asked:
		}
		c.refresh(ctx)
		once.Do(func() { close(c.first) })
	}
}

// refresh counts what is old. Days are counted after totals have been shown.
func (c *Counter) refresh(ctx context.Context) {
	c.mu.Lock()
	next := c.last
	c.mu.Unlock()
	now := c.now()
	if now.Sub(next.Counted) >= totalsAge {
		totals, err := c.catalog.Totals(ctx)
		if next.Err = err; err == nil {
			next.Totals, next.Counted = totals, now
		}
		c.set(next)
	}
	if next.Err == nil && now.Sub(next.DaysFrom) >= daysAge {
		first := now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1-DaysShown)
		days, err := c.catalog.Days(ctx, first, DaysShown)
		if next.Err = err; err == nil {
			next.Days, next.DaysFrom = days, now
		}
		c.set(next)
	}
}

func (c *Counter) set(s Summary) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = s
}

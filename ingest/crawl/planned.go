package crawl

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
)

// A Planned visit is one that a crawl would make now.
type Planned struct {
	Source string
	URL    string
	Kind   string // what is expected there: article, feed, sitemap or listing
	Why    string
}

// Planned yields the visits that Run would begin with, and asks nobody for
// anything. What those would find is not known yet. An error ends it.
func (c *Crawler) Planned() iter.Seq2[Planned, error] {
	return func(yield func(Planned, error) bool) {
		for _, s := range c.plan.Sources {
			kind, ok := frontier.ParseKind(string(s.Kind))
			if !ok {
				continue
			}
			_, known, err := c.frontier.Lookup(s.URL)
			if err != nil || !known && !yield(Planned{s.Name, s.URL, kind.String(), "never looked at"}, nil) {
				if err != nil {
					yield(Planned{}, err)
				}
				return
			}
		}
		now := c.clock.now()
		for it, err := range c.frontier.Due(now) {
			if err != nil {
				yield(Planned{}, err)
				return
			}
			if _, ok := c.sources[it.Source]; ok && !yield(Planned{it.Source, it.URL, it.Kind.String(), why(it, now)}, nil) {
				return
			}
		}
	}
}

// why says why an item is due.
func why(it frontier.Item, now time.Time) string {
	switch {
	case it.Failures > 0:
		return fmt.Sprintf("try %d, as the last one failed: %s", it.Failures+1, it.Reason)
	case it.Visited.IsZero() && it.Kind == frontier.Article:
		return "found and not fetched yet"
	case it.Visited.IsZero():
		return "never looked at"
	}
	return fmt.Sprintf("last looked at %s ago", now.Sub(it.Visited).Round(time.Minute))
}

// Resting returns the hosts that are left alone now because they failed.
func (c *Crawler) Resting() ([]frontier.Host, error) {
	hosts, err := c.frontier.Hosts()
	now := c.clock.now()
	return slices.DeleteFunc(hosts, func(h frontier.Host) bool { return h.Failures == 0 || !h.Until.After(now) }), err
}

// Counts says how many addresses of each source are known.
func (c *Crawler) Counts() (map[string]frontier.Count, error) { return c.frontier.Counts() }

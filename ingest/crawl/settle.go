package crawl

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
)

// visit visits an item, and takes note of the answers once they are settled.
func (p *pass) visit(ctx context.Context, it frontier.Item) (Event, error) {
	var n notes
	e, err := p.settle(ctx, it, &n)
	if err != nil || e.Outcome == "" || len(n.noted) == 0 {
		return e, err
	}
	if err := p.archive.Sync(); err != nil {
		return e, err
	}
	n.take()
	return e, nil
}

// settle fetches an item, keeps what is answered and has the frontier know what
// became of it, in that order: a crawl that is killed in between visits it again,
// and loses nothing. The error ends the crawl.
func (p *pass) settle(ctx context.Context, it frontier.Item, n *notes) (Event, error) {
	e := Event{Source: it.Source, URL: it.URL, began: p.clock.now()}
	header := http.Header{}
	if it.ETag != "" {
		header.Set("If-None-Match", it.ETag)
	}
	if it.LastModified != "" {
		header.Set("If-Modified-Since", it.LastModified)
	}
	about := purpose{source: it.Source, kind: it.Kind.String(), visit: visitID(it), notes: n}
	if s := p.sources[it.Source]; it.Kind == frontier.Article && p.plan.Read != nil {
		about.read = &s
	}
	v, err := p.fetch.follow(ctx, it.URL, header, about)
	e.Time = p.clock.now()
	if v.Capture != nil {
		e.Status, e.Bytes = v.status(), len(v.Body)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		p.frontier.Release(it)
		return Event{}, nil
	case err != nil:
		return p.failed(e, it, err)
	case v.status() == http.StatusNotModified:
		return p.unchanged(e, it, v)
	case v.status() != http.StatusOK:
		return p.failed(e, it, &StatusError{URL: it.URL, Status: v.status()})
	}
	if err := p.archive.Sync(); err != nil {
		return e, err
	}
	if it.Kind != frontier.Article {
		return p.source(e, it, v)
	}
	return p.article(ctx, e, it, v)
}

// outcome is that of a visit that was answered.
func outcome(e Event, v visit, hash string) frontier.Outcome {
	return frontier.Outcome{
		Visited: e.Time, Due: e.Again, Hash: hash, Aliases: v.hops,
		ETag: v.header().Get("ETag"), LastModified: v.header().Get("Last-Modified"),
	}
}

// unchanged settles a page of which the server says that it is as it was.
func (p *pass) unchanged(e Event, it frontier.Item, v visit) (Event, error) {
	e.Outcome, e.Again = Unchanged, recheck(it.Published, e.Time)
	if it.Kind != frontier.Article {
		e.Again = p.lookedAt(e, it)
	}
	return e, p.frontier.Done(it, outcome(e, v, ""))
}

// failed settles an item that could not be had.
func (p *pass) failed(e Event, it frontier.Item, err error) (Event, error) {
	var fatal *fatalError
	if errors.As(err, &fatal) {
		p.frontier.Release(it)
		return e, fatal.error
	}
	e.Outcome, e.Reason = Failed, err.Error()
	if errors.Is(err, ErrDisallowed) || errors.Is(err, errKind) {
		e.Outcome = Skipped
	}
	var host *hostError
	if errors.Is(err, errNoRules) && errors.As(err, &host) {
		e.Again = p.retryAt(e, it, host.until)
		return e, p.frontier.Postpone(it, e.Again)
	}
	e.Again = p.retryAt(e, it, p.again(it, err, e.Time))
	return e, p.frontier.Fail(it, e.Reason, e.Again)
}

// again is when to try again what failed; zero for never. A source is never
// given up.
func (p *pass) again(it frontier.Item, err error, now time.Time) time.Time {
	var host *hostError
	var status *StatusError
	var at time.Time
	switch {
	case errors.As(err, &host) && it.Failures < maxFailures:
		return host.until
	case errors.As(err, &host) && it.Failures < 2*maxFailures:
		at = now.Add(day)
	case errors.As(err, &status):
		at = retry(status.Status, it.Failures, now)
	case errors.Is(err, ErrDisallowed) && it.Failures < 3:
		at = now.Add(7 * day)
	}
	if it.Kind == frontier.Article || it.Depth > 0 {
		return at
	}
	if status == nil && !errors.Is(err, ErrDisallowed) {
		return p.sources[it.Source].nextLook(now) // something else came in its place
	}
	return now.Add(day)
}

// A fatalError is one after which going on would lose something.
type fatalError struct{ error }

func (e *fatalError) Unwrap() error { return e.error }

// source settles a feed, a sitemap or a listing.
func (p *pass) source(e Event, it frontier.Item, v visit) (Event, error) {
	s := p.sources[it.Source]
	found, more, err := p.findings(it, v, s)
	if err != nil {
		return p.failed(e, it, err)
	}
	items := p.items(found, s, p.began)
	if it.Kind == frontier.Listing && len(more) > 0 {
		news, err := p.anyNews(items)
		if err != nil {
			return e, err
		}
		if !news {
			more = nil // from here on all is known
		}
	}
	if e.Found, err = p.frontier.Add(items...); err != nil {
		return e, err
	}
	if _, err = p.frontier.Add(more...); err != nil {
		return e, err
	}
	e.Outcome = Found
	e.Again = p.lookedAt(e, it)
	return e, p.frontier.Done(it, outcome(e, v, digest(v.Body)))
}

// anyNews reports whether one of the items has never been visited.
func (p *pass) anyNews(items []frontier.Item) (bool, error) {
	for _, it := range items {
		known, ok, err := p.frontier.Lookup(it.ID)
		if err != nil || !ok || known.Visited.IsZero() && known.Failures == 0 {
			return true, err
		}
	}
	return false, nil
}

// findings reads a source: the addresses of articles that it names, and the other
// files that belong to it.
func (p *pass) findings(it frontier.Item, v visit, s Source) (found []Finding, more []frontier.Item, err error) {
	address := v.url().String()
	part := func(f Finding, changed time.Time) frontier.Item {
		return frontier.Item{URL: f.URL, Source: it.Source, Kind: it.Kind, Depth: it.Depth + 1, Changed: changed, Due: p.began}
	}
	switch it.Kind {
	case frontier.Feed:
		found, err = parseFeed(v.text(), address)
	case frontier.Sitemap:
		var m sitemap
		if m, err = parseSitemap(v.Body, address); it.Depth < maxSitemapDepth {
			for _, f := range m.latest(p.plan.Since) {
				more = append(more, part(f, f.Changed))
			}
		}
		found = m.pages
	case frontier.Listing:
		var next string
		if found, next, err = parseListing(v.text(), address, s.Links, s.Next); next != "" && it.Depth+1 < s.pages() {
			more = append(more, part(Finding{URL: next}, p.clock.now()))
		}
	}
	return found, more, err
}

// digest is the hash by which content is told from other content.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// article settles a page that may be an article.
func (p *pass) article(ctx context.Context, e Event, it frontier.Item, v visit) (Event, error) {
	e.Again = recheck(it.Published, e.Time)
	address := v.url().String()
	if p.plan.Read == nil {
		e.Outcome = Kept
		o := outcome(e, v, digest(v.Body))
		o.ID, _ = ingest.CanonicalURL(address)
		return e, p.frontier.Done(it, o)
	}
	a, err := p.articleOf(ctx, v, address, p.sources[it.Source])
	switch {
	case err != nil && ctx.Err() != nil:
		p.frontier.Release(it)
		return Event{}, nil
	case err != nil:
		e.Outcome, e.Reason = Skipped, err.Error()
		return e, p.frontier.Done(it, outcome(e, v, digest(v.Body)))
	}
	if it.Published.IsZero() {
		e.Again = recheck(a.Published, e.Time)
	}
	a.Capture, a.Fetched = v.Place, v.Time.Truncate(time.Second)
	o := outcome(e, v, digest([]byte(a.Text)))
	o.ID, _ = ingest.CanonicalURL(a.URL)
	return p.judge(e, it, o, a, address)
}

// articleOf reads the article of a page, unless who fetched it has done so.
func (p *pass) articleOf(ctx context.Context, v visit, address string, s Source) (ingest.Article, error) {
	if v.reading != nil {
		return v.reading.article, v.reading.err
	}
	a, err := p.read(ctx, v.text(), address, s)
	if err == nil {
		err = a.Check()
	}
	return a, err
}

// read reads a page, on as many processors as there are.
func (c *Crawler) read(ctx context.Context, page []byte, address string, s Source) (ingest.Article, error) {
	c.readers <- struct{}{}
	defer func() { <-c.readers }()
	return readAs(ctx, c.plan.Read, page, address, s)
}

// judge decides whether an article is to be loaded, and settles it.
func (p *pass) judge(e Event, it frontier.Item, o frontier.Outcome, a ingest.Article, address string) (Event, error) {
	claimed := p.claim(o.ID)
	if claimed {
		defer p.disclaim(o.ID)
	}
	twin, err := p.twin(it, o.ID)
	switch {
	case err != nil:
		return e, err
	case !claimed || twin:
		e.Outcome, e.Reason = Duplicate, o.ID
		e.Again, o.Due = time.Time{}, time.Time{}
	case o.Hash == it.Hash:
		e.Outcome = Unchanged
	case !p.plan.Since.IsZero() && !a.Published.IsZero() && a.Published.Before(p.plan.Since):
		e.Outcome, e.Reason = Skipped, "published "+a.Published.Format(time.DateOnly)
	default:
		e.Outcome, e.Article = New, &a
		if it.Revision > 0 {
			e.Outcome = Changed
		}
		if a.DuplicateOf, err = p.sketches.originalOf(o.ID, a); err != nil {
			return e, err
		}
		if a.DuplicateOf != "" {
			e.Outcome, e.Reason = Duplicate, a.DuplicateOf
		}
		o.Capture = note{Time: a.Fetched, ID: o.ID, Place: a.Capture, URL: address, Source: it.Source, DuplicateOf: a.DuplicateOf}.text()
		e.Waiting = Waiting(o.Capture)
	}
	return e, p.frontier.Done(it, o)
}

// claim reserves the address of an article, so that two ways to it which are
// visited at once do not both load it.
func (p *pass) claim(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reading[id] {
		return false
	}
	p.reading[id] = true
	return true
}

func (p *pass) disclaim(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.reading, id)
}

// twin reports whether another item that was visited has the canonical address,
// such as the AMP form of a page.
func (p *pass) twin(it frontier.Item, id string) (bool, error) {
	known, ok, err := p.frontier.Lookup(id)
	return ok && known.URL != it.URL && !known.Visited.IsZero(), err
}

// addressFile reads the addresses of a source that is a file of them.
func addressFile(s Source) ([]Finding, error) {
	file, err := os.Open(s.File)
	if err != nil {
		return nil, fmt.Errorf("read the addresses of %s: %w", s.Name, err)
	}
	defer file.Close()
	found, err := readAddresses(file, "")
	if err != nil {
		return nil, fmt.Errorf("read the addresses of %s: %s: %w", s.Name, s.File, err)
	}
	return found, nil
}

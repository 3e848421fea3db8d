package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
)

// A fetcher asks hosts as politeness and their robots.txt allow.
type fetcher struct {
	opts   Options
	clock  clock
	asked  time.Time // when another process may have asked hosts last; zero for long ago
	folder string    // where robots.txt files are kept; empty for nowhere
	// get makes a request at once.
	get func(context.Context, Request) (*Capture, error)
	// politeness is what a host is asked, by its name.
	politeness func(host string) Politeness
	// keep puts a capture into the archive.
	keep func(*Capture, purpose) error
	// state is what is known of a host from earlier runs.
	state func(host string) (frontier.Host, error)
	// rested is told of hosts that fail, and of those that do no longer.
	rested func(frontier.Host) error

	mu    sync.Mutex
	lanes map[string]*lane
}

// lane is the way to the host of u.
func (f *fetcher) lane(u *url.URL) *lane {
	name := hostName(u)
	f.mu.Lock()
	defer f.mu.Unlock()
	l, ok := f.lanes[name]
	if !ok {
		l = newLane(name, f.politeness(name), f.clock, f.get)
		if !f.asked.IsZero() {
			l.next = f.asked.Add(l.pause())
		}
		// Without it the host only looks better than it is.
		if h, err := f.state(name); err == nil {
			l.failed = h.Failures
			if h.Until.After(l.next) {
				l.next = h.Until
			}
		}
		f.lanes[name] = l
	}
	return l
}

// known is the lane of a host that was asked before, or nil.
func (f *fetcher) known(host string) *lane {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lanes[host]
}

// hostName is the host of u and, unless it is the scheme's own, its port: what
// the frontier calls it.
func hostName(u *url.URL) string { return frontier.Item{URL: u.String()}.Host() }

// A hostError is the error of a page whose host is left alone for a while.
type hostError struct {
	until time.Time
	err   error
}

func (e *hostError) Error() string { return e.err.Error() }
func (e *hostError) Unwrap() error { return e.err }

// ask makes one request, keeps what is answered and takes note of a host that
// fails. The error is a *hostError where the host is at fault.
func (f *fetcher) ask(ctx context.Context, u *url.URL, header http.Header, about purpose) (*Capture, error) {
	l := f.lane(u)
	r := about.request(u.String(), header)
	r.UserAgent = f.opts.UserAgent
	c, err := l.ask(ctx, r)
	if err != nil && context.Cause(ctx) != nil {
		return nil, err
	}
	if c != nil {
		if failed := f.keep(c, about); failed != nil {
			return nil, failed
		}
	}
	switch {
	case errors.Is(err, ErrPrivate), errors.Is(err, errKind), errors.Is(err, ErrTooLarge), errors.Is(err, errLate):
		return nil, err
	case err != nil:
		return nil, f.rest(l, hostName(u), err, 0)
	}
	if s := c.status(); s >= 500 || s == http.StatusTooManyRequests {
		refused := &StatusError{URL: u.String(), Status: s}
		return nil, f.rest(l, hostName(u), refused, retryAfter(c.header().Get("Retry-After"), f.clock.now()))
	}
	if l.recover() {
		err = f.rested(frontier.Host{Name: hostName(u)})
	}
	return c, err
}

// rest leaves a host alone after a failure, and returns the error to tell.
func (f *fetcher) rest(l *lane, host string, cause error, after time.Duration) error {
	failures, until := l.rest(after)
	if err := f.rested(frontier.Host{Name: host, Failures: failures, Reason: cause.Error(), Until: until}); err != nil {
		return err
	}
	return &hostError{until: until, err: cause}
}

// A purpose says what a request is after.
type purpose struct {
	source, kind string    // for the archive
	visit        string    // what it belongs to; empty for what is asked anew after a crawl was cut off
	read         *Source   // whose article the page holds; nil for what is none
	notes        *notes    // nil where no other process makes requests
	until        time.Time // after which nothing is asked any more; zero for never
}

// A visit is what became of one address.
type visit struct {
	*Capture          // the last answer
	hops     []string // addresses that were redirected, the first one first
}

// follow fetches an address over its redirects. Each hop is asked for only if
// robots.txt of its host allows it.
func (f *fetcher) follow(ctx context.Context, address string, header http.Header, about purpose) (visit, error) {
	var v visit
	for {
		u, err := url.Parse(address)
		if err != nil {
			return v, withoutURL(err)
		}
		if err := f.allowed(ctx, u, about.until); err != nil {
			return v, hop(v, address, err)
		}
		c, err := f.ask(ctx, u, header.Clone(), about)
		if err != nil {
			return v, hop(v, address, err)
		}
		v.Capture = c
		next := location(c)
		if next == "" {
			return v, nil
		}
		v.hops = append(v.hops, address)
		switch {
		case !strings.HasPrefix(next, "http://") && !strings.HasPrefix(next, "https://"):
			return v, fmt.Errorf("redirected to %.60q, which is not http or https", next)
		case contains(v.hops, next):
			return v, fmt.Errorf("redirected in a circle, again to %.200s", next)
		case len(v.hops) > maxRedirects:
			return v, fmt.Errorf("redirected more than %d times", maxRedirects)
		}
		address = next
	}
}

// hop names the address that an error is about if it is not the first one.
func hop(v visit, address string, err error) error {
	if len(v.hops) == 0 {
		return err
	}
	return fmt.Errorf("redirected to %.200s: %w", address, err)
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

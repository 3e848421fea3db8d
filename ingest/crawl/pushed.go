package crawl

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"time"
)

// pushedKind is the purpose of what somebody waits for. It is handed on and not
// archived: no source has named it.
const pushedKind = "pushed"

// Fetch gets a page for somebody who waits for it, between the visits of the crawl
// and as politely: by the same way to its host, with the same robots.txt and the
// same rest after a failure. No host is asked after within has passed, unless it is
// 0; a request that was begun by then is finished. What goes wrong is in the
// answer; the error is that of the context.
func (c *Crawler) Fetch(ctx context.Context, address string, within time.Duration) (Answer, error) {
	var n notes
	defer n.take()
	about := purpose{kind: pushedKind, notes: &n}
	if within > 0 {
		about.until = c.clock.now().Add(within)
	}
	v, err := c.fetch.follow(ctx, address, http.Header{}, about)
	var refused *StatusError
	switch cause := context.Cause(ctx); {
	case cause != nil:
		return Answer{}, cause
	case errors.As(err, &refused):
		return Answer{URL: refused.URL, Status: refused.Status}, nil
	case err != nil:
		return answerOf(address, nil, err), nil
	}
	return answerOf(address, v.Capture, nil), nil
}

// Page is the page that was answered with. The error wraps [ErrDisallowed],
// [ErrPrivate], [ErrTooLarge], a [*StatusError], or [context.DeadlineExceeded]
// where there was no time to ask.
func (a Answer) Page() (*Page, error) {
	c, err := a.capture()
	if err == nil && a.Status != http.StatusOK {
		err = &StatusError{URL: a.URL, Status: a.Status}
	}
	if err != nil {
		return nil, fmt.Errorf("fetch %.300s: %w", a.URL, err)
	}
	kind, _, err := mime.ParseMediaType(c.header().Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	return &Page{URL: c.url().String(), Type: kind, Body: c.text()}, nil
}

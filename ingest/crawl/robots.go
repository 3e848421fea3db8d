package crawl

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl/robots"
)

const (
	// robotsAge is how long a robots.txt holds, from RFC 9309.
	robotsAge = 24 * time.Hour
	// robotsHops is how many redirects lead to it, from the same.
	robotsHops = 5
	// robotsRetry is how long a server error of it holds: until then nothing is
	// fetched from the host.
	robotsRetry = 10 * time.Minute
)

var (
	// ErrDisallowed is wrapped by the error of a page that the robots.txt of its
	// host forbids.
	ErrDisallowed = errors.New("disallowed by robots.txt")
	// errNoRules is wrapped by the error of a page whose host gives no robots.txt
	// for now, though it may have one.
	errNoRules = errors.New("robots.txt is not to be had now")
)

// robotsKind is what the archive calls a robots.txt.
const robotsKind = "robots"

// A verdict is what a host's robots.txt came to.
type verdict struct {
	rules *robots.Rules // nil if the host could not give them
	until time.Time
}

// A keptRobots is a robots.txt as it is kept on disk, so that a restart does not
// ask for it again.
type keptRobots struct {
	Fetched time.Time `json:"fetched"`
	Body    []byte    `json:"body"`
}

// allowed says whether an address may be fetched. The error wraps ErrDisallowed,
// is a *hostError around errNoRules, errLate, or that of the context.
func (f *fetcher) allowed(ctx context.Context, u *url.URL, until time.Time) error {
	l := f.lane(u)
	v, err := f.verdict(ctx, l, u, until)
	switch {
	case err != nil:
		return err
	case v.rules == nil:
		return &hostError{until: v.until, err: errNoRules}
	case !v.rules.Allowed(f.opts.UserAgent, u.String()):
		return ErrDisallowed
	}
	if d, ok := v.rules.CrawlDelay(f.opts.UserAgent); ok {
		l.obey(d)
	}
	return nil
}

// verdict gives the rules of a host, from memory, from disk or from the host,
// which is not asked after until.
func (f *fetcher) verdict(ctx context.Context, l *lane, u *url.URL, until time.Time) (*verdict, error) {
	l.asking.Lock() // one asks, the others wait for the answer
	defer l.asking.Unlock()
	now := f.clock.now()
	if l.rules[u.Scheme] == nil {
		l.rules[u.Scheme] = f.keptRules(u)
	}
	if v := l.rules[u.Scheme]; v != nil && now.Before(v.until) {
		return v, nil
	}
	var n notes
	defer n.take()
	body, status, err := f.fetchRobots(ctx, u, purpose{kind: robotsKind, notes: &n, until: until})
	if cause := context.Cause(ctx); cause != nil {
		return nil, cause
	}
	now = f.clock.now()
	switch {
	case errors.Is(err, ErrPrivate), errors.Is(err, errLate):
		return nil, err
	case err != nil || status >= 500 || status == http.StatusTooManyRequests:
		v := &verdict{until: now.Add(robotsRetry)}
		l.rules[u.Scheme] = v
		return v, nil
	case status != http.StatusOK:
		body = nil // no rules, so all is allowed
	}
	v := &verdict{rules: robots.Parse(body), until: now.Add(robotsAge)}
	l.rules[u.Scheme] = v
	return v, f.keepRules(u, keptRobots{Fetched: now, Body: body})
}

// fetchRobots gets a robots.txt over a few redirects. After more of them there
// is none, by RFC 9309.
func (f *fetcher) fetchRobots(ctx context.Context, u *url.URL, about purpose) (body []byte, status int, err error) {
	at := (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}).String()
	for range robotsHops + 1 {
		to, err := url.Parse(at)
		if err != nil || to.Scheme != "http" && to.Scheme != "https" {
			break
		}
		c, err := f.ask(ctx, to, nil, about)
		if err != nil {
			if errors.Is(err, errKind) || errors.Is(err, ErrTooLarge) {
				break // an answer, but none that could be rules
			}
			return nil, 0, err
		}
		if next := location(c); next != "" {
			at = next
			continue
		}
		return c.Body, c.status(), nil
	}
	return nil, http.StatusNotFound, nil
}

// location is where a capture leads, empty if nowhere.
func location(c *Capture) string {
	if s := c.status(); s < 300 || s > 399 || s == http.StatusNotModified {
		return ""
	}
	to, err := c.url().Parse(c.header().Get("Location"))
	if err != nil || c.header().Get("Location") == "" {
		return ""
	}
	to.Fragment, to.RawFragment = "", ""
	return to.String()
}

// robotsFile is where the robots.txt of a host is kept.
func (f *fetcher) robotsFile(u *url.URL) string {
	if f.folder == "" {
		return ""
	}
	return filepath.Join(f.folder, "robots", strings.ReplaceAll(url.PathEscape(u.Scheme+" "+strings.ToLower(u.Host)), "%20", "+")+".json")
}

// keptRules reads what was kept; nil if that is nothing or damaged.
func (f *fetcher) keptRules(u *url.URL) *verdict {
	file := f.robotsFile(u)
	if file == "" {
		return nil
	}
	raw, err := os.ReadFile(file)
	var kept keptRobots
	if err != nil || json.Unmarshal(raw, &kept) != nil || kept.Fetched.After(f.clock.now()) {
		return nil
	}
	return &verdict{rules: robots.Parse(kept.Body), until: kept.Fetched.Add(robotsAge)}
}

// keepRules writes a robots.txt whole or not at all.
func (f *fetcher) keepRules(u *url.URL, kept keptRobots) error {
	file := f.robotsFile(u)
	if file == "" {
		return nil
	}
	raw, err := json.Marshal(kept)
	if err == nil {
		err = cmp.Or(os.MkdirAll(filepath.Dir(file), 0o755), replaceFile(file, raw))
	}
	if err != nil {
		return fmt.Errorf("keep robots.txt of %s: %w", u.Host, err)
	}
	return nil
}

// replaceFile writes a file beside the one that it takes the place of.
func replaceFile(path string, body []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return err
	}
	_, err = bytes.NewReader(body).WriteTo(temp)
	err = errors.Join(err, temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		os.Remove(temp.Name())
	}
	return err
}

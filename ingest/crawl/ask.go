package crawl

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
)

// A Request is one that a crawl has another process make. The crawl waits for
// the answer, and for as long as is polite, before it has the same host asked
// again.
type Request struct {
	ID        string        // of the visit and the address: a crawl that goes on after it was killed has the same made again
	Lane      string        // what is asked one at a time: the host, or a part of it where several requests at once are polite
	URL       string        // http or https
	Header    http.Header   // validators of the page that is known
	UserAgent string        // by which robots.txt was read
	Pause     time.Duration // to be left before the request is made again
	Source    *Source       // whose article is to be read from the page; nil to read none

	notes *notes
	until time.Time // after which it is not to be made any more; zero for never
}

// An Answer is what came of a request, or why there is none.
type Answer struct {
	URL    string      // as it was asked for
	Host   string      // that the server was told
	Sent   http.Header // of the request
	Time   time.Time   // when it was made
	Status int
	Header http.Header
	Body   []byte `json:"-"` // without content coding

	Truncated string // why the body is not whole; empty if it is
	Failure   string // why there is no answer, or none to read; empty where there is one
	Cause     string // the error among causes that it wraps; empty for another

	Read      bool // whether an article was looked for
	Article   *ingest.Article
	NoArticle string // why there is none
}

// causes are the errors of a request that a crawl tells apart.
func causes() map[string]error {
	return map[string]error{
		"private": ErrPrivate, "kind": errKind, "large": ErrTooLarge, "disallowed": ErrDisallowed, "late": context.DeadlineExceeded,
	}
}

// Encode writes an answer for [DecodeAnswer].
func (a Answer) Encode() ([]byte, error) {
	head, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("encode the answer of %.300s: %w", a.URL, err)
	}
	out := make([]byte, 0, len(head)+len(a.Body)+8)
	out = strconv.AppendInt(out, int64(len(head)), 10)
	out = append(append(out, '\n'), head...)
	return append(out, a.Body...), nil
}

// DecodeAnswer reads what Encode wrote: the length of a JSON object, a line feed,
// the object, the body.
func DecodeAnswer(data []byte) (a Answer, err error) {
	length, rest, ok := cutLine(data)
	n, numberErr := strconv.Atoi(length)
	if !ok || numberErr != nil || n < 0 || n > len(rest) {
		return a, errors.New("decode an answer: it has no length")
	}
	if err := json.Unmarshal(rest[:n], &a); err != nil {
		return a, fmt.Errorf("decode an answer: %w", err)
	}
	a.Body = rest[n:]
	return a, nil
}

// maxLength bounds the digits of a length.
const maxLength = 12

func cutLine(data []byte) (line string, rest []byte, ok bool) {
	for i, b := range data[:min(len(data), maxLength)] {
		if b == '\n' {
			return string(data[:i]), data[i+1:], true
		}
	}
	return "", nil, false
}

// An Asker makes the requests of crawls in other processes. It is safe for
// concurrent use.
type Asker struct {
	opts      Options
	transport http.RoundTripper
	read      ReadPage
	readers   chan struct{}
}

// NewAsker returns an asker with the given bounds, which reads articles with
// read. The user agent is that of each request; whether addresses of this machine
// may be asked is for its own options to say.
func NewAsker(opts Options, read ReadPage) *Asker {
	opts = opts.withDefaults()
	return &Asker{
		opts: opts, transport: unpacker{newRouter(opts.AllowPrivate, http.ProxyFromEnvironment)}, read: read,
		readers: make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
}

// Ask makes a request. What goes wrong with it is in the answer; the error is that
// of the context.
func (a *Asker) Ask(ctx context.Context, r Request) (Answer, error) {
	opts := a.opts
	opts.UserAgent = cmp.Or(r.UserAgent, opts.UserAgent)
	c, err := newCollector(ctx, opts, a.transport, time.Now).get(r.URL, r.Header)
	if cause := context.Cause(ctx); cause != nil {
		return Answer{}, cause
	}
	out := answerOf(r.URL, c, err)
	if err == nil && r.Source != nil && c.status() == http.StatusOK {
		a.find(ctx, &out, c, *r.Source)
	}
	return out, context.Cause(ctx)
}

// answerOf is what came of asking for an address; c is nil where there is no
// answer.
func answerOf(address string, c *Capture, err error) Answer {
	out := Answer{URL: address}
	if c != nil {
		sent := c.Response.Request
		out = Answer{
			URL: sent.URL.String(), Host: sent.Host, Sent: sent.Header, Time: c.Time, Status: c.status(), Header: c.header(), Body: c.Body,
			Truncated: c.Truncated,
		}
	}
	if err == nil {
		return out
	}
	out.Failure = err.Error()
	for name, cause := range causes() {
		if errors.Is(err, cause) {
			out.Cause = name
		}
	}
	return out
}

// find looks for the article of a page.
func (a *Asker) find(ctx context.Context, out *Answer, c *Capture, s Source) {
	a.readers <- struct{}{}
	defer func() { <-a.readers }()
	article, err := readAs(ctx, a.read, c.text(), c.url().String(), s)
	if err == nil {
		err = article.Check()
	}
	if out.Read = true; err != nil {
		out.NoArticle = err.Error()
		return
	}
	out.Article = &article
}

// readAs reads a page as an article of a source.
func readAs(ctx context.Context, read ReadPage, page []byte, address string, s Source) (ingest.Article, error) {
	a, err := read(ctx, page, address, s)
	if a.ID == "" {
		a.ID, _ = ingest.CanonicalURL(a.URL)
	}
	if err != nil {
		return a, err
	}
	a.Publication.Name = cmp.Or(a.Publication.Name, s.Outlet)
	a.Language = cmp.Or(a.Language, s.Language)
	return a, nil
}

// A farError is an error that another process met.
type farError struct {
	text  string
	cause error // nil for one that is not told apart
}

func (e *farError) Error() string { return e.text }
func (e *farError) Unwrap() error { return e.cause }

// capture is the answer as if this process had been given it.
func (a Answer) capture() (*Capture, error) {
	var failure error
	if a.Failure != "" {
		failure = &farError{a.Failure, causes()[a.Cause]}
	}
	if failure != nil && a.Truncated == "" {
		return nil, failure
	}
	u, err := url.Parse(a.URL)
	if err != nil {
		return nil, withoutURL(err)
	}
	c := &Capture{
		Response: &http.Response{
			StatusCode: a.Status, Header: a.Header,
			Request: &http.Request{Method: http.MethodGet, URL: u, Header: a.Sent, Host: a.Host},
		},
		Body: a.Body, Time: a.Time, Truncated: a.Truncated,
	}
	if c.Response.Header == nil {
		c.Response.Header = http.Header{}
	}
	if a.Read {
		c.reading = &reading{err: errors.New(a.NoArticle)}
		if a.Article != nil {
			c.reading = &reading{article: *a.Article}
		}
	}
	return c, failure
}

// A reading is what a page was read as.
type reading struct {
	article ingest.Article
	err     error
}

// Notes are taken of answers when all that they led to is safe: until then they
// are given again to a crawl that goes on after this one.
type notes struct {
	mu    sync.Mutex
	noted []func()
}

func (n *notes) add(noted func()) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.noted = append(n.noted, noted)
}

func (n *notes) take() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, noted := range n.noted {
		noted()
	}
	n.noted = nil
}

// far makes a request by way of another process.
func (c *Crawler) far(ctx context.Context, r Request) (*Capture, error) {
	a, noted, err := c.plan.Ask(ctx, r)
	if err != nil {
		return nil, err
	}
	r.notes.add(noted)
	return a.capture()
}

// near makes requests from here.
func near(opts Options, transport http.RoundTripper, now func() time.Time) func(context.Context, Request) (*Capture, error) {
	return func(ctx context.Context, r Request) (*Capture, error) {
		return newCollector(ctx, opts, transport, now).get(r.URL, r.Header)
	}
}

// visitID names a visit: no other has the item in that state.
func visitID(it frontier.Item) string {
	return fmt.Sprintf("%s %d %d %d %d", it.URL, it.Revision, it.Failures, it.Visited.UnixMilli(), it.Due.UnixMilli())
}

// request is one for the purpose.
func (p purpose) request(address string, header http.Header) Request {
	id := p.visit
	if id == "" {
		id = rand.Text()
	}
	return Request{ID: id + " " + address, URL: address, Header: header, Source: p.read, notes: p.notes, until: p.until}
}

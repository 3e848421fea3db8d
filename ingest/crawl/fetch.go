package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/net/publicsuffix"

	"github.com/breachgraph/breachgraph/ingest"
)

// maxRedirects is how often a server may send a fetch elsewhere.
const maxRedirects = 10

// Options bound a fetch. The zero value is right for the open web.
type Options struct {
	UserAgent    string        // what servers are told; empty means "breachgraph" and where to read about it
	Timeout      time.Duration // for one page with all its redirects; 0 means 30 seconds
	MaxBytes     int64         // largest body read, in bytes after decompression; 0 means 10 MiB
	AllowPrivate bool          // fetch from this machine and the networks it is in, too
}

// A Client fetches pages. It may be used by several goroutines at once.
type Client struct {
	opts      Options
	transport http.RoundTripper
}

// NewClient returns a client with the given bounds. It uses the proxy that the
// environment names (HTTPS_PROXY and its kin).
func NewClient(opts Options) *Client {
	opts = opts.withDefaults()
	return &Client{opts: opts, transport: newRouter(opts.AllowPrivate, http.ProxyFromEnvironment)}
}

// A Page is what a server sent.
type Page struct {
	URL  string // where it was found, after all redirects
	Type string // media type without parameters; empty where the server named none
	Body []byte // decompressed, and UTF-8 where the server named the character set
}

// A StatusError says that a server answered, but with something else than the
// page.
type StatusError struct {
	URL    string // the address that was asked for
	Status int    // HTTP status code
}

func (e *StatusError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
}

// ErrTooLarge is wrapped by the error of a fetch whose body is larger than the
// bound, before or after decompression.
var ErrTooLarge = errors.New("body is too large")

// Articles fetches one page and yields what rd reads from it. Each error names
// the address.
func (c *Client) Articles(ctx context.Context, rd ingest.Reader, address string) iter.Seq2[ingest.Article, error] {
	return func(yield func(ingest.Article, error) bool) {
		p, err := c.Fetch(ctx, address)
		if err != nil {
			yield(ingest.Article{}, err)
			return
		}
		for a, err := range rd.Read(ctx, p.URL, bytes.NewReader(p.Body)) {
			if !yield(a, err) {
				return
			}
		}
	}
}

// Fetch gets one page over http or https. It asks once: whether to try again
// is for the caller to say, who finds a [*StatusError] in the error where the
// server answered with one.
func (c *Client) Fetch(ctx context.Context, address string) (*Page, error) {
	p, err := c.fetch(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("fetch %.300s: %w", address, err)
	}
	return p, nil
}

func (c *Client) fetch(ctx context.Context, address string) (*Page, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, withoutURL(err)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, errors.New("not an http or https URL")
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.opts.Timeout, fmt.Errorf("no answer in %s", c.opts.Timeout))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", c.opts.UserAgent)
	req.Header.Set("Accept", "text/html, application/xhtml+xml, text/*;q=0.8, application/json;q=0.5")
	p, err := c.do(req)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return p, err
}

func (c *Client) do(req *http.Request) (*Page, error) {
	// Sites set a cookie and redirect to the same page to see it come back.
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		return nil, err
	}
	client := &http.Client{Transport: c.transport, CheckRedirect: checkRedirect, Jar: jar}
	resp, err := client.Do(req)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, &StatusError{URL: req.URL.String(), Status: resp.StatusCode}
	}
	// The transport has taken off the compression that it asked for.
	if e := resp.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, fmt.Errorf("compressed as %.30q, which was not asked for", e)
	}
	kind, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		kind, params = "", nil
	}
	if !isReadable(kind) {
		return nil, fmt.Errorf("is %.60s, not a page", kind)
	}
	body, err := c.read(resp)
	if err != nil {
		return nil, err
	}
	return &Page{URL: resp.Request.URL.String(), Type: kind, Body: decode(body, params["charset"])}, nil
}

// checkRedirect ends a chain that is too long. A page that leads to itself is
// given its chances, as it may do so to set a cookie.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if s := req.URL.Scheme; s != "http" && s != "https" {
		return fmt.Errorf("redirected to %.60q, which is not http or https", req.URL.Scheme+":")
	}
	if len(via) < maxRedirects {
		return nil
	}
	if slices.ContainsFunc(via, func(r *http.Request) bool { return r.URL.String() == req.URL.String() }) {
		return fmt.Errorf("redirected in a circle, again to %.200s", req.URL)
	}
	return fmt.Errorf("redirected more than %d times", maxRedirects)
}

func (c *Client) read(resp *http.Response) ([]byte, error) {
	tooLarge := fmt.Errorf("%w: more than %d bytes", ErrTooLarge, c.opts.MaxBytes)
	if resp.ContentLength > c.opts.MaxBytes {
		return nil, tooLarge
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, c.opts.MaxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the body: %w", err)
	case int64(len(body)) > c.opts.MaxBytes:
		return nil, tooLarge
	}
	return body, nil
}

// isReadable reports whether a body of that media type is worth reading; what
// it is indeed, its content tells later.
func isReadable(kind string) bool {
	switch kind {
	case "", "application/octet-stream", "application/json", "application/xml", "application/x-ndjson", "application/jsonl":
		return true
	}
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "+xml") || strings.HasSuffix(kind, "+json")
}

// decode gives body as UTF-8 by the server's word, unless it is that already:
// servers name a character set for pages they have not looked at. Where the
// server says nothing, the page's own word is left to count.
func decode(body []byte, label string) []byte {
	if label == "" || utf8.Valid(body) {
		return body
	}
	encoding, _ := charset.Lookup(label)
	if encoding == nil {
		return body
	}
	decoded, err := encoding.NewDecoder().Bytes(body)
	if err != nil {
		return body
	}
	return decoded
}

// withoutURL takes off the address that errors of net/http and net/url begin
// with; it is named once already.
func withoutURL(err error) error {
	var inner *url.Error
	if errors.As(err, &inner) {
		return inner.Err
	}
	return err
}

package crawl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/gocolly/colly/v2"

	"github.com/breachgraph/breachgraph/ingest/warc"
)

// A Capture is one answered request. What lies between a server and its page,
// redirects and refusals, is captures too.
type Capture struct {
	Response *http.Response // with its request, without a body
	Body     []byte         // without content coding, as the server encoded its characters
	Time     time.Time      // when the request was made
	Place    string         // where the archive has it
	// Truncated says why the body is not whole, as [archive.Exchange] has it; empty
	// if it is. Such a capture is kept, and nothing is read from it.
	Truncated string

	reading *reading // what the page was read as; nil if it was not
}

// status and header are what the server said.
func (c *Capture) status() int         { return c.Response.StatusCode }
func (c *Capture) header() http.Header { return c.Response.Header }
func (c *Capture) url() *url.URL       { return c.Response.Request.URL }

// text is the body in UTF-8 where the server's word is needed for that.
func (c *Capture) text() []byte { return decode(c.Body, charsetOf(c.header())) }

// charsetOf is the character set that a server names, empty if none.
func charsetOf(header http.Header) string {
	_, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return params["charset"]
}

// errKind is wrapped by the error of a body that was not read, since it is of a
// kind that nobody here reads.
var errKind = errors.New("not a page")

// accepts are what a request says that it can read.
const accepts = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/xml;q=0.9, text/*;q=0.8, application/json;q=0.5"

// A collector asks one host: colly, without what it would decide by itself. It
// follows no redirect, heeds no robots.txt, keeps no cookie and does not wait;
// all that is for the crawl to say, which knows the other hosts.
type collector struct {
	colly    *colly.Collector
	maxBytes int64
	now      func() time.Time
}

func newCollector(ctx context.Context, opts Options, transport http.RoundTripper, now func() time.Time) *collector {
	c := colly.NewCollector()
	// Some of these colly would take from the environment.
	c.CacheDir, c.AllowedDomains, c.DisallowedDomains, c.DetectCharset, c.TraceHTTP, c.MaxDepth = "", nil, nil, false, false, 0
	c.Context = ctx
	c.UserAgent = opts.UserAgent
	c.AllowURLRevisit = true
	c.IgnoreRobotsTxt = true
	c.ParseHTTPErrorResponse = true
	c.MaxBodySize = int(opts.MaxBytes) + 1 // colly cuts off what is beyond
	c.DisableCookies()
	c.WithTransport(transport)
	c.SetRequestTimeout(opts.Timeout)
	c.SetRedirectHandler(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse })
	c.OnResponseHeaders(func(r *colly.Response) {
		kept := r.Headers.Clone()
		r.Ctx.Put(headerKey, kept)
		// colly would decode the characters of the body by this header's word,
		// even where they are not what it says.
		r.Headers.Del("Content-Type")
		if kind, _, err := mime.ParseMediaType(kept.Get("Content-Type")); err == nil && !isReadable(kind) && !isPacked(kind) && r.StatusCode == http.StatusOK {
			r.Ctx.Put(kindKey, kind)
			r.Request.Abort()
		}
	})
	c.OnResponse(func(r *colly.Response) { r.Ctx.Put(responseKey, r) })
	return &collector{colly: c, maxBytes: opts.MaxBytes, now: now}
}

// What is kept in the context of a request.
const (
	headerKey   = "header"
	kindKey     = "kind"
	responseKey = "response"
)

// isPacked tells a compressed file, such as a sitemap.
func isPacked(kind string) bool { return kind == "application/gzip" || kind == "application/x-gzip" }

// get makes one request. Any answer is a capture, whatever its status. One whose
// body was not read to its end comes with the error that says why.
func (c *collector) get(address string, header http.Header) (*Capture, error) {
	if header == nil {
		header = http.Header{}
	}
	header.Set("Accept", accepts)
	header.Set("User-Agent", c.colly.UserAgent)
	at, about := c.now().UTC(), colly.NewContext()
	err := c.colly.Request(http.MethodGet, address, nil, about, header)
	kept, _ := about.GetAny(headerKey).(http.Header)
	r, _ := about.GetAny(responseKey).(*colly.Response)
	sent := &http.Request{Method: http.MethodGet, Header: header}
	capture := &Capture{Response: &http.Response{StatusCode: http.StatusOK, Header: kept, Request: sent}, Time: at}
	switch {
	case about.Get(kindKey) != "":
		u, err := url.Parse(address)
		if err != nil {
			return nil, withoutURL(err)
		}
		sent.URL, sent.Host, capture.Truncated = u, u.Host, "unspecified"
		return capture, fmt.Errorf("is %.60s, %w", about.Get(kindKey), errKind)
	case err != nil:
		return nil, withoutURL(err)
	case r == nil || kept == nil:
		return nil, errors.New("no answer")
	}
	sent.URL, sent.Host = r.Request.URL, r.Request.Host
	capture.Response.StatusCode, capture.Body = r.StatusCode, r.Body
	if int64(len(r.Body)) > c.maxBytes {
		capture.Body, capture.Truncated = r.Body[:c.maxBytes], "length"
		return capture, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, c.maxBytes)
	}
	if cut := (*r.Headers)[cutKey]; len(cut) == 2 {
		capture.Truncated = cut[0]
		return capture, errors.New(cut[1])
	}
	return capture, nil
}

// cutKey is where the headers of an answer tell why reading its body failed, and
// how. It is none that a server could send.
const cutKey = "body cut:"

// A cutBody ends where reading fails, for what came before to be kept: colly
// would throw it away.
type cutBody struct {
	io.Reader
	io.Closer
	header http.Header
	until  time.Time // when the time for it ends; zero for never
}

// Read implements [io.Reader].
func (b *cutBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && err != io.EOF {
		b.header[cutKey], err = []string{b.why(err), err.Error()}, io.EOF
	}
	return n, err
}

// why is what WARC calls the reason for the end of a body, by its error. That of
// time is told by the clock: net/http has several errors for it.
func (b *cutBody) why(err error) string {
	switch {
	case !b.until.IsZero() && !time.Now().Before(b.until):
		return "time"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, new(net.Error)):
		return "disconnect"
	default:
		return "unspecified"
	}
}

// An unpacker asks for compressed bodies and takes the compression off. net/http
// does that for gzip only.
type unpacker struct{ next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (u unpacker) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Accept-Encoding", "gzip, deflate, br")
	resp, err := u.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	raw := resp.Body
	until, _ := req.Context().Deadline()
	body := &cutBody{raw, raw, resp.Header, until}
	resp.Body = body
	// colly unpacks what ends in .xml.gz unless it was told that this is done.
	resp.Uncompressed = true
	if resp.Header.Get("Content-Encoding") == "" {
		return resp, nil
	}
	body.Reader = warc.Decode(raw, http.Header{"Content-Encoding": resp.Header.Values("Content-Encoding")})
	// As other archives have it, for a body that is kept without its coding.
	for _, name := range []string{"Content-Encoding", "Content-Length"} {
		for _, value := range resp.Header.Values(name) {
			resp.Header.Add("X-Crawler-"+name, value)
		}
		resp.Header.Del(name)
	}
	resp.ContentLength = -1
	return resp, nil
}

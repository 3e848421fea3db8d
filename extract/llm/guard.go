package llm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/sashabaranov/go-openai"
)

// maxResponse bounds what one request may bring, in bytes. A stream takes some
// hundred bytes a word.
const maxResponse = 16 << 20

// A pace says when a request is made again and when an endpoint is left alone.
type pace struct {
	retries           int
	wait, longestWait time.Duration // before the first retry; before any
	failures          uint32        // in a row, after which the endpoint counts as down
	rest              time.Duration // until it is tried again
}

// usual is the pace outside of tests.
var usual = pace{retries: 3, wait: time.Second, longestWait: 30 * time.Second, failures: 3, rest: time.Minute}

// A guarded client makes requests again where that may help, follows no
// redirect, since that would carry an article to somebody else, and reads no
// more than it must.
type guarded struct{ *retryablehttp.Client }

func newGuarded(p pace) guarded {
	c := retryablehttp.NewClient()
	c.Logger = nil
	c.RetryMax, c.RetryWaitMin, c.RetryWaitMax = p.retries, p.wait, p.longestWait
	c.ErrorHandler = retryablehttp.PassthroughErrorHandler
	c.HTTPClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.CheckRetry = func(ctx context.Context, resp *http.Response, err error) (bool, error) {
		again, err2 := retryablehttp.DefaultRetryPolicy(ctx, resp, err)
		return again && worthWaiting(ctx, p, resp, err), err2
	}
	return guarded{c}
}

// worthWaiting reports whether a request may be made again in time: somebody
// answers there, and Retry-After asks for no longer than there is.
func worthWaiting(ctx context.Context, p pace, resp *http.Response, err error) bool {
	if errors.Is(err, syscall.ECONNREFUSED) {
		return false
	}
	wait := retryablehttp.DefaultBackoff(p.wait, p.longestWait, 0, resp)
	deadline, bounded := ctx.Deadline()
	return wait <= p.longestWait && (!bounded || time.Until(deadline) > wait)
}

// Do is what the library calls.
func (g guarded) Do(req *http.Request) (*http.Response, error) {
	r, err := retryablehttp.FromRequest(req)
	if err != nil {
		return nil, err
	}
	resp, err := g.Client.Do(r)
	if err == nil && resp.StatusCode/100 == 3 {
		err = fmt.Errorf("it redirects (HTTP %d), which is not followed; name the URL that it redirects to", resp.StatusCode)
	}
	if err != nil {
		if resp != nil {
			resp.Body.Close()
		}
		return nil, err
	}
	resp.Body = http.MaxBytesReader(nil, resp.Body, maxResponse)
	return resp, nil
}

// maxMessage bounds what is told of an error, in bytes.
const maxMessage = 300

// tell says what went wrong without the key, which an endpoint may repeat, and
// in one line, whatever it sent.
func tell(err error, key string) string {
	var api *openai.APIError
	var request *openai.RequestError
	var large *http.MaxBytesError
	msg := err.Error()
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		msg = "no answer in time"
	case errors.As(err, &api) && api.HTTPStatusCode > 0:
		msg = fmt.Sprintf("HTTP %d: %s", api.HTTPStatusCode, api.Message)
	case errors.As(err, &request):
		msg = "HTTP " + request.HTTPStatus
	case errors.As(err, &large):
		msg = fmt.Sprintf("its answer is larger than %d MiB", maxResponse>>20)
	}
	if key != "" {
		msg = strings.ReplaceAll(msg, key, "[key]")
	}
	msg = strings.Join(strings.FieldsFunc(msg, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if len(msg) > maxMessage {
		msg = strings.ToValidUTF8(msg[:maxMessage], "") + "…"
	}
	return msg
}

// httpStatus is the status that an endpoint refused a request with, 0 where
// there is none.
func httpStatus(err error) int {
	var api *openai.APIError
	var request *openai.RequestError
	switch {
	case errors.As(err, &api):
		return api.HTTPStatusCode
	case errors.As(err, &request):
		return request.HTTPStatusCode
	}
	return 0
}

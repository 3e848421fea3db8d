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
	"net/url"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
	"github.com/breachgraph/breachgraph/ingest/warc"
	"github.com/breachgraph/breachgraph/ingest/warc/archive"
)

// Captures reads the articles of WARC files, such as a crawl keeps and Common
// Crawl publishes.
type Captures struct {
	// HTML reads a page, as [ingest.Reader.HTML] does.
	HTML func(ctx context.Context, page []byte, url string) (ingest.Article, error)
}

// Read yields the articles of the pages in r, a WARC file by that name, in
// their order. It passes over what was no success or no page, holds no article, or was
// captured before. It reads as far ahead as it takes to have all processors read
// pages. An error concerns one record, and the rest goes on; one of r itself is
// the last value.
func (c Captures) Read(ctx context.Context, name string, r io.Reader) iter.Seq2[ingest.Article, error] {
	pages := func(yield func(*archive.Captured, error) bool) {
		for capture, err := range archive.Read(r, warc.Limits{}) {
			if err == nil && !isPage(capture) {
				continue
			}
			if !yield(capture, err) || ctx.Err() != nil {
				return
			}
		}
	}
	read := func(capture *archive.Captured) (ingest.Article, error) {
		a, err := c.article(ctx, capture)
		a.Fetched = capture.Date
		if capture.Length > 0 && name != "-" {
			a.Capture = warc.Capture{File: filepath.Base(name), Offset: capture.Offset}.String()
		}
		return a, err
	}
	return func(yield func(ingest.Article, error) bool) {
		for a, err := range ahead(pages, read) {
			if !errors.Is(err, ingest.ErrNoArticle) && !yield(a, err) {
				return
			}
		}
	}
}

// isPage reports whether a capture is a page that may hold an article.
func isPage(c *archive.Captured) bool {
	return mayBePage(c) && c.Status == http.StatusOK && c.Original == nil && len(bytes.TrimSpace(c.Payload)) > 0
}

// mayBePage reports the same by what is known without the body.
func mayBePage(c *archive.Captured) bool {
	// A crawl reads nothing from what it did not have to the end; others' archives
	// cut off pages that are worth reading.
	if c.Kind != "" && (c.Kind != frontier.Article.String() || c.Truncated != "") || c.Status != http.StatusOK && c.Status != http.StatusNotModified {
		return false
	}
	if u, err := url.Parse(c.TargetURI); err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	switch media, _, err := mime.ParseMediaType(c.Header.Get("Content-Type")); media {
	case "text/html", "application/xhtml+xml":
		return true
	default:
		return err != nil // what it is, its content tells
	}
}

// article reads the article of one capture.
func (c Captures) article(ctx context.Context, capture *archive.Captured) (ingest.Article, error) {
	_, params, err := mime.ParseMediaType(capture.Header.Get("Content-Type"))
	if err != nil {
		params = nil
	}
	rd := ingest.Reader{HTML: c.HTML}
	for a, err := range rd.Read(ctx, capture.TargetURI, bytes.NewReader(decode(capture.Payload, params["charset"]))) {
		if err == nil {
			err = a.Check()
		}
		return a, err
	}
	return ingest.Article{}, fmt.Errorf("%s: %w", capture.TargetURI, ingest.ErrNoArticle)
}

// ahead applies f to values on all processors, and yields what comes of them in
// the order of the values. An error among the values is yielded in its place.
func ahead[T, U any](in iter.Seq2[T, error], f func(T) (U, error)) iter.Seq2[U, error] {
	type outcome struct {
		value U
		err   error
	}
	return func(yield func(U, error) bool) {
		queue := make(chan chan outcome, 2*runtime.GOMAXPROCS(0))
		stop := make(chan struct{})
		var group sync.WaitGroup
		group.Go(func() {
			defer close(queue)
			for v, err := range in {
				out := make(chan outcome, 1)
				select {
				case queue <- out:
				case <-stop:
					return
				}
				if err != nil {
					out <- outcome{err: err}
					continue
				}
				group.Go(func() {
					value, err := f(v)
					out <- outcome{value, err}
				})
			}
		})
		defer group.Wait()
		defer close(stop)
		for out := range queue {
			if o := <-out; !yield(o.value, o.err) {
				return
			}
		}
	}
}

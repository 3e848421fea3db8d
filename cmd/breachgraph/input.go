package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"sync"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/page"
)

// articles yields the articles of inputs, in their order: files, folders,
// http(s) URLs, and "-" for stdin. An error concerns one input, or one line of
// it, and names it.
func (a *app) articles(ctx context.Context, inputs []string, stdin io.Reader) iter.Seq2[ingest.Article, error] {
	client := crawl.NewClient(crawl.Options{AllowPrivate: a.allowPrivate})
	return func(yield func(ingest.Article, error) bool) {
		for _, input := range inputs {
			for article, err := range read(ctx, client, input, stdin) {
				if !yield(article, err) {
					return
				}
			}
		}
	}
}

// read yields the articles of one input.
func read(ctx context.Context, client *crawl.Client, input string, stdin io.Reader) iter.Seq2[ingest.Article, error] {
	reader := ingest.Reader{HTML: page.Read, Archive: crawl.Captures{HTML: page.Read}.Read}
	switch {
	case input == "-":
		return reader.Read(ctx, input, stdin)
	case isURL(input):
		return client.Articles(ctx, reader, input)
	}
	return reader.ReadPath(ctx, input)
}

func isURL(s string) bool {
	scheme, _, ok := strings.Cut(s, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// A reading is one article on its way through the program: what was made of
// it, or the error that it came to.
type reading[T any] struct {
	result T
	err    error
}

// extracted applies f to articles on all processors, and yields what comes of
// them in the order that they came in.
func extracted[T any](in iter.Seq2[ingest.Article, error], f func(ingest.Article) (T, error)) iter.Seq[reading[T]] {
	return func(yield func(reading[T]) bool) {
		workers := runtime.GOMAXPROCS(0)
		queue := make(chan chan reading[T], 2*workers)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			defer close(queue)
			slots := make(chan struct{}, workers)
			for article, err := range in {
				out := make(chan reading[T], 1)
				select {
				case queue <- out:
				case <-stop:
					return
				}
				if err != nil {
					out <- reading[T]{err: err}
					continue
				}
				slots <- struct{}{}
				wg.Go(func() {
					result, err := f(article)
					out <- reading[T]{result, err}
					<-slots
				})
			}
		})
		defer wg.Wait()
		defer close(stop)
		for out := range queue {
			if !yield(<-out) {
				return
			}
		}
	}
}

// failures counts the inputs that came to nothing.
type failures int

// err is the error of a verb some of whose input failed; each failure has been
// told of.
func (f failures) err() error {
	if f == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s failed", errSaid, count(int(f), "input"))
}

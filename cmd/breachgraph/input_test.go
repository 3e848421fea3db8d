package main

import (
	"errors"
	"fmt"
	"iter"
	"reflect"
	"testing"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

// numbered yields n articles; every third is an error.
func numbered(n int) iter.Seq2[ingest.Article, error] {
	return func(yield func(ingest.Article, error) bool) {
		for i := range n {
			var err error
			if i%3 == 2 {
				err = fmt.Errorf("bad %d", i)
			}
			if !yield(ingest.Article{ID: fmt.Sprint(i)}, err) {
				return
			}
		}
	}
}

func TestExtractedKeepsOrder(t *testing.T) {
	odd := errors.New("odd")
	f := func(a ingest.Article) (extract.Result, error) {
		if a.ID == "1" {
			return extract.Result{}, odd
		}
		return extract.Result{Article: a}, nil
	}
	for _, stopAt := range []int{100, 5, 1} {
		var got, want []string
		for r := range extracted(numbered(50), f) {
			if got = append(got, fmt.Sprint(r.result.Article.ID, r.err)); len(got) == stopAt {
				break
			}
		}
		for i := range min(50, stopAt) {
			switch {
			case i == 1:
				want = append(want, "odd")
			case i%3 == 2:
				want = append(want, fmt.Sprintf("bad %d", i))
			default:
				want = append(want, fmt.Sprintf("%d<nil>", i))
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("extracted = %q, want %q", got, want)
		}
	}
}

func TestIsURL(t *testing.T) {
	for in, want := range map[string]bool{
		"https://example.com": true, "HTTP://example.com": true, "ftp://example.com": false,
		"articles/https:": false, "": false, "notes": false,
	} {
		if got := isURL(in); got != want {
			t.Errorf("isURL(%q) = %v, want %v", in, got, want)
		}
	}
}

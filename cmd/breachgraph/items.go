package main

import (
	"context"
	"fmt"
	"iter"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/ingest"
)

// relevant passes on what is about a breach, and counts what it leaves out;
// with --all it passes everything. What a graph held, and copies of articles
// that it holds, are not judged again.
func (a *app) relevant(in iter.Seq[graph.Item], leftOut *int) iter.Seq[graph.Item] {
	return func(yield func(graph.Item) bool) {
		for item := range in {
			if !a.wants(item) {
				*leftOut++
				continue
			}
			if !yield(item) {
				return
			}
		}
	}
}

// wants reports whether an article is to be loaded.
func (a *app) wants(item graph.Item) bool {
	return a.all || item.Record != nil || item.Result.Article.DuplicateOf != "" || item.Result.Relevant
}

// readable yields what articles say, tells of those that cannot
// be read or hold nothing, and counts them.
func (a *app) readable(ctx context.Context, articles iter.Seq2[ingest.Article, error], bar *progress, failed *failures) iter.Seq[graph.Item] {
	understand := func(article ingest.Article) (graph.Item, error) { return a.understand(ctx, article) }
	return func(yield func(graph.Item) bool) {
		for r := range extracted(articles, understand) {
			bar.add()
			if r.err != nil {
				bar.pause()
				a.log.Error(r.err.Error())
				*failed++
				continue
			}
			if !yield(r.result) {
				return
			}
		}
	}
}

// understand extracts from an article, or takes over what was extracted from
// it already, or what a graph held of it.
func (a *app) understand(ctx context.Context, article ingest.Article) (graph.Item, error) {
	if article.Record != nil {
		r, err := graph.ParseRecord(article.Record)
		return graph.Item{Record: r}, err
	}
	if article.DuplicateOf != "" {
		return graph.Item{Result: extract.Result{Article: article}}, nil
	}
	if article.Extraction == nil {
		if err := article.Check(); err != nil {
			return graph.Item{}, err
		}
		r, err := a.examine(ctx, article)
		return graph.Item{Result: r}, err
	}
	r, err := extract.Decode(article.Extraction)
	if err != nil {
		return graph.Item{}, fmt.Errorf("read %s: %w", article.ID, err)
	}
	return graph.Item{Result: r}, r.Article.Check()
}

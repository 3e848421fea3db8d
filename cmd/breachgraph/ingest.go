package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/local"
	"github.com/breachgraph/breachgraph/ingest"
)

func (a *app) ingestCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ingest FILE|DIR|URL…",
		Short: "Read articles, extract what they say and load it into the graph",
		Long: `Read articles, extract what they say and load it into the graph. An article is a
saved web page, a markdown note, a plain text, a line of a .jsonl file, a page in a
WARC file or a URL; - reads standard input, also what extract or export printed.
Articles that are not about a breach are left out. Loading an article again
changes nothing; a changed one replaces what it said before. Without NEO4J_URI a
local Neo4j is started, and stays up until db stop.`,
		Example: `  breachgraph ingest testdata/articles
  breachgraph ingest https://www.example.com/story notes/*.md
  breachgraph extract pages/ | breachgraph ingest -`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkLanguage(); err != nil {
				return err
			}
			if err := a.openSecond(); err != nil {
				return err
			}
			return a.ingest(cmd, args, a.articles(cmd.Context(), args, cmd.InOrStdin()))
		},
	}
	a.addFlags(cmd, "ingest")
	return cmd
}

// ingest loads articles, which are those of inputs. The database is not asked for before
// there is one.
func (a *app) ingest(cmd *cobra.Command, inputs []string, articles iter.Seq2[ingest.Article, error]) error {
	ctx := cmd.Context()
	bar := a.newProgress(cmd.ErrOrStderr(), inputs)
	defer bar.finish()
	defer a.tellSecond()
	var failed failures
	leftOut := 0
	next, stop := iter.Pull(a.relevant(a.readable(ctx, articles, bar, &failed), &leftOut))
	defer stop()
	first, ok := next()
	if !ok {
		return a.nothingToLoad(cmd.OutOrStdout(), inputs, leftOut, failed)
	}
	db, server, err := a.openDatabase(ctx)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	if err := db.EnsureSchema(ctx); err != nil {
		return err
	}
	summary, err := db.LoadItems(ctx, func(yield func(graph.Item) bool) {
		for r, ok := first, true; ok && yield(r); r, ok = next() {
		}
	})
	bar.finish()
	for _, refused := range summary.Refused {
		a.log.Error(refused.Error())
		failed++
	}
	if printErr := a.printLoad(cmd, summary, leftOut, server); err == nil {
		err = printErr
	}
	if err != nil {
		return err
	}
	return failed.err()
}

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

// nothingToLoad says why there is nothing to open a database for.
func (a *app) nothingToLoad(w io.Writer, inputs []string, leftOut int, failed failures) error {
	switch {
	case leftOut > 0 && !a.quiet:
		if err := writeArticles(w, graph.Summary{}, leftOut); err != nil {
			return err
		}
	case leftOut == 0 && failed == 0:
		return fmt.Errorf("read %s: no article found", strings.Join(inputs, ", "))
	}
	return failed.err()
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

// printLoad says what a load did, where to look at it and what to ask.
func (a *app) printLoad(cmd *cobra.Command, s graph.Summary, leftOut int, server *local.Server) error {
	if a.quiet {
		return nil
	}
	w := cmd.OutOrStdout()
	if err := writeArticles(w, s, leftOut); err != nil {
		return err
	}
	return writeLoad(w, s, server, a.again())
}

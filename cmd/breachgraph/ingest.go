package main

import (
	"iter"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/graph"
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

// loadGCPercent lets the heap grow to less than twice of what is in use: loading
// waits for the database most of the time, and has some to spare for less memory.
const loadGCPercent = 80

// ingest loads articles, which are those of inputs. The database is not asked for before
// there is one.
func (a *app) ingest(cmd *cobra.Command, inputs []string, articles iter.Seq2[ingest.Article, error]) error {
	// The rows of a batch are garbage as soon as they are written.
	debug.SetGCPercent(loadGCPercent)
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
	db, server, err := a.openGraph(ctx)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
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

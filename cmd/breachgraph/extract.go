package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/ingest"
)

func (a *app) extractCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "extract FILE|DIR|URL…",
		Short: "Print what articles say: entities, figures, breaches and claims",
		Long: `Print what articles say: entities, figures, breaches and claims, an object per
article. An article is a saved web page, a markdown note, a plain text, a line of
a .jsonl file, a page in a WARC file or a URL; - reads standard input.`,
		Example: `  breachgraph extract testdata/articles
  breachgraph extract https://www.example.com/story --format json
  breachgraph extract story.html --format html > evidence.html
  breachgraph extract pages/ --llm http://localhost:11434/v1 --llm-model qwen3
  breachgraph extract pages/ | breachgraph ingest -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, w := cmd.Context(), cmd.OutOrStdout()
			switch {
			case a.lines != "" && len(args) > 0:
				return usagef("--text-lines takes no other input")
			case a.lines != "":
				return a.extractLines(ctx, cmd.InOrStdin(), w)
			case len(args) == 0:
				return usagef("nothing to read; name files, folders or URLs, or - for standard input")
			case a.only != "" && a.only != "article":
				return usagef("--only is article, not %q", a.only)
			}
			if err := a.checkLanguage(); err != nil {
				return err
			}
			if err := a.openSecond(); err != nil {
				return err
			}
			print, err := a.resultPrinter(w)
			if err != nil {
				return err
			}
			return a.extract(ctx, cmd, args, print)
		},
	}
	a.addFlags(cmd, "extract")
	return cmd
}

// extract prints what is found in each article of the inputs.
func (a *app) extract(ctx context.Context, cmd *cobra.Command, inputs []string, print *resultPrinter) error {
	defer a.tellSecond()
	var failed failures
	examine := func(article ingest.Article) (extract.Result, error) { return a.examine(ctx, article) }
	for r := range extracted(a.articles(ctx, inputs, cmd.InOrStdin()), examine) {
		if r.err != nil {
			a.log.Error(r.err.Error())
			failed++
			continue
		}
		if err := print.one(r.result); err != nil {
			return err
		}
	}
	refused, err := print.end()
	for _, r := range refused {
		a.log.Error(r.Error())
		failed++
	}
	if err != nil {
		return err
	}
	return failed.err()
}

// checkLanguage makes a language that nobody reads a usage error.
func (a *app) checkLanguage() error {
	if a.language != "en" && a.language != "any" {
		return usagef("--language is en or any, not %q", a.language)
	}
	return nil
}

// examine extracts from an article, unless the settings ask for it as it was
// read.
func (a *app) examine(ctx context.Context, article ingest.Article) (extract.Result, error) {
	if article.Record != nil {
		return extract.Result{}, fmt.Errorf("read %s: it is the record of a graph, which has no text; only ingest reads it", article.ID)
	}
	if a.only == "article" {
		return extract.Result{Article: article}, nil
	}
	result := extract.Extract(article, extract.Options{AnyLanguage: a.language == "any"})
	if a.second != nil {
		result = a.second.Read(ctx, result)
	}
	return result, nil
}

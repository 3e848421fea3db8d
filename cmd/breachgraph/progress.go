package main

import (
	"io"
	"path/filepath"
	"strings"

	"github.com/schollz/progressbar/v3"

	"github.com/breachgraph/breachgraph/ingest"
)

// A progress counts articles before the eyes of a person. The nil progress
// counts nothing.
type progress struct{ bar *progressbar.ProgressBar }

// newProgress shows a bar, or where nobody knows how many articles there are a
// counter, if w is a terminal and messages are for people.
func (a *app) newProgress(w io.Writer, inputs []string) *progress {
	if a.quiet || a.logFormat != "text" || !isTerminal(w) {
		return nil
	}
	return &progress{progressbar.NewOptions(countArticles(inputs),
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription("reading"),
		progressbar.OptionSetItsString("articles"),
		progressbar.OptionShowIts(),
		progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(),
	)}
}

// countArticles is how many articles inputs hold, -1 where only reading them
// would tell.
func countArticles(inputs []string) int {
	total := 0
	for _, input := range inputs {
		switch {
		case input == "-":
			return -1
		case isURL(input):
			total++
			continue
		}
		for file, err := range ingest.Walk(input) {
			if err == nil && (strings.HasPrefix(filepath.Ext(file), ".json") || strings.Contains(filepath.Base(file), ".warc")) {
				return -1
			}
			total++
		}
	}
	return total
}

func (p *progress) add() {
	if p != nil {
		p.bar.Add(1)
	}
}

// pause makes room for a message; the next add draws the bar again.
func (p *progress) pause() {
	if p != nil {
		p.bar.Clear()
	}
}

func (p *progress) finish() {
	if p != nil {
		p.bar.Finish()
	}
}

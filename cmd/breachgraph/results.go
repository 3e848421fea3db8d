package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/web"
	"github.com/breachgraph/breachgraph/extract"
	"github.com/breachgraph/breachgraph/graph"
)

// A resultPrinter prints one result after the other.
type resultPrinter struct {
	w      io.Writer
	format string
	begun  bool
	kept   []extract.Result // for cypher, which has one node for what several articles say
}

// resultPrinter is the printer that the settings ask for.
func (a *app) resultPrinter(w io.Writer) (*resultPrinter, error) {
	format := a.extractFormat
	switch {
	case format == "" && isTerminal(w):
		format = "summary"
	case format == "":
		format = "jsonl"
	}
	formats := []string{"jsonl", "json", "html", "cypher", "summary"}
	if !slices.Contains(formats, format) {
		return nil, usagef("--format of extract is %s, not %q", strings.Join(formats, ", "), format)
	}
	return &resultPrinter{w: w, format: format}, nil
}

// one prints r.
func (p *resultPrinter) one(r extract.Result) error {
	switch {
	case p.format == "summary":
		return writeResult(p.w, r)
	case p.format == "html" && p.begun:
		return usagef("a page shows one article, and %s is another", r.Article.ID)
	case p.format == "html":
		p.begun = true
		return web.WriteEvidence(p.w, r)
	case p.format == "cypher":
		p.kept = append(p.kept, r)
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if p.format == "json" {
		b.WriteString(map[bool]string{false: "[\n  ", true: ",\n  "}[p.begun])
		enc.SetIndent("  ", "  ")
	}
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("print %s: %w", r.Article.ID, err)
	}
	p.begun = true
	out := b.Bytes()
	if p.format == "json" {
		out = bytes.TrimRight(out, "\n")
	}
	_, err := p.w.Write(out)
	return err
}

// end closes what one has opened, and returns the articles that could not be
// printed.
func (p *resultPrinter) end() ([]*graph.ArticleError, error) {
	switch p.format {
	case "json":
		_, err := io.WriteString(p.w, map[bool]string{false: "[]\n", true: "\n]\n"}[p.begun])
		return nil, err
	case "cypher":
		return graph.WriteScript(p.w, slices.Values(p.kept))
	}
	return nil, nil
}

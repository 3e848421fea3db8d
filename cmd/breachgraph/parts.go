package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/web"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/export"
	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/queries"
)

// selection is the part of the graph that the settings mean, but for the answer
// of --query, which the second value asks for where it is set.
func (a *app) selection(args []string, stdin io.Reader) (s graph.Selection, ask func(context.Context, *graph.DB) (*graph.Table, error), err error) {
	s.Company = a.company
	if a.since != "" {
		if s.Since, err = ingest.ParseDate(a.since); err != nil {
			return s, nil, usagef("--since: %v", err)
		}
	}
	if a.exportQuery == "" {
		return s, nil, nil
	}
	all, err := queries.All()
	if err != nil {
		return s, nil, err
	}
	q, params, err := question(all, append([]string{a.exportQuery}, args...), stdin)
	return s, func(ctx context.Context, db *graph.DB) (*graph.Table, error) {
		answer, err := db.Read(ctx, q.Cypher, params, graph.Limits{})
		return &answer, err
	}, err
}

// writePart writes part to w, or to where the settings say.
func (a *app) writePart(ctx context.Context, part *graph.Part, w io.Writer) error {
	if a.exportFormat == "csv" {
		if err := os.MkdirAll(a.output, 0o755); err != nil {
			return err
		}
		return export.CSV(func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join(a.output, name)) },
			part.Nodes(ctx), part.Edges(ctx))
	}
	if a.output == "" {
		return a.writeFormat(ctx, part, w)
	}
	// A file appears whole or not at all.
	f, err := os.CreateTemp(filepath.Dir(a.output), filepath.Base(a.output)+".*.part")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := errors.Join(a.writeFormat(ctx, part, f), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), a.output)
}

func (a *app) writeFormat(ctx context.Context, part *graph.Part, w io.Writer) error {
	switch a.exportFormat {
	case "graphml":
		return export.GraphML(w, part.Nodes(ctx), part.Edges(ctx))
	case "stix":
		return export.STIX(w, part.Nodes(ctx), part.Edges(ctx))
	case "html":
		return web.WriteGraph(w, a.partTitle(), part.Nodes(ctx), part.Edges(ctx))
	}
	for line, err := range part.Records(ctx) {
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s\n", line); err != nil {
			return err
		}
	}
	return nil
}

// partTitle says what a page shows.
func (a *app) partTitle() string {
	title := "All breaches"
	switch {
	case a.company != "":
		title = a.company
	case a.exportQuery != "":
		title = strings.ReplaceAll(a.exportQuery, "-", " ")
	}
	if a.since != "" {
		title += " since " + a.since
	}
	return title
}

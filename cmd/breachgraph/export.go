package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/web"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/export"
	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/queries"
)

// exportFormats are what export writes, all but csv into one file.
var exportFormats = [...]string{"graphml", "csv", "stix", "jsonl", "html"}

func (a *app) exportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export --format FORMAT [PARAMETER=VALUE…]",
		Short: "Write the graph, or a part of it, in the format of another program",
		Long: `Write the graph, or a part of it, in the format of another program:

  graphml  for Gephi and yEd
  csv      a folder of files for neo4j-admin database import; needs --output
  stix     a bundle of STIX 2.1, for platforms of threat intelligence
  jsonl    a line for each article, which ingest reads back into the same graph
  html     one page with a drawing, for people without Neo4j; for a small part

--company takes an organisation, its breaches and the facts around these, --query
what a named question answers, --since what was published from that day on. Each
brings the claims and articles that it rests on.`,
		Example: `  breachgraph export --format graphml > breaches.graphml
  breachgraph export --format html --company T-Mobile --output t-mobile.html
  breachgraph export --format stix --query largest-breaches limit=10 --output largest.json
  breachgraph export --format jsonl | breachgraph ingest - --data ~/copy`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkExport(args); err != nil {
				return err
			}
			return a.export(cmd, args)
		},
	}
	a.addFlags(cmd, "export")
	return cmd
}

func (a *app) checkExport(args []string) error {
	switch {
	case !slices.Contains(exportFormats[:], a.exportFormat):
		return usagef("--format of export is %s, not %q", strings.Join(exportFormats[:], ", "), a.exportFormat)
	case a.exportQuery == "" && len(args) > 0:
		return usagef("%q is a parameter, and there is no --query that takes it", args[0])
	case a.exportQuery != "" && a.company != "":
		return usagef("--query and --company exclude each other")
	case a.exportFormat == "csv" && a.output == "":
		return usagef("--format csv writes several files; name their folder with --output")
	}
	return nil
}

func (a *app) export(cmd *cobra.Command, args []string) error {
	// What is read is garbage as soon as it is written: collecting it sooner
	// takes a fifth more time and nearly halves the memory.
	debug.SetGCPercent(50)
	ctx := cmd.Context()
	s := graph.Selection{Company: a.company}
	var err error
	if a.since != "" {
		if s.Since, err = ingest.ParseDate(a.since); err != nil {
			return usagef("--since: %v", err)
		}
	}
	var q queries.Query
	var params map[string]any
	if a.exportQuery != "" {
		all, err := queries.All()
		if err != nil {
			return err
		}
		if q, params, err = question(all, append([]string{a.exportQuery}, args...), cmd.InOrStdin()); err != nil {
			return err
		}
	}
	db, _, err := a.openDatabase(ctx)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	if a.exportQuery != "" {
		answer, err := db.Read(ctx, q.Cypher, params, graph.Limits{})
		if err != nil {
			return err
		}
		s.Answer = &answer
	}
	part, err := db.Part(ctx, s)
	if err != nil {
		return err
	}
	return a.writePart(ctx, part, cmd.OutOrStdout())
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

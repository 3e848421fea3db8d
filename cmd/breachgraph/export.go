package main

import (
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
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
	s, ask, err := a.selection(args, cmd.InOrStdin())
	if err != nil {
		return err
	}
	db, _, err := a.openDatabase(ctx)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	if ask != nil {
		if s.Answer, err = ask(ctx, db); err != nil {
			return err
		}
	}
	part, err := db.Part(ctx, s)
	if err != nil {
		return err
	}
	return a.writePart(ctx, part, cmd.OutOrStdout())
}

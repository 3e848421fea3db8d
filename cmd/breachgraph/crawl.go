package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/ingest/crawl"
)

func (a *app) crawlCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "crawl",
		Short: "Visit the sources, keep what is new and load it into the graph",
		Long: `Visit the sources, keep what is new and load it into the graph. Feeds, sitemaps and
listings say which articles there are; robots.txt and delays are kept to; every
answer is kept in the archive of the data folder before it counts as visited. It
goes on until it is interrupted, or with --once until nothing is due any more. What
could not be loaded is loaded by the next run.`,
		Example: `  breachgraph crawl --once
  breachgraph crawl --once --source krebs-on-security --since 2026-01-01 --limit 20
  breachgraph crawl --dry-run
  breachgraph crawl --sources my-sources.yaml --format jsonl >> crawl.jsonl`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.checkLanguage(); err != nil {
				return err
			}
			if f := a.crawlFormat; f != "" && f != "jsonl" && f != "table" {
				return usagef("--format is table or jsonl, not %q", f)
			}
			if err := a.openSecond(); err != nil {
				return err
			}
			return a.crawl(cmd)
		},
	}
	a.addFlags(cmd, "crawl")
	return cmd
}

// crawl runs a crawl, loading what it finds meanwhile.
func (a *app) crawl(cmd *cobra.Command) (err error) {
	plan, err := a.plan()
	if err != nil {
		return err
	}
	c, err := crawl.Open(plan)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	report := a.newCrawlReport(cmd, c, plan.Sources)
	if a.dryRun {
		return report.planned(c.Planned())
	}
	defer a.tellSecond()
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	load := a.newCrawlLoader(c, plan.Once)
	loading := load.start(ctx)
	for e, eventErr := range c.Run(ctx) {
		if eventErr != nil {
			err = eventErr
			break
		}
		if err = report.add(e); err != nil {
			break
		}
		load.add(ctx, e)
	}
	if err != nil {
		cancel()
	}
	return errors.Join(err, loading(), report.end(load))
}

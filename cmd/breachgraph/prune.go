package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/service"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/crawl/frontier"
)

func (a *app) pruneCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Delete captured pages and dead letters that are old enough",
		Long: `Delete captured pages and dead letters that are old enough. Without settings nothing
is. Pages go as whole WARC files, when the last capture in one is older than
--keep-pages days, and never while something of theirs waits to be loaded. What is
gone from the archive stays in the graph, and cannot be replayed. A service with
these settings does this itself once a day.`,
		Example: "  breachgraph prune --keep-pages 730 --keep-dead 90 --dry-run",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.prune(cmd) },
	}
	a.addFlags(cmd, "prune")
	return cmd
}

// retention is what the settings say of how long things are kept.
func (a *app) retention() (service.Retention, error) {
	if a.keepPages < 0 || a.keepDead < 0 {
		return service.Retention{}, usagef("--keep-pages and --keep-dead are days, 0 for ever, not %d and %d", a.keepPages, a.keepDead)
	}
	return service.Retention{Pages: a.keepPages, Dead: a.keepDead}, nil
}

func (a *app) prune(cmd *cobra.Command) (err error) {
	r, err := a.retention()
	if err != nil {
		return err
	}
	q, err := a.openQueue(cmd.Context())
	if err != nil {
		return err
	}
	defer q.Close()
	c, err := crawl.Open(crawl.Plan{Folder: filepath.Join(a.data, "crawl")})
	if errors.Is(err, frontier.ErrInUse) {
		return fmt.Errorf("prune: %w; a service that has these settings does it itself once a day", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	do, verb := r.Prune, "deleted"
	if a.dryRun {
		do, verb = r.Would, "would delete"
	}
	p, err := do(cmd.Context(), q, c, time.Now())
	if err != nil {
		return err
	}
	for _, f := range p.Files {
		fmt.Fprintf(cmd.OutOrStdout(), "%s %s, %.1f MB, last captured %s\n", verb, f.File, float64(f.Bytes)/1e6, f.Latest.Format(time.DateOnly))
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s %s and %s\n", verb, count(len(p.Files), "file"), count(p.Letters, "dead letter"))
	return err
}

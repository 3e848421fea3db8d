package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/ingest/jobs"
	"github.com/breachgraph/breachgraph/ingest/schedule"
)

func (a *app) scheduleCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schedule",
		Short: "Show when a service looks at which source, and why then",
		Long: `Show when a service looks at which source, and why then. It works while a service
runs and while none does. A look can be asked for at once; the service makes it as
soon as the last one is over.`,
		Example: `  breachgraph schedule
  breachgraph schedule --source krebs-on-security --format json
  breachgraph schedule run krebs-on-security`,
		Args: noVerb,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.scheduleFormat != "table" && a.scheduleFormat != "json" {
				return usagef("--format is table or json, not %q", a.scheduleFormat)
			}
			return a.withSchedule(cmd, func(ctx context.Context, s *schedule.Schedule, _ *jobs.Queue) error {
				entries, err := s.List(ctx)
				if err != nil {
					return err
				}
				if a.scheduleFormat == "json" {
					e := json.NewEncoder(cmd.OutOrStdout())
					e.SetIndent("", "  ")
					return e.Encode(entries)
				}
				return writeSchedule(cmd.OutOrStdout(), entries, time.Now())
			})
		},
	}
	a.addFlags(cmd, "schedule")
	cmd.AddCommand(a.sourceVerb("schedule", "run", "Have sources looked at now", (*schedule.Schedule).RunNow))
	return cmd
}

// sourceVerb is a verb that tells the service something of the sources that are
// its arguments.
func (a *app) sourceVerb(parent, verb, short string, do func(*schedule.Schedule, context.Context, string) error) *cobra.Command {
	cmd := &cobra.Command{
		Use: verb + " NAME…", Short: short, Args: arguments(cobra.MinimumNArgs(1)),
		Example: "  breachgraph " + parent + " " + verb + " krebs-on-security",
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.withSchedule(cmd, func(ctx context.Context, s *schedule.Schedule, q *jobs.Queue) error {
				err := each(names, func(name string) error { return do(s, ctx, name) })
				if errors.Is(err, schedule.ErrNoSource) {
					return usagef("%v; `breachgraph sources list` lists them", err)
				}
				if err != nil {
					return err
				}
				leader, err := q.Leader(ctx, crawlLease)
				if err == nil && leader == "" {
					a.log.Info("nobody crawls now; a service that starts will heed it")
				}
				return err
			})
		},
	}
	a.addFlags(cmd, parent+" "+verb)
	return cmd
}

// withSchedule opens the schedule of the sources that the settings name.
func (a *app) withSchedule(cmd *cobra.Command, do func(context.Context, *schedule.Schedule, *jobs.Queue) error) error {
	sources, err := a.selectSources()
	if err != nil {
		return err
	}
	q, err := a.openQueue(cmd.Context())
	if err != nil {
		return err
	}
	defer q.Close()
	s, err := schedule.Open(cmd.Context(), q, sources, a.log)
	if err != nil {
		return err
	}
	return do(cmd.Context(), s, q)
}

// writeSchedule prints a row for each source.
func writeSchedule(w io.Writer, entries []schedule.Entry, now time.Time) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "NAME\tKIND\tSCHEDULE\tLAST\tNEXT\tWHY")
	for _, e := range entries {
		next := shortTime(e.Next)
		if !e.Next.IsZero() && !e.Next.After(now) {
			next = "now"
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\n", e.Name, e.Kind, e.Schedule, shortTime(e.Last), next, clean(e.Why))
	}
	return tw.Flush()
}

// shortTime is a time of this machine, to the minute.
func shortTime(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04")
}

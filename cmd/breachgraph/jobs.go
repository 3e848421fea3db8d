package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/ingest/jobs"
)

func (a *app) jobsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "jobs",
		Short: "Look at the jobs of a service and at those that failed",
		Example: `  breachgraph jobs list
  breachgraph jobs show 17
  breachgraph jobs retry 17 18`,
		Args: noVerb,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		a.jobsVerb("list", "How full the stages are, and the jobs that failed for good", "breachgraph jobs list", cobra.NoArgs,
			func(ctx context.Context, q *jobs.Queue, w io.Writer, _ []uint64) error { return listJobs(ctx, q, w) }),
		a.jobsVerb("show NUMBER", "Print what a job that failed was about", "breachgraph jobs show 17 | jq .article.url", cobra.ExactArgs(1), showJob),
		a.jobsVerb("retry NUMBER…", "Try jobs again that failed for good", "breachgraph jobs retry 17 18", cobra.MinimumNArgs(1),
			func(ctx context.Context, q *jobs.Queue, _ io.Writer, numbers []uint64) error {
				return each(numbers, func(n uint64) error { return q.Retry(ctx, n) })
			}),
		a.jobsVerb("drop NUMBER…", "Give up jobs that failed for good", "breachgraph jobs drop 17", cobra.MinimumNArgs(1),
			func(ctx context.Context, q *jobs.Queue, _ io.Writer, numbers []uint64) error {
				return each(numbers, func(n uint64) error { return q.Drop(ctx, n) })
			}),
	)
	return cmd
}

// jobsVerb is a verb below jobs; do gets the numbers that are its arguments.
func (a *app) jobsVerb(use, short, example string, args cobra.PositionalArgs, do func(context.Context, *jobs.Queue, io.Writer, []uint64) error) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Example: "  " + example, Args: arguments(args),
		RunE: func(cmd *cobra.Command, args []string) error {
			numbers := make([]uint64, len(args))
			for i, arg := range args {
				n, err := strconv.ParseUint(arg, 10, 64)
				if err != nil {
					return usagef("%q is not the number of a job; `breachgraph jobs list` shows them", arg)
				}
				numbers[i] = n
			}
			q, err := a.openQueue(cmd.Context())
			if err != nil {
				return err
			}
			defer q.Close()
			return do(cmd.Context(), q, cmd.OutOrStdout(), numbers)
		},
	}
	verb, _, _ := strings.Cut(use, " ")
	a.addFlags(cmd, "jobs "+verb)
	return cmd
}

// each does all, and joins what went wrong.
func each[T any](all []T, do func(T) error) error {
	var errs []error
	for _, one := range all {
		errs = append(errs, do(one))
	}
	return errors.Join(errs...)
}

func listJobs(ctx context.Context, q *jobs.Queue, out io.Writer) error {
	depths, err := q.Depths(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "STAGE\tWAITING\tHELD\tFAILED")
	dead := 0
	for _, s := range jobs.Stages() {
		d := depths[s]
		dead += d.Dead
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\n", s, d.Waiting, d.Held, d.Dead)
	}
	if err := w.Flush(); err != nil || dead == 0 {
		return err
	}
	fmt.Fprintln(w, "\nNUMBER\tSTAGE\tFAILED\tTRIES\tJOB\tREASON")
	for l, err := range q.DeadLetters(ctx) {
		if err != nil {
			return errors.Join(err, w.Flush())
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%d\t%s\t%s\n", l.Number, l.Stage, l.Died.Local().Format(time.DateTime), l.Failures, l.ID, l.Reason)
	}
	return w.Flush()
}

// showJob prints the data of a job, which is a line as extract prints it.
func showJob(ctx context.Context, q *jobs.Queue, w io.Writer, numbers []uint64) error {
	_, data, err := q.DeadLetter(ctx, numbers[0])
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", data)
	return err
}

// Breachgraph reads articles about data breaches, extracts who is said to have
// done what to whom, and loads it into Neo4j. This package parses settings,
// wires the stages together and presents what they give.
//
// main.go holds the root command and the exit statuses; settings.go the table
// of all settings; ingest.go, crawl.go, replay.go, sources.go, schedule.go,
// extract.go, query.go, resolve.go, curate.go, check.go, forget.go, browser.go,
// export.go, schema.go, version.go and completion.go a verb each, db.go,
// status.go and reset.go those of db; database.go finds or starts the database;
// input.go and lines.go turn arguments into articles and texts, items.go articles
// into what is loaded, second.go has a language model read them; results.go,
// summary.go and rows.go print them, parts.go writes parts of the graph,
// curation.go the file of corrections, log.go and progress.go what else there is
// to say. Of a crawl, crawlplan.go reads the settings, crawlload.go loads what it
// finds, crawled.go and crawlive.go tell of it. Of serve, site.go answers over HTTP,
// reader.go reads the graph for that, watched.go tells of sources. backup.go and
// backupfiles.go, restore.go and restorefiles.go, prune.go, probe.go and doctor.go are
// for those who operate it; checks.go is the table of what doctor looks at,
// checkservers.go looks at Neo4j and NATS.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	_ "time/tzdata" // for machines, and containers, that lack the time zones

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/extract/llm"
)

// The exit statuses.
const (
	statusFine        = iota
	statusFailed      // some input failed; the rest is done
	statusUsage       // the command line is wrong
	statusUnreachable // no database
)

// gcPercent lets the heap grow to three times of what is in use: an article
// leaves much behind, and tables that stay are most of what a collection walks.
const gcPercent = 200

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends what does not heed the first
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is the program, and returns its exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{log: newLogger(stderr, "text", slog.LevelInfo)}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = fmt.Errorf("interrupted: %w", err)
	}
	if err != nil && !errors.Is(err, errSaid) {
		a.log.Error(err.Error())
	}
	return status(err)
}

// An app is what all verbs share: the settings and where messages go.
type app struct {
	options
	log    *slog.Logger
	second *llm.Reader // nil unless the settings name a language model
}

// errSaid is wrapped by errors that the user has been told of already.
var errSaid = errors.New("reported")

// A usageError is a mistake on the command line.
type usageError struct{ msg string }

func (e *usageError) Error() string { return e.msg }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// status is the exit status for err.
func status(err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return statusFine
	case errors.As(err, &usage):
		return statusUsage
	case noDatabase(err):
		return statusUnreachable
	}
	return statusFailed
}

// root is the command without a verb.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "breachgraph",
		Short: "Turn articles about data breaches into a graph that answers questions",
		Example: `  breachgraph ingest testdata/articles     read, extract, load; starts a local Neo4j if none is set
  breachgraph query                        list the questions that are ready to ask
  breachgraph extract article.html | jq    see what is found in one article`,
		Args:          noVerb,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.settle(cmd); err != nil {
				return err
			}
			return a.setLogger(cmd.ErrOrStderr())
		},
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%v; see `%s --help`", err, cmd.CommandPath())
	})
	a.addFlags(root, "")
	root.AddCommand(a.ingestCommand(), a.crawlCommand(), a.serveCommand(), a.workerCommand(), a.jobsCommand(), a.scheduleCommand(), a.replayCommand(), a.sourcesCommand(),
		a.extractCommand(), a.queryCommand(), a.resolveCommand(), a.curateCommand(), a.forgetCommand(), a.checkCommand(), a.browserCommand(), a.exportCommand(), a.schemaCommand(),
		a.doctorCommand(), a.probeCommand(), a.backupCommand(), a.restoreCommand(), a.pruneCommand(), a.dbCommand(), a.configCommand(), versionCommand(), completionCommand())
	return root
}

// noVerb accepts no arguments: one would be a verb that does not exist.
func noVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2 // letters
	hint := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf(" Did you mean %s?", strings.Join(near, " or "))
	}
	return usagef("no verb %q.%s See `%s --help`", args[0], hint, cmd.CommandPath())
}

// arguments makes a wrong number of arguments a usage error.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usagef("%v; usage: %s", err, cmd.UseLine())
		}
		return nil
	}
}

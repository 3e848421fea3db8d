package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/graph/local"
)

// stopTime is how long a local server gets to write its last checkpoint.
const stopTime = 2 * time.Minute

func (a *app) dbCommand() *cobra.Command {
	db := &cobra.Command{
		Use:   "db",
		Short: "Start, stop and look after the local Neo4j",
		Long: `Start, stop and look after the local Neo4j of the data folder. It needs Java 17 or
later and, the first time, Maven; it listens on this machine only and stays up
until it is stopped. Where NEO4J_URI is set, other verbs use that database instead.`,
		Example: "  breachgraph db start\n  breachgraph db status\n  breachgraph db stop",
		Args:    noVerb,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	start := a.dbVerb("start", "Start the server, or find it running, and print how to reach it", (*app).dbStart)
	reset := a.dbVerb("reset", "Stop the server and delete its database", (*app).dbReset)
	a.addFlags(start, "db start")
	a.addFlags(reset, "db reset")
	db.AddCommand(start, reset,
		a.dbVerb("stop", "Stop the server", (*app).dbStop),
		a.dbVerb("status", "Say whether the database answers; exit status 3 where it does not", (*app).dbStatus),
		a.dbVerb("path", "Print the folder of the server", (*app).dbPath))
	return db
}

// dbVerb is a verb of db: none takes arguments.
func (a *app) dbVerb(name, short string, run func(*app, *cobra.Command) error) *cobra.Command {
	return &cobra.Command{
		Use:     name,
		Short:   short,
		Example: "  breachgraph db " + name + " --data ~/breaches",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return run(a, cmd) },
	}
}

func (a *app) dbStart(cmd *cobra.Command) error {
	s, err := a.startLocal(cmd.Context())
	if err != nil {
		return err
	}
	if a.uri != "" {
		a.log.Warn("NEO4J_URI is set, so the other verbs use that database and not this one")
	}
	return printServer(cmd.OutOrStdout(), s)
}

// printServer says how to reach s.
func printServer(w io.Writer, s *local.Server) error {
	_, err := fmt.Fprintf(w, "Neo4j Browser  %s\nBolt           %s\nuser           %s\npassword       %s\n",
		s.BrowserURL, s.BoltURI, s.Username, s.Password)
	return err
}

func (a *app) dbStop(cmd *cobra.Command) error {
	s, running, err := local.Find(a.data)
	if err != nil {
		return localError{err}
	}
	if !running {
		a.log.Info("the server does not run")
		return nil
	}
	return stop(cmd.Context(), s)
}

func stop(ctx context.Context, s *local.Server) error {
	ctx, cancel := context.WithTimeout(ctx, stopTime)
	defer cancel()
	return s.Stop(ctx)
}

func (a *app) dbPath(cmd *cobra.Command) error {
	home, err := local.Home(a.data)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), home)
	return err
}

package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/local"
)

func (a *app) dbStatus(cmd *cobra.Command) error {
	ctx, w := cmd.Context(), cmd.OutOrStdout()
	var s *local.Server
	if a.uri == "" {
		var running bool
		var err error
		if s, running, err = local.Find(a.data); err != nil {
			return localError{err}
		}
		if !running {
			fmt.Fprintln(w, "not running")
			return fmt.Errorf("%w: %w", errSaid, errNoDatabase)
		}
	}
	db, err := graph.Open(ctx, a.config(s))
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	if s == nil {
		_, err = fmt.Fprintln(w, "the database that is set answers")
		return err
	}
	fmt.Fprintf(w, "running since %s, process %d\n", s.Started.Local().Format(time.DateTime), s.PID)
	return printServer(w, s)
}

package main

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/graph/local"
)

func (a *app) dbReset(cmd *cobra.Command) error {
	home, err := local.Home(a.data)
	if err != nil {
		return err
	}
	if !a.yes && !confirmed(cmd, "Delete the database in "+home+"?") {
		return usagef("nothing deleted; say --yes to delete the database in %s", home)
	}
	s, running, err := local.Find(a.data)
	if err != nil {
		return localError{err}
	}
	if running {
		if err := stop(cmd.Context(), s); err != nil {
			return err
		}
	}
	return local.Reset(a.data)
}

// confirmed asks a person; nobody answers where standard input is no terminal.
func confirmed(cmd *cobra.Command, question string) bool {
	if !isTerminal(cmd.InOrStdin()) {
		return false
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%s [y/N] ", question)
	answer, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	return err == nil && strings.EqualFold(strings.TrimSpace(answer), "y")
}

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "config",
		Short:   "Check the file of settings, and show what is in force",
		Example: "  breachgraph config check --config breachgraph.yaml\n  breachgraph config show",
		Args:    noVerb,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	check := &cobra.Command{
		Use: "check", Short: "Say what is wrong in the file of settings and in the environment, with lines", Args: arguments(cobra.NoArgs),
		Example: "  breachgraph config check --config /etc/breachgraph/breachgraph.yaml",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.checkConfig(cmd.OutOrStdout()) },
	}
	show := &cobra.Command{
		Use: "show", Short: "Show each setting, its value and where that comes from", Args: arguments(cobra.NoArgs),
		Example: "  breachgraph config show\n  breachgraph config show --format json",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.showConfig(cmd) },
	}
	a.addFlags(check, "config check")
	a.addFlags(show, "config show")
	cmd.AddCommand(check, show)
	return cmd
}

// checkConfig prints a line for each problem.
func (a *app) checkConfig(w io.Writer) error {
	file, problems, err := a.readConfig()
	if err != nil {
		return err
	}
	wrong := checkVariables()
	for _, p := range problems {
		wrong = append(wrong, p.Error())
	}
	for _, line := range wrong {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%w: %s", errSaid, count(len(wrong), "problem"))
	}
	where := "no file of settings"
	if file != nil {
		where = file.Path
	}
	_, err = fmt.Fprintln(w, where+": ok")
	return err
}

func (a *app) showConfig(cmd *cobra.Command) error {
	if a.configFormat != "table" && a.configFormat != "json" {
		return usagef("--format is table or json, not %q", a.configFormat)
	}
	file, problems, err := a.readConfig()
	if err != nil {
		return err
	}
	for _, p := range problems {
		a.log.Warn(p.Error())
	}
	rows := effective(cmd.Flags(), file)
	if a.configFormat == "json" {
		e := json.NewEncoder(cmd.OutOrStdout())
		e.SetIndent("", "  ")
		return e.Encode(rows)
	}
	tw := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "SETTING\tVALUE\tFROM\tVERBS")
	for _, r := range rows {
		verbs := "all"
		if len(r.Verbs) > 0 {
			verbs = strings.Join(r.Verbs, ", ")
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", r.Setting, clean(r.Value), r.From, verbs)
	}
	return tw.Flush()
}

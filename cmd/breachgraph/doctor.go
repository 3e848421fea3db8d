package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// checkTime bounds each check, and so all of them: they run side by side.
const checkTime = 30 * time.Second

// A level says how a check came out.
type level string

const (
	levelOK   level = "ok"
	levelWarn level = "warn"
	levelFail level = "fail"
)

// A finding is what a check found, in one line, and what mends it.
type finding struct {
	Check  string `json:"check"`
	Level  level  `json:"level"`
	Found  string `json:"found"`
	Remedy string `json:"remedy,omitempty"`
}

func ok(format string, args ...any) finding {
	return finding{Level: levelOK, Found: fmt.Sprintf(format, args...)}
}

// warn and fail also say what to do.
func warn(remedy, format string, args ...any) finding {
	return finding{Level: levelWarn, Found: fmt.Sprintf(format, args...), Remedy: remedy}
}

func fail(remedy, format string, args ...any) finding {
	return finding{Level: levelFail, Found: fmt.Sprintf(format, args...), Remedy: remedy}
}

func (a *app) doctorCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say what is wrong with a set-up, and how to mend it",
		Long: `Say what is wrong with a set-up, and how to mend it: the database, the data folder
and its disk, the job queue, the sources, what servers are told, what is listened
at and who may ask. It changes nothing and prints no secret. Give it the settings
that serve has. The exit status is 1 where something is wrong.`,
		Example: "  breachgraph doctor\n  breachgraph doctor --format json | jq '.[] | select(.level != \"ok\")'",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.doctor(cmd) },
	}
	a.addFlags(cmd, "doctor")
	return cmd
}

func (a *app) doctor(cmd *cobra.Command) error {
	if f := a.doctorFormat; f != "table" && f != "json" {
		return usagef("--format of doctor is table or json, not %q", f)
	}
	found := examine(cmd.Context(), a.checks())
	write := writeFindings
	if a.doctorFormat == "json" {
		write = func(w io.Writer, found []finding) error {
			enc := json.NewEncoder(w)
			enc.SetIndent("", "  ")
			enc.SetEscapeHTML(false)
			return enc.Encode(found)
		}
	}
	for i := range found {
		found[i].Found, found[i].Remedy = a.discreet(found[i].Found), a.discreet(found[i].Remedy)
	}
	if err := write(cmd.OutOrStdout(), found); err != nil {
		return err
	}
	wrong := 0
	for _, f := range found {
		if f.Level == levelFail {
			wrong++
		}
	}
	if wrong > 0 {
		return fmt.Errorf("the set-up does not work: %s", count(wrong, "problem"))
	}
	return nil
}

// examine makes all checks, side by side, each within its time.
func examine(ctx context.Context, checks []check) []finding {
	found := make([]finding, len(checks))
	var group sync.WaitGroup
	for i, c := range checks {
		group.Go(func() {
			short, cancel := context.WithTimeout(ctx, checkTime)
			defer cancel()
			done := make(chan finding, 1)
			go func() { done <- c.look(short) }()
			select {
			case found[i] = <-done:
			case <-short.Done():
				found[i] = fail("find out what it waits for; nothing here should take so long", "no answer within %s", checkTime)
			}
			found[i].Check = c.name
		})
	}
	group.Wait()
	return found
}

// discreet is text without what nobody should see, should an error have quoted
// it.
func (a *app) discreet(text string) string {
	secrets := []string{a.password}
	for part := range strings.SplitSeq(a.nats, ",") {
		if u, err := url.Parse(part); err == nil && u.User != nil {
			password, _ := u.User.Password()
			secrets = append(secrets, password, u.User.Username())
		}
	}
	for _, s := range secrets {
		if len(s) > 2 {
			text = strings.ReplaceAll(text, s, "xxxxx")
		}
	}
	return text
}

func writeFindings(w io.Writer, found []finding) error {
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, f := range found {
		fmt.Fprintf(tw, "%s\t%s\t%s\n", f.Level, f.Check, oneLine(f.Found))
		if f.Remedy != "" {
			fmt.Fprintf(tw, "\t\t-> %s\n", oneLine(f.Remedy))
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func oneLine(s string) string { return shorten(clean(strings.Join(strings.Fields(s), " ")), 300) }

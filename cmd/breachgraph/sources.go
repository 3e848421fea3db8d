package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/schedule"
)

func (a *app) sourcesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "sources",
		Short:   "List, check, find and pause the sources that crawl visits",
		Example: "  breachgraph sources list\n  breachgraph sources check --source krebs-on-security\n  breachgraph sources add https://www.example.com",
		Args:    noVerb,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	list := &cobra.Command{
		Use: "list", Short: "List the sources", Args: arguments(cobra.NoArgs),
		Example: "  breachgraph sources list --sources my-sources.yaml",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.listSources(cmd.OutOrStdout()) },
	}
	check := &cobra.Command{
		Use: "check", Short: "Ask each source whether it answers and names articles", Args: arguments(cobra.NoArgs),
		Example: "  breachgraph sources check\n  breachgraph sources check --source cisa,zdnet-security",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.checkSources(cmd) },
	}
	add := &cobra.Command{
		Use: "add URL", Short: "Find the feeds and sitemaps of a site, as lines for your file of sources", Args: arguments(cobra.ExactArgs(1)),
		Example: "  breachgraph sources add https://www.example.com >> my-sources.yaml",
		RunE:    func(cmd *cobra.Command, args []string) error { return a.addSource(cmd, args[0]) },
	}
	a.addFlags(list, "sources list")
	a.addFlags(check, "sources check")
	a.addFlags(add, "sources add")
	cmd.AddCommand(list, check, add,
		a.sourceVerb("sources", "pause", "Have a service leave sources alone", (*schedule.Schedule).Pause),
		a.sourceVerb("sources", "resume", "Take back what pause did", (*schedule.Schedule).Resume))
	return cmd
}

func (a *app) listSources(w io.Writer) error {
	sources, err := a.selectSources()
	if err != nil {
		return err
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "NAME\tOUTLET\tKIND\tPLACE")
	for _, s := range sources {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", s.Name, s.Outlet, s.Kind, s.Place())
	}
	return tw.Flush()
}

// checkSources asks the sources, several at once, and prints what they answer in
// their order.
func (a *app) checkSources(cmd *cobra.Command) error {
	sources, err := a.selectSources()
	if err != nil {
		return err
	}
	politeness, err := a.politeness()
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	prober := crawl.NewProber(crawl.Options{AllowPrivate: a.allowPrivate, UserAgent: a.agent()}, politeness)
	answers := make([]chan string, len(sources))
	slots := make(chan struct{}, 8)
	var failed failures
	var mu sync.Mutex
	for i, s := range sources {
		answers[i] = make(chan string, 1)
		go func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			n, err := prober.Check(ctx, s)
			if err != nil {
				mu.Lock()
				failed++
				mu.Unlock()
				answers[i] <- fmt.Sprintf("FAILED  %s: %s\n", s.Name, clean(err.Error()))
				return
			}
			answers[i] <- fmt.Sprintf("ok      %s: %s\n", s.Name, count(n, "article"))
		}()
	}
	for _, answer := range answers {
		if _, err := io.WriteString(cmd.OutOrStdout(), <-answer); err != nil {
			return err
		}
	}
	mu.Lock()
	defer mu.Unlock()
	return failed.err()
}

// addSource prints sources for the site at an address as they stand in a file.
func (a *app) addSource(cmd *cobra.Command, address string) error {
	if !isURL(address) {
		return usagef("%q is not an http or https URL", address)
	}
	politeness, err := a.politeness()
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	prober := crawl.NewProber(crawl.Options{AllowPrivate: a.allowPrivate, UserAgent: a.agent()}, politeness)
	found, err := prober.Discover(ctx, address)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, s := range found {
		fmt.Fprintf(&b, "- name: %s\n  kind: %s\n  url: %q\n", s.Name, s.Kind, s.URL)
	}
	_, err = io.WriteString(cmd.OutOrStdout(), b.String())
	return err
}

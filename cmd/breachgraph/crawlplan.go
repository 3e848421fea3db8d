package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/ingest"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/page"
)

// plan makes of the settings what a crawl is to do.
func (a *app) plan() (crawl.Plan, error) {
	p := crawl.Plan{
		Options: crawl.Options{AllowPrivate: a.allowPrivate, UserAgent: a.agent()},
		Folder:  filepath.Join(a.data, "crawl"), Limit: a.limit, Once: a.once,
		Read:  readPage,
		Files: ingest.Reader{HTML: page.Read},
	}
	var err error
	if p.Sources, err = a.selectSources(); err != nil {
		return p, err
	}
	if a.since != "" {
		if p.Since, err = ingest.ParseDate(a.since); err != nil {
			return p, usagef("--since: %v", err)
		}
	}
	if a.limit < 0 {
		return p, usagef("--limit is at least 0, not %d", a.limit)
	}
	p.Politeness, err = a.politeness()
	return p, err
}

// readPage reads a page of a source as an article.
func readPage(ctx context.Context, raw []byte, address string, s crawl.Source) (ingest.Article, error) {
	return page.ReadWithin(ctx, raw, address, s.Body)
}

// politeness is what the settings ask of each host.
func (a *app) politeness() (crawl.Politeness, error) {
	delay, err := time.ParseDuration(a.delay)
	switch {
	case err != nil || delay < 0:
		return crawl.Politeness{}, usagef("--delay is a time such as 2s, not %q", a.delay)
	case a.parallel < 1:
		return crawl.Politeness{}, usagef("--parallel is at least 1, not %d", a.parallel)
	case delay == 0:
		delay = -1
	}
	return crawl.Politeness{Delay: delay, Parallel: a.parallel}, nil
}

// agent is what servers are told.
func (a *app) agent() string {
	if a.contact == "" {
		return a.userAgent
	}
	return a.userAgent + " (+" + a.contact + ")"
}

// selectSources gives the sources that the settings name, or all.
func (a *app) selectSources() ([]crawl.Source, error) {
	all, err := crawl.Sources(a.sources)
	if err != nil {
		return nil, err
	}
	if err := a.setTimezone(all); err != nil {
		return nil, err
	}
	if a.source == "" {
		return all, nil
	}
	var chosen []crawl.Source
	for name := range strings.SplitSeq(a.source, ",") {
		i := slices.IndexFunc(all, func(s crawl.Source) bool { return s.Name == strings.TrimSpace(name) })
		if i < 0 {
			return nil, usagef("--source: there is none named %q; `breachgraph sources list` lists them", name)
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// setTimezone gives the sources that have a schedule, and no time zone, that of
// the settings.
func (a *app) setTimezone(sources []crawl.Source) error {
	if _, err := time.LoadLocation(a.timezone); err != nil {
		return usagef("--timezone %q is not a time zone such as Europe/London", a.timezone)
	}
	for i, s := range sources {
		if s.Schedule != "" && s.Timezone == "" {
			sources[i].Timezone = a.timezone
		}
	}
	return nil
}

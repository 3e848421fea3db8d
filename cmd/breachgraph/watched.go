package main

import (
	"context"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/service"
	"github.com/breachgraph/breachgraph/cmd/breachgraph/web"
	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/schedule"
)

// watched are the sources of a schedule as the status pages show them.
type watched struct {
	*schedule.Schedule
	metrics *service.Metrics
}

// List implements [web.Sources].
func (w watched) List(ctx context.Context) ([]web.Source, error) {
	entries, err := w.Schedule.List(ctx)
	out := make([]web.Source, len(entries))
	for i, e := range entries {
		out[i] = web.Source{
			Name: e.Name, Kind: string(e.Kind), URL: e.Place, Rule: e.Schedule, Why: e.Why, Last: e.Last, Answered: e.Answered, Next: e.Next,
			News: e.News, Visits: tallied(w.metrics.Outcomes(e.Name)), Failures: e.Failures, Reason: e.Reason, Paused: !e.Paused.IsZero(),
		}
	}
	return out, err
}

// tallied counts what visits came to.
func tallied(outcomes map[crawl.Outcome]int) web.Tally {
	t := web.Tally{Failed: outcomes[crawl.Failed], Forbidden: outcomes[service.Disallowed]}
	for outcome, n := range outcomes {
		if outcome != crawl.Failed && outcome != service.Disallowed {
			t.Good += n
		}
	}
	return t
}

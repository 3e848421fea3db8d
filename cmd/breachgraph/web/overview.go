package web

import (
	"net/http"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// maxNotices is how many notices the overview shows.
const maxNotices = 20

type overviewPage struct {
	catalog.Summary
	Charts  []chart
	Stages  []stageRow
	NoQueue bool
	Dead    int
	Trouble string // why the database is not to be had
	Waiting string // why work cannot be done now
	Notices []Notice
}

type stageRow struct {
	Stage string
	jobs.Depth
}

// overview answers GET /.
func (s *Site) overview(r *http.Request) (any, error) {
	ctx := r.Context()
	p := overviewPage{Summary: s.Counter.Last(ctx)}
	p.Charts = charts(p.Days)
	if p.Err != nil {
		_, p.Trouble = inWords(p.Err) // and not into the log, each time somebody looks
	}
	if err := s.Ready(ctx); err != nil && p.Trouble == "" {
		_, p.Waiting = inWords(err)
	}
	depths, err := s.Queue.Depths(ctx)
	p.NoQueue = err != nil
	for _, stage := range jobs.Stages() {
		if d, ok := depths[stage]; ok {
			p.Stages = append(p.Stages, stageRow{string(stage), d})
			p.Dead += d.Dead
		}
	}
	p.Notices = s.Notices()
	p.Notices = p.Notices[:min(len(p.Notices), maxNotices)]
	return p, nil
}

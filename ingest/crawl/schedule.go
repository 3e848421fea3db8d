package crawl

import (
	"fmt"
	"net/http"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl/timetable"
)

// Articles are corrected soon after they appear, if at all: how long to wait
// before the next look depends on their age. Older ones are not looked at again.
var rechecks = []struct{ age, wait time.Duration }{
	{2 * day, day},
	{7 * day, 3 * day},
	{30 * day, 10 * day},
}

const (
	day = 24 * time.Hour
	// early is by which share of its interval a source is due before it is over,
	// lest one that a timer looks at each hour is due each second time only.
	early = 0.1
	// patience is how long one pass waits for hosts that asked to be left alone.
	patience = time.Minute
	// maxFailures is after how many an article is tried once a day only. After
	// twice as many it is given up.
	maxFailures = 8
)

// recheck is when to look at an article again; zero for never.
func recheck(published, now time.Time) time.Time {
	if published.IsZero() {
		return time.Time{}
	}
	for _, r := range rechecks {
		if now.Sub(published) < r.age {
			return now.Add(r.wait)
		}
	}
	return time.Time{}
}

// What is said of no source is looked at as often as it changes, between these.
const fastest, slowest = 30 * time.Minute, 12 * time.Hour

// Rule says when the source is looked at. It is checked where the source was read
// from a file.
func (s Source) Rule() (timetable.Rule, error) {
	spec := timetable.Spec{Name: s.Name, Cron: s.Schedule, Zone: s.Timezone, Every: s.Every, Jitter: s.Jitter, Missed: s.Missed}
	switch {
	case len(s.Adapt) == 2:
		spec.Fastest, spec.Slowest = s.Adapt[0], s.Adapt[1]
	case len(s.Adapt) != 0:
		return timetable.Rule{}, fmt.Errorf("adapt is two intervals, such as [%s, %s], not %d", timetable.Brief(fastest), timetable.Brief(slowest), len(s.Adapt))
	case s.Schedule == "" && s.Every == 0:
		spec.Fastest, spec.Slowest = fastest, slowest
	}
	return timetable.New(spec)
}

// nextLook is when a source is due again by its own rule, without what could be
// learnt of it.
func (s Source) nextLook(now time.Time) time.Time {
	r, err := s.Rule()
	switch {
	case err != nil:
		return now.Add(time.Hour)
	case s.Schedule != "":
		return r.Next(now, timetable.Pace{})
	}
	return now.Add(time.Duration(float64(r.Interval(timetable.Pace{})) * (1 - early)))
}

// retry is when to ask again for a page that was refused so often; zero for never.
func retry(status, failures int, now time.Time) time.Time {
	switch {
	case status == http.StatusGone, failures >= 3:
		return time.Time{}
	case status == http.StatusNotFound:
		return now.Add(day)
	}
	return now.Add(3 * day)
}

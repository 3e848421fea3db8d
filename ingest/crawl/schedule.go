package crawl

import (
	"net/http"
	"time"
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

// nextLook is when a source is due again.
func (s Source) nextLook(now time.Time) time.Time {
	return now.Add(time.Duration(float64(s.interval()) * (1 - early)))
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

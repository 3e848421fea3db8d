package timetable

import (
	"math"
	"time"
)

// A Pace is how often something has changed: changes in hours, of which those
// that are long ago count less. The zero value knows nothing.
type Pace struct {
	News  float64 `json:"news,omitempty"`
	Hours float64 `json:"hours,omitempty"`
}

const (
	// memory is after how long what was seen counts for 1/e: long enough for a
	// weekend to be part of it.
	memory = 3 * 24 * time.Hour
	// belief is for how many intervals the first one is believed, against what is
	// seen.
	belief = 3
	// maxNews bounds what one look counts for: a feed that was moved names all
	// that it has anew.
	maxNews = 20
)

// Learn takes in that since the last look, so long ago, so much was new.
func (r Rule) Learn(p Pace, since time.Duration, news int) Pace {
	if p.Hours <= 0 {
		p = Pace{News: belief, Hours: belief * r.spec.Every.Hours()}
	}
	since = min(max(since, 0), Longest)
	keep := math.Exp(-since.Hours() / memory.Hours())
	return Pace{
		News:  p.News*keep + float64(min(max(news, 0), maxNews)),
		Hours: p.Hours*keep + since.Hours(),
	}
}

// interval is how long it takes until something new is to be expected; first
// where nothing is known.
func (p Pace) interval(first time.Duration) time.Duration {
	switch {
	case !(p.Hours > 0) || p.News < 0: // a NaN is neither
		return first
	case p.News*Longest.Hours() <= p.Hours:
		return Longest
	}
	return time.Duration(p.Hours / p.News * float64(time.Hour)).Truncate(time.Second)
}

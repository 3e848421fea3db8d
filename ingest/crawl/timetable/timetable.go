// Package timetable says when something that is done again and again is due: by a
// cron expression, after an interval, or as often as it turns out to change. It
// reads no clock and keeps nothing: times go in and come out, and the same ones
// always give the same.
//
// timetable.go has the rules, cron.go the expressions, pace.go the interval that
// adapts.
package timetable

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"time"
)

// A Spec is a rule as a user writes it. The zero value means each hour.
type Spec struct {
	// Name is of what is timed. Rules of different names that are alike in all
	// else are due at different times within their jitter.
	Name string
	// Cron is an expression of five fields, or one such as @daily; empty for
	// none. Zone is its time zone, as in Europe/London; empty for that of the
	// machine.
	Cron, Zone string
	// Every is the interval; where it adapts, the first one. 0 means an hour.
	Every time.Duration
	// Fastest and Slowest bound an interval that adapts; 0 means that it does not.
	Fastest, Slowest time.Duration
	// Jitter is by how much later than the rule says something may be due; 0
	// means by a tenth of an interval, and by nothing with Cron.
	Jitter time.Duration
	// Missed says what becomes of a time that nobody was there at.
	Missed Policy
}

// A Policy says what becomes of times that were missed.
type Policy string

// The policies. The empty one is Once.
const (
	Once Policy = "once" // however many there were, they are made up for once
	Skip Policy = "skip" // they are left out
)

const (
	// Shortest and Longest bound intervals.
	Shortest = time.Minute
	Longest  = 30 * 24 * time.Hour
	// maxJitter bounds jitter.
	maxJitter = 24 * time.Hour
	// Grace is how late something may be and is not missed: another process takes
	// over within that.
	Grace = 5 * time.Minute
	// maxRetry is how far ahead may be what is due because it failed.
	maxRetry = 30 * time.Hour
)

// A Rule is a checked [Spec]. Its zero value is not one. It is safe for
// concurrent use.
type Rule struct {
	spec Spec
	cron *cronTimes // nil for an interval
}

// New checks a spec.
func New(s Spec) (Rule, error) {
	r := Rule{spec: s}
	if err := r.check(); err != nil {
		return r, err
	}
	if r.spec.Every == 0 {
		r.spec.Every = min(max(time.Hour, s.Fastest), cmp.Or(s.Slowest, Longest))
	}
	if s.Cron == "" {
		return r, nil
	}
	zone, err := loadZone(s.Zone)
	if err != nil {
		return r, err
	}
	r.cron, err = parseCron(strings.TrimSpace(s.Cron), zone)
	return r, err
}

// loadZone is the time zone of a name, that of the machine for none.
func loadZone(name string) (*time.Location, error) {
	if name == "" {
		return time.Local, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("timezone %.60q is not one such as Europe/London", name)
	}
	return zone, nil
}

func (r Rule) check() error {
	s := r.spec
	adapts := s.Fastest != 0 || s.Slowest != 0
	switch {
	case s.Every != 0 && !isInterval(s.Every):
		return fmt.Errorf("every %s is not between %s and %s", s.Every, Brief(Shortest), Brief(Longest))
	case adapts && (!isInterval(s.Fastest) || !isInterval(s.Slowest) || s.Fastest > s.Slowest):
		return fmt.Errorf("adapt is two intervals between %s and %s, the shorter one first", Brief(Shortest), Brief(Longest))
	case adapts && s.Every != 0 && (s.Every < s.Fastest || s.Every > s.Slowest):
		return fmt.Errorf("every %s is not between those of adapt", s.Every)
	case s.Jitter < 0 || s.Jitter > maxJitter:
		return fmt.Errorf("jitter %s is not between 0 and %s", s.Jitter, Brief(maxJitter))
	case s.Missed != "" && s.Missed != Once && s.Missed != Skip:
		return fmt.Errorf("missed %.20q is not %s or %s", s.Missed, Once, Skip)
	case s.Cron != "" && (s.Every != 0 || adapts):
		return errors.New("schedule leaves no room for every and adapt")
	case s.Cron == "" && s.Zone != "":
		return errors.New("timezone is for a schedule")
	}
	return nil
}

func isInterval(d time.Duration) bool { return d >= Shortest && d <= Longest }

// Next is when something is due that has just been done, at the pace p. It is a
// time of clocks on the wall, which may be set.
func (r Rule) Next(done time.Time, p Pace) time.Time {
	done = done.Round(0)
	if r.cron == nil {
		interval := r.Interval(p)
		return done.Add(interval + r.jitter(done, cmp.Or(r.spec.Jitter, interval/10))).UTC()
	}
	at := r.cron.next(done)
	if r.spec.Jitter > 0 {
		// It must not come to lie behind the time that follows.
		gap := r.cron.next(at).Sub(at)
		at = at.Add(r.jitter(at, min(r.spec.Jitter, gap/2)))
	}
	return at.UTC()
}

// jitter is a time below most that is the same for the same name and time,
// wherever it is asked: chance would have two processes tell different times.
func (r Rule) jitter(at time.Time, most time.Duration) time.Duration {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d", r.spec.Name, at.Unix())
	x := h.Sum64()
	x ^= x >> 33 // FNV alone hardly stirs the high bits of names that end alike
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return time.Duration(float64(most) * (float64(x>>11) / (1 << 53))).Truncate(time.Second)
}

// A Due says when something is to be done.
type Due struct {
	At    time.Time // zero where that was never said
	Retry bool      // because it failed
	Pace  Pace
	// Since is when somebody came to do it who has been there ever since: what was
	// due earlier was missed. It is zero for long ago.
	Since time.Time
}

// Place is when something is really to be done of which d was said before. It
// sees to times that were missed while nobody was there or the machine slept,
// and to clocks that were wrong. It may lie in the past, which means now.
func (r Rule) Place(d Due, now time.Time) time.Time {
	switch {
	case d.At.IsZero() && r.cron == nil:
		return now
	case d.At.IsZero():
		return r.Next(now, d.Pace)
	case !d.At.After(now) && r.spec.Missed == Skip && d.Since.Sub(d.At) > Grace:
		return r.Next(now, d.Pace)
	case d.At.After(r.latest(now, d)):
		return r.Next(now, d.Pace)
	}
	return d.At
}

// latest is a time behind which nothing can be due that was said before now.
func (r Rule) latest(now time.Time, d Due) time.Time {
	at := r.Next(now, d.Pace).Add(r.Interval(d.Pace) / 5) // as jitter differs
	if d.Retry {
		at = later(at, now.Add(maxRetry))
	}
	return at
}

// Interval is how long it is from one time to the next at the pace p, without
// jitter; 0 with Cron.
func (r Rule) Interval(p Pace) time.Duration {
	switch {
	case r.cron != nil:
		return 0
	case r.spec.Slowest == 0:
		return r.spec.Every
	}
	return min(max(p.interval(r.spec.Every), r.spec.Fastest), r.spec.Slowest)
}

// String is the rule in words.
func (r Rule) String() string {
	s := r.spec
	var words string
	switch {
	case r.cron != nil:
		words = s.Cron
		if s.Zone != "" {
			words += " " + s.Zone
		}
	case s.Slowest != 0:
		words = "every " + Brief(s.Fastest) + " to " + Brief(s.Slowest)
	default:
		words = "every " + Brief(s.Every)
	}
	if s.Jitter != 0 {
		words += ", jitter " + Brief(s.Jitter)
	}
	if s.Missed == Skip {
		words += ", missed ones skipped"
	}
	return words
}

// Brief is a duration without the units that are zero, in days from two days on.
func Brief(d time.Duration) string {
	if d >= 48*time.Hour && d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

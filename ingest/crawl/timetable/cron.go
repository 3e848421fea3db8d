package timetable

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// cronTimes is a cron expression in a time zone. The expression is that of
// robfig/cron, which gocron builds on as well: all that is wanted of a library
// here is to read expressions and to know their times. When something is due is
// kept in the frontier, on disk; a scheduler of goroutines and timers beside it
// would be a second truth, and one that forgets. Its times are asked of the
// calendar only: how the clocks of a zone are changed is dealt with here, since
// there cron leaves out what falls into the hour that is skipped, and does twice
// what falls into the one that is repeated.
type cronTimes struct {
	text string
	spec cron.Schedule
	zone *time.Location
	// hourly says that the expression names no hours. It goes by what time has
	// passed and so heeds no change of the clocks.
	hourly bool
}

// longest bounds a cron expression, in bytes.
const longest = 200

func parseCron(text string, zone *time.Location) (*cronTimes, error) {
	switch {
	case len(text) > longest:
		return nil, fmt.Errorf("schedule of %d bytes is longer than %d", len(text), longest)
	case strings.Contains(text, "="):
		return nil, fmt.Errorf("schedule %q names a time zone; that is for timezone to say", text)
	case strings.HasPrefix(text, "@every"):
		return nil, fmt.Errorf("schedule %q is an interval; that is for every to say", text)
	}
	spec, err := cron.ParseStandard(text)
	if err != nil {
		return nil, fmt.Errorf("schedule %q: %w; it is five fields (minute, hour, day, month, weekday) or such as @daily", text, err)
	}
	fields := strings.Fields(text)
	c := &cronTimes{text: text, spec: spec, zone: zone, hourly: text == "@hourly" || len(fields) == 5 && strings.HasPrefix(fields[1], "*")}
	if c.next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return nil, fmt.Errorf("schedule %q: %w", text, errors.New("there is no such day"))
	}
	return c, nil
}

// maxChanges bounds how many changes of the clocks are looked beyond. Some zones
// have had four in a year, and an expression has a time in five years or never.
const maxChanges = 50

// next is the first time after t. What falls into the hour that is skipped when
// clocks are put forward is done right after it; what falls into the one that
// comes twice is done in the first.
func (c *cronTimes) next(t time.Time) time.Time {
	local := t.In(c.zone)
	begin, end := local.ZoneBounds()
	offset := offsetOf(local)
	wall := wallTime(local, offset)
	if !begin.IsZero() && !c.hourly {
		wall = later(wall, wallTime(begin, offsetOf(begin.Add(-time.Second).In(c.zone))).Add(-time.Second))
	}
	for range maxChanges {
		slot := c.spec.Next(wall)
		if slot.IsZero() {
			return time.Time{}
		}
		at := slot.Add(-offset)
		if end.IsZero() || at.Before(end) {
			return at
		}
		changed := end.In(c.zone)
		before := offset
		offset = offsetOf(changed)
		skipped := slot.Add(-offset).Before(end)
		if skipped && !c.hourly {
			return end.UTC()
		}
		wall = wallTime(changed, offset)
		if !c.hourly {
			wall = later(wall, wallTime(changed, before))
		}
		wall = wall.Add(-time.Second)
		_, end = changed.ZoneBounds()
	}
	return time.Time{}
}

// offsetOf is what the clocks of t's zone are ahead of UTC at that time.
func offsetOf(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}

// wallTime is what clocks show that are so much ahead of UTC, as a time of a
// calendar without changes.
func wallTime(t time.Time, offset time.Duration) time.Time { return t.UTC().Add(offset) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

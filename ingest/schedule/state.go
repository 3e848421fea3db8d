package schedule

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/crawl/timetable"
)

// A State is what is known of when a source was looked at and will be. Paused and
// Asked are what people want, the rest is what the instance that crawls has seen.
type State struct {
	Paused   time.Time      `json:"paused,omitzero"`    // since when it is; zero where it is not
	Asked    time.Time      `json:"asked,omitzero"`     // when somebody asked for a look that has not begun
	Last     time.Time      `json:"last,omitzero"`      // when the last look ended
	Answered time.Time      `json:"answered,omitzero"`  // when the last look ended that did not fail
	Changed  time.Time      `json:"changed,omitzero"`   // when the last look ended that found something
	News     int            `json:"news,omitempty"`     // addresses that the last look found
	Failures int            `json:"failures,omitempty"` // looks in a row that failed
	Reason   string         `json:"reason,omitempty"`   // of the last failure
	Next     time.Time      `json:"next,omitzero"`      // when it is due; zero where nobody has said
	Rule     string         `json:"rule,omitempty"`     // by which that was said
	Pace     timetable.Pace `json:"pace,omitzero"`      // how often it changes
}

// parseState reads a state as it is kept; nothing is one of which nothing is
// known.
func parseState(raw []byte) (st State, err error) {
	if len(raw) == 0 {
		return st, nil
	}
	if err := json.Unmarshal(raw, &st); err != nil {
		return State{}, fmt.Errorf("read a state: %w", err)
	}
	return st, nil
}

// due is when a source is due by what was said before. Since is when this process
// came, or woke, to look at it.
func (st State) due(since time.Time) timetable.Due {
	return timetable.Due{At: st.Next, Retry: st.Failures > 0, Pace: st.Pace, Since: since}
}

// place makes Next what it is to be as of now, by a rule that may be another than
// before.
func (st *State) place(r timetable.Rule, now, since time.Time) {
	if words := r.String(); st.Rule != words {
		st.Rule, st.Next = words, time.Time{}
		if !st.Last.IsZero() {
			st.Next = r.Next(st.Last, st.Pace)
		}
	}
	st.Next = r.Place(st.due(since), now)
}

// looked takes in how a look ended.
func (st *State) looked(r timetable.Rule, l crawl.Look) {
	l.Ended, l.Retry = l.Ended.Round(0), l.Retry.Round(0)
	if l.News > 0 {
		st.Changed = l.Ended
	}
	if l.Part {
		st.News += l.News
		if st.Pace.Hours > 0 {
			st.Pace = r.Learn(st.Pace, 0, l.News)
		}
		return
	}
	st.Last, st.News, st.Rule = l.Ended, l.News, r.String()
	if l.Failure != "" {
		st.Failures++
		st.Reason, st.Next = l.Failure[:min(len(l.Failure), maxReason)], l.Retry
		if st.Next.IsZero() {
			st.Next = r.Next(l.Ended, st.Pace)
		}
		return
	}
	if !st.Answered.IsZero() { // what a source names the first time says nothing of how often it changes
		st.Pace = r.Learn(st.Pace, l.Ended.Sub(st.Answered), l.News)
	}
	st.Answered, st.Failures, st.Reason = l.Ended, 0, ""
	st.Next = r.Next(l.Ended, st.Pace)
}

// maxReason bounds what is kept of a failure, in bytes.
const maxReason = 300

// An Entry is a source and its state.
type Entry struct {
	Name     string     `json:"name"`
	Outlet   string     `json:"outlet,omitempty"`
	Kind     crawl.Kind `json:"kind"`
	Place    string     `json:"place"`    // its address or file
	Schedule string     `json:"schedule"` // its rule, in words
	Why      string     `json:"why"`      // it is due when it is
	State
}

// entry is the entry of a source as of now.
func entry(s crawl.Source, r timetable.Rule, st State, now time.Time) Entry {
	missed := st.Next
	st.place(r, now, now)
	e := Entry{Name: s.Name, Outlet: s.Outlet, Kind: s.Kind, Place: s.Place(), Schedule: r.String(), State: st}
	interval := r.Interval(st.Pace)
	switch {
	case !st.Paused.IsZero():
		e.Next = time.Time{}
		e.Why = "paused since " + when(st.Paused)
	case !st.Asked.IsZero():
		e.Next = st.Asked
		e.Why = "asked for"
	case st.Failures > 0:
		e.Why = fmt.Sprintf("try %d, as the last one failed: %s", st.Failures+1, st.Reason)
	case st.Last.IsZero():
		e.Why = "never looked at"
	case st.Next.Equal(missed) && now.Sub(missed) > lateness:
		e.Why = "was due " + when(missed)
	case !missed.IsZero() && missed.Before(now) && !st.Next.Equal(missed):
		e.Why = "missed " + when(missed)
	case interval > 0 && st.Pace.Hours > 0:
		e.Why = fmt.Sprintf("%.2g new a day, so every %s", perDay(st.Pace), timetable.Brief(interval.Round(time.Minute)))
	default:
		e.Why = "as scheduled"
	}
	return e
}

// lateness is how late a look may be and nothing is said of it: others are under
// way.
const lateness = 2 * time.Minute

// perDay is how much is new in a day.
func perDay(p timetable.Pace) float64 { return math.Max(p.News, 0) / p.Hours * 24 }

func when(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

// Package schedule has a service look at its sources when their rules say so, and
// people say otherwise: it keeps what is known of each source beside the jobs, so
// that pausing one or asking for a look works from any process, and an instance
// that takes over goes on where the one before it ended. It fetches nothing; that
// is for the crawl, and when a rule has its times for its timetable to say.
//
// schedule.go is for all processes; lead.go for the one that crawls; state.go has
// what is kept, and kept.go gives it to backups.
package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/crawl/timetable"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

var (
	// ErrNoSource is wrapped by errors about a name that no source has.
	ErrNoSource = errors.New("there is no source of this name")
	// ErrPaused is wrapped by the error of RunNow for a source that is paused.
	ErrPaused = errors.New("is paused; resume it first")
)

// A Schedule is that of sources. It is safe for concurrent use.
type Schedule struct {
	notes   *jobs.Notes
	sources []crawl.Source // by name
	rules   map[string]timetable.Rule
	log     *slog.Logger
	now     func() time.Time

	mu    sync.Mutex
	known map[string]*tracked // while this process crawls
	seen  time.Time           // when it last looked at the clock
	since time.Time           // when it began to crawl, or the machine woke
	kick  chan struct{}       // there is something to keep
}

// notesName is the name of the notes that states are.
const notesName = "schedule"

// Open opens the schedule of sources that is kept beside the jobs of q.
func Open(ctx context.Context, q *jobs.Queue, sources []crawl.Source, log *slog.Logger) (*Schedule, error) {
	notes, err := q.Notes(ctx, notesName)
	if err != nil {
		return nil, err
	}
	s := &Schedule{
		notes: notes, sources: slices.Clone(sources), rules: map[string]timetable.Rule{}, log: log, now: wallClock,
		known: map[string]*tracked{}, kick: make(chan struct{}, 1),
	}
	slices.SortFunc(s.sources, func(a, b crawl.Source) int { return strings.Compare(a.Name, b.Name) })
	for _, one := range s.sources {
		if s.rules[one.Name], err = one.Rule(); err != nil {
			return nil, fmt.Errorf("schedule %s: %w", one.Name, err)
		}
	}
	return s, nil
}

// wallClock is the time as it may be set, without the stopwatch that Go adds, which
// stops while a machine sleeps.
func wallClock() time.Time { return time.Now().Round(0) }

// List returns all sources and when they are due, by name. Next is zero for those
// that are paused, and in the past for those that are due now.
func (s *Schedule) List(ctx context.Context) ([]Entry, error) {
	states, err := s.states(ctx)
	if err != nil {
		return nil, err
	}
	now := s.now()
	entries := make([]Entry, len(s.sources))
	for i, one := range s.sources {
		entries[i] = entry(one, s.rules[one.Name], states[one.Name], now)
	}
	return entries, nil
}

// states are what is kept. What cannot be read is as if it were not there: it
// costs one look.
func (s *Schedule) states(ctx context.Context) (map[string]State, error) {
	raw, err := s.notes.All(ctx)
	if err != nil {
		return nil, err
	}
	states := map[string]State{}
	for name, value := range raw {
		if states[name], err = parseState(value); err != nil {
			s.log.Warn("the state of a source is lost", "source", name, "error", err)
		}
	}
	return states, nil
}

// Pause has a source, and all that it named, left alone until Resume. It is done
// when the instance that crawls has heard of it, which takes a moment.
func (s *Schedule) Pause(ctx context.Context, name string) error {
	return s.change(ctx, name, func(st *State) error {
		if st.Paused.IsZero() {
			st.Paused, st.Asked = s.now().UTC(), time.Time{}
		}
		return nil
	})
}

// Resume ends a pause. A look that was missed meanwhile is made up for, unless
// the source's rule says to skip it.
func (s *Schedule) Resume(ctx context.Context, name string) error {
	return s.change(ctx, name, func(st *State) error {
		st.Paused = time.Time{}
		return nil
	})
}

// RunNow asks for a look at a source as soon as the last one is over. The error
// wraps [ErrPaused] where it is paused.
func (s *Schedule) RunNow(ctx context.Context, name string) error {
	return s.change(ctx, name, func(st *State) error {
		if !st.Paused.IsZero() {
			return ErrPaused
		}
		st.Asked = s.now().UTC()
		return nil
	})
}

// change changes the state of a source as people want it.
func (s *Schedule) change(ctx context.Context, name string, how func(*State) error) error {
	if _, ok := s.rules[name]; !ok {
		return fmt.Errorf("source %.60q: %w", name, ErrNoSource)
	}
	return s.keep(ctx, name, func(st *State) error {
		if err := how(st); err != nil {
			return fmt.Errorf("source %s: %w", name, err)
		}
		return nil
	})
}

// keep changes what is kept of a source.
func (s *Schedule) keep(ctx context.Context, name string, how func(*State) error) error {
	return s.notes.Change(ctx, name, func(raw []byte) ([]byte, error) {
		st, err := parseState(raw)
		if err != nil {
			s.log.Warn("the state of a source is lost", "source", name, "error", err)
		}
		if err := how(&st); err != nil {
			return nil, err
		}
		return json.Marshal(st)
	})
}

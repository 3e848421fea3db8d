package schedule

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"github.com/breachgraph/breachgraph/ingest/crawl"
	"github.com/breachgraph/breachgraph/ingest/crawl/timetable"
	"github.com/breachgraph/breachgraph/ingest/jobs"
)

const (
	// settleEvery is how often it is seen whether the clock was set, or the
	// machine slept.
	settleEvery = time.Minute
	// lastWord is how long the last states may take to be kept.
	lastWord = 5 * time.Second
)

// tracked is a source as the process that crawls knows it.
type tracked struct {
	State
	served time.Time // which Asked has been heeded
	dirty  bool      // it differs from what is kept
}

// Crawler is what of a [crawl.Crawler] is needed here.
type Crawler interface {
	Look(source string, at time.Time) error
	Pause(source string)
	Resume(source string)
	Run(context.Context) iter.Seq2[crawl.Event, error]
}

// Timing is what the plan of the crawl must have that is given to Run.
func (s *Schedule) Timing() *crawl.Timing {
	return &crawl.Timing{Admit: s.admit, Looked: s.looked}
}

// Run runs a crawl by the schedule, as its own Run does. Only one process may do
// so at a time, which [jobs.Queue.Lead] sees to.
func (s *Schedule) Run(ctx context.Context, c Crawler) iter.Seq2[crawl.Event, error] {
	return func(yield func(crawl.Event, error) bool) {
		if err := s.begin(ctx, c); err != nil {
			yield(crawl.Event{}, err)
			return
		}
		ctx, stop := context.WithCancel(ctx)
		var following sync.WaitGroup
		defer following.Wait()
		defer stop()
		following.Go(func() { s.follow(ctx, c) })
		for e, err := range c.Run(ctx) {
			if !yield(e, err) {
				return
			}
		}
	}
}

// begin has the crawl know when each source is due.
func (s *Schedule) begin(ctx context.Context, c Crawler) error {
	states, err := s.states(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.seen, s.since = now, now
	for _, one := range s.sources {
		t := &tracked{State: states[one.Name]}
		s.known[one.Name] = t
		if !t.Paused.IsZero() {
			c.Pause(one.Name)
		}
		t.place(s.rules[one.Name], now, now)
		t.dirty = t.State != states[one.Name]
		if err := c.Look(one.Name, t.at(now)); err != nil {
			return err
		}
	}
	return nil
}

// at is when the crawl is to look at a source.
func (t *tracked) at(now time.Time) time.Time {
	switch {
	case !t.Paused.IsZero():
		return time.Time{}
	case !t.Asked.IsZero():
		return now
	}
	return t.Next
}

// admit implements [crawl.Timing].
func (s *Schedule) admit(name string, due, now time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	now = now.Round(0)
	t, ok := s.known[name]
	switch {
	case !ok:
		return due
	case !t.Paused.IsZero():
		return time.Time{}
	case !t.Asked.IsZero():
		t.served, t.Asked = t.Asked, time.Time{}
		s.changed(t)
		return now
	}
	s.wake(now)
	d := t.due(s.since)
	d.At = due
	at := s.rules[name].Place(d, now)
	if at.After(now) && !at.Equal(t.Next) {
		t.Next = at
		s.changed(t)
	}
	return at
}

// looked implements [crawl.Timing].
func (s *Schedule) looked(l crawl.Look) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.known[l.Source]
	if !ok {
		return time.Time{}
	}
	t.looked(s.rules[l.Source], l)
	s.changed(t)
	return t.at(l.Ended)
}

// changed has a state kept soon.
func (s *Schedule) changed(t *tracked) {
	t.dirty = true
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

// follow keeps what the crawl sees, and heeds what people want, until ctx ends.
func (s *Schedule) follow(ctx context.Context, c Crawler) {
	tick := time.NewTicker(settleEvery)
	defer tick.Stop()
	wanted := make(chan jobs.Note)
	var watching sync.WaitGroup
	defer watching.Wait()
	watching.Go(func() { s.watch(ctx, wanted) })
	s.flush(ctx)
	for {
		select {
		case n := <-wanted:
			s.heed(n, c)
		case <-s.kick:
			s.flush(ctx)
		case <-tick.C:
			s.settle(c)
			s.flush(ctx)
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), jobs.ErrLostLease) {
				return // another process knows better by now
			}
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWord)
			defer cancel()
			s.flush(end)
			return
		}
	}
}

// watch gives what is kept whenever it changes.
func (s *Schedule) watch(ctx context.Context, out chan<- jobs.Note) {
	for ctx.Err() == nil {
		for n, err := range s.notes.Watch(ctx) {
			if err != nil {
				s.log.Warn("cannot see what is wanted of sources, will try again", "error", err)
				break
			}
			select {
			case out <- n:
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-time.After(settleEvery / 4):
		case <-ctx.Done():
		}
	}
}

// heed has the crawl do what people want of a source.
func (s *Schedule) heed(n jobs.Note, c Crawler) {
	want, err := parseState(n.Value)
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.known[n.Key]
	if err != nil || !ok {
		return
	}
	now := s.now()
	asked := !want.Asked.IsZero() && !want.Asked.Equal(t.served) && !want.Asked.Equal(t.Asked)
	paused, resumed := t.Paused.IsZero() && !want.Paused.IsZero(), !t.Paused.IsZero() && want.Paused.IsZero()
	t.Paused = want.Paused
	switch {
	case paused:
		t.Asked = time.Time{}
		c.Pause(n.Key)
		s.log.Info("source paused", "source", n.Key)
	case resumed:
		t.place(s.rules[n.Key], now, now)
		c.Resume(n.Key)
		s.log.Info("source resumed", "source", n.Key)
	}
	if asked {
		t.Asked = want.Asked
		s.log.Info("a look was asked for", "source", n.Key)
	}
	if paused || resumed || asked {
		s.say(n.Key, t.at(now), c)
	}
}

// say tells the crawl when a source is due.
func (s *Schedule) say(name string, at time.Time, c Crawler) {
	if err := c.Look(name, at); err != nil {
		s.log.Error("cannot have a source looked at", "source", name, "error", err)
	}
}

// wake sees whether the machine slept, or the clock was set forward: nobody was
// there then.
func (s *Schedule) wake(now time.Time) {
	if now.Sub(s.seen) > timetable.Grace {
		s.seen, s.since = now, now
	}
}

// settle looks at all times anew: the clock may have been set since.
func (s *Schedule) settle(c Crawler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.wake(now)
	s.seen = now
	for name, t := range s.known {
		before := t.Next
		t.place(s.rules[name], now, s.since)
		if !t.Next.Equal(before) && t.Paused.IsZero() && t.Asked.IsZero() {
			s.say(name, t.Next, c)
		}
		t.dirty = t.dirty || !t.Next.Equal(before)
	}
}

// flush keeps what has changed.
func (s *Schedule) flush(ctx context.Context) {
	for _, one := range s.sources {
		s.mu.Lock()
		t := s.known[one.Name]
		seen, served, dirty := t.State, t.served, t.dirty
		t.dirty = false
		s.mu.Unlock()
		if !dirty {
			continue
		}
		err := s.keep(ctx, one.Name, func(st *State) error {
			seen.Paused, seen.Asked = st.Paused, st.Asked
			if seen.Asked.Equal(served) {
				seen.Asked = time.Time{}
			}
			*st = seen
			return nil
		})
		if err == nil {
			continue
		}
		s.mu.Lock()
		t.dirty = true // until the next tick
		s.mu.Unlock()
		if ctx.Err() == nil {
			s.log.Warn("cannot keep the state of a source, will try again", "source", one.Name, "error", err)
		}
		return
	}
}

package crawl

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	defaultDelay = 2 * time.Second
	// maxCrawlDelay bounds what a robots.txt may ask for: a site that wants an
	// hour between pages is read at this pace.
	maxCrawlDelay = time.Minute
	// maxRetryAfter bounds what a server may ask for.
	maxRetryAfter = 24 * time.Hour
	// A host that fails is left alone for firstBackoff, then for twice as long
	// each time, up to maxBackoff.
	firstBackoff = 30 * time.Second
	maxBackoff   = 24 * time.Hour
)

// A clock tells the time and waits; tests have their own.
type clock struct {
	now   func() time.Time
	timer func(time.Duration) (at <-chan time.Time, stop func() bool)
}

// wallClock is the time of the machine.
func wallClock() clock {
	return clock{now: time.Now, timer: func(d time.Duration) (<-chan time.Time, func() bool) {
		t := time.NewTimer(d)
		return t.C, t.Stop
	}}
}

func (c clock) sleep(ctx context.Context, d time.Duration) error {
	at, stop := c.timer(d)
	defer stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-at:
		return nil
	}
}

// A Politeness bounds what a crawl asks of one host. The zero value asks for one
// page every two seconds, one at a time.
type Politeness struct {
	Delay    time.Duration // least time between two requests; 0 means two seconds, less than 0 none
	Parallel int           // requests in flight at once; 0 means one
}

// A lane is the way to one host. Whoever asks it waits in the lane until it is
// polite to ask, and holds it no longer than the answer takes.
type lane struct {
	clock clock
	slots chan int // numbers of those that may be in flight, and are not

	mu     sync.Mutex
	delay  time.Duration // between the end of a request and the next one
	crawl  time.Duration // the same, as robots.txt asks for
	next   time.Time     // not before this
	failed int           // requests in a row that the host failed at

	name string
	get  func(context.Context, Request) (*Capture, error)

	asking sync.Mutex          // for its robots.txt
	rules  map[string]*verdict // of its robots.txt, by scheme
}

func newLane(name string, p Politeness, clock clock, get func(context.Context, Request) (*Capture, error)) *lane {
	switch {
	case p.Delay == 0:
		p.Delay = defaultDelay
	case p.Delay < 0:
		p.Delay = 0
	}
	l := &lane{clock: clock, slots: make(chan int, max(p.Parallel, 1)), delay: p.Delay, name: name, get: get, rules: map[string]*verdict{}}
	for n := range cap(l.slots) {
		l.slots <- n
	}
	return l
}

// pause is the time between two requests.
func (l *lane) pause() time.Duration { return max(l.delay, l.crawl) }

// rests is the same, for who does not hold the lane.
func (l *lane) rests() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pause()
}

// ready is when the host may be asked again.
func (l *lane) ready() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.next
}

// obey takes the delay that robots.txt asks for, beginning with the page that is
// asked for behind it.
func (l *lane) obey(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.pause()
	l.crawl = min(d, maxCrawlDelay)
	if more := l.pause() - before; more > 0 && !l.next.IsZero() {
		l.next = l.next.Add(more)
	}
}

// errLate is wrapped by the error of a request that could not be made in the time
// that there was for it.
var errLate = fmt.Errorf("the host could not be asked in time: %w", context.DeadlineExceeded)

// ask makes a request as soon as that is polite.
func (l *lane) ask(ctx context.Context, r Request) (*Capture, error) {
	late, stop := l.late(r.until)
	defer stop()
	select {
	case slot := <-l.slots:
		defer func() { l.slots <- slot }()
		r.Lane = l.name + "#" + strconv.Itoa(slot)
	case <-late:
		return nil, errLate
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	for {
		wait, err := l.reserve(r.until)
		if err != nil {
			return nil, err
		}
		if wait <= 0 {
			break
		}
		if err := l.clock.sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
	r.Pause = l.rests()
	c, err := l.get(ctx, r)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return nil, cause
	}
	l.answered()
	return c, err
}

// late tells when until has come; never where it is zero.
func (l *lane) late(until time.Time) (at <-chan time.Time, stop func() bool) {
	if until.IsZero() {
		return nil, func() bool { return true }
	}
	return l.clock.timer(until.Sub(l.clock.now()))
}

// reserve takes the next moment at which the host may be asked, if that is now,
// and else says how long to wait. The error is errLate where it is after until.
func (l *lane) reserve(until time.Time) (time.Duration, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.now()
	wait := max(l.next.Sub(now), 0)
	if !until.IsZero() && now.Add(wait).After(until) {
		return 0, errLate
	}
	if wait == 0 {
		l.next = now.Add(l.pause())
	}
	return wait, nil
}

// answered counts the delay from the end of a request: a server that needs long
// for a page is given as long to rest.
func (l *lane) answered() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at := l.clock.now().Add(l.pause()); at.After(l.next) {
		l.next = at
	}
}

// rest leaves the host alone: for as long as it says, or else for longer after
// each failure. It returns how many there were and until when that is.
func (l *lane) rest(after time.Duration) (failures int, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed++
	wait := max(after, l.pause())
	if after == 0 {
		wait = max(wait, backoff(l.failed, rand.Float64()))
	}
	if until := l.clock.now().Add(wait); until.After(l.next) {
		l.next = until
	}
	return l.failed, l.next
}

// recover says that the host answers, and returns whether it had failed.
func (l *lane) recover() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	had := l.failed > 0
	l.failed = 0
	return had
}

// backoff is how long to leave a host alone after so many failures in a row.
// The jitter, 0 to 1, parts hosts that failed together.
func backoff(failures int, jitter float64) time.Duration {
	wait := firstBackoff << min(max(failures-1, 0), 20)
	return time.Duration(float64(min(wait, maxBackoff)) * (0.75 + jitter/2))
}

// retryAfter reads the header of that name: seconds, or a date. 0 stands for
// none that can be understood.
func retryAfter(value string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}

package jobs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// maxFailures is how often a job fails before it is a dead letter.
	maxFailures = 6
	// maxDeliveries is how often a job may end with its worker, killed by it or
	// by chance, before it is one too.
	maxDeliveries = 40
	firstDelay    = 2 * time.Second
	maxDelay      = 10 * time.Minute
	// signsOfLife is how often a worker says that it is still at a job in the
	// time for which that is held.
	signsOfLife = 3
	// lastWord is how long the end of a job may take after the worker was told
	// to stop.
	lastWord = 5 * time.Second
)

// A Job is something to do. It may come again, after a failure or when its
// worker died before the acknowledgement: doing it twice has to be harmless.
type Job struct {
	Stage Stage
	ID    string
	Again int // how often it was given to a worker before
	Data  []byte

	key string // by which the server knows it
}

// A permanent error will not go away by trying again.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent marks err as one that no other try will mend: the job becomes a
// dead letter at once.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanent{err}
}

// Work does jobs of a stage, at most parallel at a time, until ctx ends; then it
// waits for those it has begun. A job is over for good when do returns nil. After
// an error it is tried again, later each time, and at last it is a dead letter
// with the error as its reason. do should wait by itself for what is not the
// job's fault, such as a database that is down: a job may take as long as it
// needs.
func (q *Queue) Work(ctx context.Context, stage Stage, parallel int, do func(context.Context, Job) error) error {
	var busy sync.WaitGroup
	defer busy.Wait()
	free := make(chan struct{}, parallel)
	begin := func(m jetstream.Msg) {
		busy.Go(func() {
			defer func() { <-free }()
			q.handle(ctx, stage, m, do)
		})
	}
	for {
		err := q.take(ctx, stage, free, begin)
		if ctx.Err() != nil {
			return nil
		}
		if !passes(err) && !isLost(err) {
			return fmt.Errorf("work at %s: %w", stage, err)
		}
		q.log.Debug("wait for jobs", "stage", stage, "error", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(roomWait):
		}
	}
}

// askFor is how long a worker waits for a job before it asks anew.
const askFor = 5 * time.Second

// take hands jobs to begin, each when there is room in free, until that cannot
// go on.
func (q *Queue) take(ctx context.Context, stage Stage, free chan struct{}, begin func(jetstream.Msg)) error {
	consumer, err := q.js.CreateOrUpdateConsumer(ctx, stage.stream(), jetstream.ConsumerConfig{
		Durable: string(stage), AckPolicy: jetstream.AckExplicitPolicy, AckWait: q.heldFor, MaxDeliver: -1, MaxAckPending: q.maxWaiting,
	})
	if err != nil {
		return err
	}
	for {
		select {
		case free <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		m, err := next(ctx, consumer)
		switch {
		case m == nil:
			<-free
		case ctx.Err() != nil:
			<-free
			q.report(m, "give back", m.Nak())
		default:
			begin(m)
		}
		if err != nil {
			return err
		}
	}
}

// next asks for one job, and is without any if none comes for a while. Each is
// asked for when there is somebody to do it: what is handed out and lies about
// would be taken for abandoned. The library's iterator, told to hold no more than
// one, may miss to ask at all: if a job comes before the sending of the request
// for it has returned, it takes that request for the next one, until a heartbeat
// is missed.
func next(ctx context.Context, consumer jetstream.Consumer) (jetstream.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	m, err := consumer.Next(jetstream.FetchContext(ctx))
	if ctx.Err() != nil || errors.Is(err, nats.ErrTimeout) {
		err = nil
	}
	return m, err
}

// isLost reports whether err means that a consumer is gone, which it may be after
// its server was killed.
func isLost(err error) bool {
	return errors.Is(err, jetstream.ErrConsumerDeleted) || errors.Is(err, jetstream.ErrConsumerNotFound) ||
		errors.Is(err, jetstream.ErrConsumerDoesNotExist)
}

// handle does one job and says how it went.
func (q *Queue) handle(ctx context.Context, stage Stage, m jetstream.Msg, do func(context.Context, Job) error) {
	meta, err := m.Metadata()
	if err != nil {
		q.report(m, "read", err)
		return
	}
	work, end := q.hold(ctx, m)
	id := m.Headers().Get(headerID)
	switch {
	case meta.NumDelivered > maxDeliveries:
		err = Permanent(fmt.Errorf("%d workers ended while they were at it", meta.NumDelivered-1))
	default:
		var data []byte
		if data, err = q.data(work, m.Headers(), m.Data()); err == nil {
			err = attempt(work, Job{stage, id, int(meta.NumDelivered) - 1, data, m.Headers().Get(jetstream.MsgIDHeader)}, do)
		}
	}
	cut := context.Cause(work)
	end()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWord)
	defer cancel()
	switch {
	case err == nil:
		q.done(last, stage, m)
	case errors.Is(err, errNoParcel):
		// A parcel goes after the acknowledgement, so that was given, and lost by
		// a server that was killed.
		q.log.Warn("a job comes again that was done", "stage", stage, "job", id)
		q.done(last, stage, m)
	case cut != nil && errors.Is(err, cut):
		q.report(m, "give back", m.Nak())
	default:
		q.failed(last, stage, m, err)
	}
}

// attempt does a job. A panic is an error of this job and not the end of all.
func attempt(ctx context.Context, j Job, do func(context.Context, Job) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = Permanent(fmt.Errorf("panic: %v", r))
		}
	}()
	return do(ctx, j)
}

// errCut ends a job that may have been given to another worker.
var errCut = errors.New("cut off from the job queue")

// hold says that somebody is at m, until end is called. The context that it
// returns ends where that could not be said for so long that another worker will
// soon be given m.
func (q *Queue) hold(ctx context.Context, m jetstream.Msg) (work context.Context, end func()) {
	work, cancel := context.WithCancelCause(ctx)
	go func() {
		tick := time.NewTicker(q.heldFor / signsOfLife)
		defer tick.Stop()
		said := time.Now()
		for {
			select {
			case <-work.Done():
				return
			case <-tick.C:
			}
			if q.conn.IsConnected() {
				said = time.Now()
				q.report(m, "hold", m.InProgress())
			} else if time.Since(said) > q.heldFor/signsOfLife {
				cancel(errCut)
			}
		}
	}()
	return work, func() { cancel(nil) }
}

func (q *Queue) done(ctx context.Context, stage Stage, m jetstream.Msg) {
	if err := m.DoubleAck(ctx); err != nil {
		q.report(m, "acknowledge", err) // it comes again, which is harmless
		return
	}
	q.dropParcel(ctx, m.Headers())
	if meta, err := m.Metadata(); err == nil && meta.NumDelivered > 1 { // or it cannot have failed before
		q.forget(ctx, stage, m)
	}
}

// failed has m tried again later, or makes it a dead letter.
func (q *Queue) failed(ctx context.Context, stage Stage, m jetstream.Msg, cause error) {
	failures := q.countFailure(ctx, stage, m)
	if failures < maxFailures && !errors.As(cause, new(permanent)) {
		q.log.Info("job failed, will be tried again", "stage", stage, "job", m.Headers().Get(headerID), "failures", failures, "error", cause)
		q.report(m, "put back", m.NakWithDelay(q.delay(failures)))
		return
	}
	q.log.Warn("job failed for good", "stage", stage, "job", m.Headers().Get(headerID), "failures", failures, "error", cause)
	if err := q.bury(ctx, stage, m, failures, cause); err != nil {
		q.report(m, "bury", err) // it comes again, and fails again
		return
	}
	q.report(m, "bury", m.DoubleAck(ctx))
	q.forget(ctx, stage, m)
}

// delay is the time until the next try after a number of failures: twice as
// long each time, and some chance in it so that jobs that failed together do not
// come back together.
func (q *Queue) delay(failures int) time.Duration {
	d := min(q.firstDelay<<min(failures-1, 20), maxDelay)
	return d/2 + rand.N(d/2+1)
}

func failureKey(stage Stage, m jetstream.Msg) string {
	return string(stage) + "." + hash(m.Headers().Get(headerID))
}

// countFailure counts failures apart from deliveries, which also count those
// that were cut off.
func (q *Queue) countFailure(ctx context.Context, stage Stage, m jetstream.Msg) int {
	n := 1
	if e, err := q.fails.Get(ctx, failureKey(stage, m)); err == nil {
		before, _ := strconv.Atoi(string(e.Value()))
		n += before
	}
	if _, err := q.fails.PutString(ctx, failureKey(stage, m), strconv.Itoa(n)); err != nil {
		q.report(m, "count the failure of", err)
	}
	return n
}

func (q *Queue) forget(ctx context.Context, stage Stage, m jetstream.Msg) {
	if err := q.fails.Purge(ctx, failureKey(stage, m)); err != nil {
		q.log.Debug("forget failures", "error", err)
	}
}

func (q *Queue) report(m jetstream.Msg, what string, err error) {
	if err != nil {
		q.log.Warn("could not "+what+" a job; it will come again", "job", m.Headers().Get(headerID), "error", err)
	}
}

package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// pauseFor is how long a pause outlives who asked for it.
	pauseFor = time.Minute
	// restTime is how long workers may take to finish what they are at.
	restTime = 3 * time.Minute
	// soon is when work goes on after a pause. A server of NATS 2.15 tells its
	// workers where a pause runs out, and not where it is called off.
	soon = 100 * time.Millisecond
)

var (
	// ErrBusy means that workers did not come to rest.
	ErrBusy = errors.New("jobs are still being done; try again, or stop the workers")
	// ErrPauseLost means that work went on during a pause.
	ErrPauseLost = errors.New("somebody has ended the pause; try again")
)

// Pause has no worker, in whatever process, do jobs of a stage until resume is
// called. When Pause returns, none is being done. The error of resume wraps
// [ErrPauseLost] where some may have been done after all.
func (q *Queue) Pause(ctx context.Context, stage Stage) (resume func() error, err error) {
	p := &pause{Queue: q, stage: stage}
	err = p.begin(ctx)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return func() error { return nil }, nil // nobody has ever worked at it
	}
	if err != nil {
		return nil, fmt.Errorf("pause %s: %w", stage, err)
	}
	held, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- p.hold(held) }()
	resume = func() error {
		stop()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWord)
		defer cancel()
		err := errors.Join(<-ended, p.lost(end))
		if _, endErr := p.stream.PauseConsumer(end, string(stage), time.Now().Add(soon)); endErr != nil {
			q.log.Warn("could not end a pause; it ends by itself", "stage", stage, "in", pauseFor, "error", endErr)
		}
		if err != nil {
			return fmt.Errorf("pause %s: %w", stage, err)
		}
		return nil
	}
	if err := q.rested(ctx, stage); err != nil {
		return nil, errors.Join(fmt.Errorf("pause %s: %w", stage, err), resume())
	}
	return resume, nil
}

// A pause is one that is held.
type pause struct {
	*Queue
	stage  Stage
	stream jetstream.Stream
}

func (p *pause) begin(ctx context.Context) (err error) {
	if p.stream, err = p.js.Stream(ctx, p.stage.stream()); err != nil {
		return err
	}
	return p.extend(ctx)
}

func (p *pause) extend(ctx context.Context) error {
	answer, err := p.stream.PauseConsumer(ctx, string(p.stage), time.Now().Add(pauseFor))
	if err == nil && !answer.Paused {
		err = errors.New("the NATS server does not pause; it takes 2.11 or later")
	}
	return err
}

// lost is [ErrPauseLost] where work goes on.
func (p *pause) lost(ctx context.Context) error {
	c, err := p.stream.Consumer(ctx, string(p.stage))
	if err == nil && !c.CachedInfo().Paused {
		err = ErrPauseLost
	}
	return err
}

// hold extends the pause again and again, until ctx ends or it is lost.
func (p *pause) hold(ctx context.Context) error {
	tick := time.NewTicker(pauseFor / 6)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := p.lost(ctx)
		if errors.Is(err, ErrPauseLost) {
			return err
		}
		if err == nil {
			err = p.extend(ctx)
		}
		if err != nil && ctx.Err() == nil {
			p.log.Debug("hold a pause", "stage", p.stage, "error", err)
		}
	}
}

// rested waits until nobody is at a job of a stage.
func (q *Queue) rested(ctx context.Context, stage Stage) error {
	ctx, cancel := context.WithTimeoutCause(ctx, restTime, ErrBusy)
	defer cancel()
	for {
		depths, err := q.Depths(ctx)
		if err == nil && depths[stage].Held == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-time.After(roomWait):
		}
	}
}

package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// ErrLostLease is the cause for which the context of a leader ends when another
// process may have taken over.
var ErrLostLease = errors.New("lost the lease")

// Lead runs do in at most one of the processes that share the queue and call
// Lead with the same name: in the first, and when that is gone in another one.
// The context of do ends when the lease is lost, with [ErrLostLease] as its
// cause; Lead then applies for it again. It returns what do returns otherwise, or
// nil when ctx ends before this process has led.
func (q *Queue) Lead(ctx context.Context, name, holder string, do func(context.Context) error) error {
	for {
		revision, err := q.leases.Create(ctx, name, []byte(holder))
		if err == nil {
			err = q.lead(ctx, name, holder, revision, do)
			if ctx.Err() != nil || !errors.Is(err, ErrLostLease) {
				return err
			}
			q.log.Warn("another instance may lead now", "name", name, "error", err)
		} else if !errors.Is(err, jetstream.ErrKeyExists) {
			q.log.Debug("apply for the lease", "name", name, "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(leaseFor / 5):
		}
	}
}

// lead renews the lease while do runs.
func (q *Queue) lead(ctx context.Context, name, holder string, revision uint64, do func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended := make(chan error, 1)
	go func() { ended <- do(ctx) }()
	tick := time.NewTicker(leaseFor / 5)
	defer tick.Stop()
	renewed := time.Now()
	for {
		select {
		case err := <-ended:
			if revision != 0 {
				end, stop := context.WithTimeout(context.WithoutCancel(ctx), lastWord)
				defer stop()
				if err := q.leases.Delete(end, name, jetstream.LastRevision(revision)); err != nil {
					q.log.Debug("give the lease back", "name", name, "error", err)
				}
			}
			if lost := context.Cause(ctx); errors.Is(lost, ErrLostLease) {
				return lost
			}
			return err
		case <-tick.C:
		}
		next, err := q.renew(ctx, name, holder, revision)
		switch {
		case err == nil:
			revision, renewed = next, time.Now()
		case revision != 0 && time.Since(renewed) > leaseFor*3/5:
			// It is over before anybody else can have it.
			revision = 0
			cancel(fmt.Errorf("%w %s: %w", ErrLostLease, name, err))
		}
	}
}

func (q *Queue) renew(ctx context.Context, name, holder string, revision uint64) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, leaseFor/5)
	defer cancel()
	return q.leases.Update(ctx, name, []byte(holder), revision)
}

// Leader is who holds the lease of name; empty for nobody.
func (q *Queue) Leader(ctx context.Context, name string) (string, error) {
	e, err := q.leases.Get(ctx, name)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look who leads %s: %w", name, err)
	}
	return string(e.Value()), nil
}

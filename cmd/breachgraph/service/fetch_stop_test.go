package service

import (
	"context"
	"errors"
	"testing"

	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// What was begun is finished when the process stops, and cut off where the job
// may be another worker's.
func TestFinishing(t *testing.T) {
	errLost := errors.New("lost")
	for _, stopped := range []bool{true, false} {
		whole, stop := context.WithCancel(t.Context())
		job, lose := context.WithCancelCause(whole)
		do := finishing(whole, func(ctx context.Context, _ jobs.Job) error {
			if stopped {
				stop()
				<-job.Done()
				return ctx.Err() // that goes on
			}
			lose(errLost)
			<-ctx.Done()
			return context.Cause(ctx)
		})
		err := do(job, jobs.Job{})
		if stopped && err != nil || !stopped && !errors.Is(err, errLost) {
			t.Errorf("stopped %v: %v", stopped, err)
		}
		stop()
		lose(nil)
	}
}

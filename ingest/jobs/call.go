package jobs

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
)

// ErrNobody means that no process answers to a name.
var ErrNobody = errors.New("no process answers")

// headerFailed says why a call came to nothing.
const headerFailed = "Job-Reason"

// Serve answers the calls of other processes for a name with what do returns,
// until stop is called.
func (q *Queue) Serve(ctx context.Context, name string, do func(context.Context) ([]byte, error)) (stop func(), err error) {
	s, err := q.conn.Subscribe(prefix+".call."+name, func(m *nats.Msg) {
		answer := nats.NewMsg(m.Reply)
		data, err := do(ctx)
		if answer.Data = data; err != nil {
			answer.Header.Set(headerFailed, oneLine(err.Error()))
		}
		if err := m.RespondMsg(answer); err != nil {
			q.log.Warn("could not answer a call", "name", name, "error", err)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("answer to %s: %w", name, err)
	}
	return func() {
		if err := s.Unsubscribe(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
			q.log.Debug("answer no more", "name", name, "error", err)
		}
	}, nil
}

// Call asks the process that serves a name, as long as ctx lasts, which should end:
// a process that ends meanwhile gives no answer. The error wraps [ErrNobody] where
// there is none.
func (q *Queue) Call(ctx context.Context, name string) ([]byte, error) {
	m, err := q.conn.RequestWithContext(ctx, prefix+".call."+name, nil)
	if errors.Is(err, nats.ErrNoResponders) {
		err = ErrNobody
	}
	if err == nil && m.Header.Get(headerFailed) != "" {
		err = errors.New(m.Header.Get(headerFailed))
	}
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", name, err)
	}
	return m.Data, nil
}

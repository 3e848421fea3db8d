package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

// ErrNobody means that no process answers to a name.
var ErrNobody = errors.New("no process answers")

// Headers of calls and their answers.
const (
	headerWithin = "Job-Within" // how long the caller waits
	headerFailed = "Job-Failed" // why a call came to nothing
	headerMore   = "Job-More"   // another piece follows
)

// A Call is what a process is asked.
type Call struct {
	Data   []byte        // at most 256 KiB
	Within time.Duration // how long its caller still waits; 0 as long as it takes
}

// Serve answers the calls of other processes for a name with what do returns, at
// most parallel at a time, until ctx ends or stop is called. Then the context of do
// ends, and stop waits for it. Of several processes that serve a name one answers.
func (q *Queue) Serve(ctx context.Context, name string, parallel int, do func(context.Context, Call) ([]byte, error)) (stop func(), err error) {
	ctx, cancel := context.WithCancel(ctx)
	free := make(chan struct{}, parallel)
	s, err := q.conn.QueueSubscribe(prefix+".call."+name, prefix, func(m *nats.Msg) {
		select {
		case free <- struct{}{}:
		case <-ctx.Done():
			q.reply(m, nil, ErrNobody)
			return
		}
		go func() {
			defer func() { <-free }()
			within, _ := time.ParseDuration(m.Header.Get(headerWithin)) // 0 where there is none
			data, err := do(ctx, Call{m.Data, within})
			if ctx.Err() != nil {
				err = ErrNobody // the next to serve may know
			}
			q.reply(m, data, err)
		}()
	})
	if err != nil {
		cancel()
		return nil, fmt.Errorf("answer to %s: %w", name, err)
	}
	context.AfterFunc(ctx, func() {
		if err := s.Unsubscribe(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
			q.log.Debug("answer no more", "name", name, "error", err)
		}
	})
	return func() {
		cancel()
		for range parallel {
			free <- struct{}{}
		}
	}, nil
}

// reply answers a call, in pieces that any server takes.
func (q *Queue) reply(call *nats.Msg, data []byte, failure error) {
	if failure != nil {
		data = nil
	}
	for {
		piece := nats.NewMsg(call.Reply)
		n := min(len(data), maxParcel)
		piece.Data, data = data[:n], data[n:]
		if failure != nil {
			piece.Header.Set(headerFailed, oneLine(failure.Error()))
		}
		if len(data) > 0 {
			piece.Header.Set(headerMore, "1")
		}
		if err := q.conn.PublishMsg(piece); err != nil {
			q.log.Warn("could not answer a call", "subject", call.Subject, "error", err)
			return
		}
		if len(data) == 0 {
			return
		}
	}
}

// Call asks the process that serves a name, as long as ctx lasts, which should end:
// a process that is killed meanwhile gives no answer. The error wraps [ErrNobody]
// where there is none, or where it stopped.
func (q *Queue) Call(ctx context.Context, name string, data []byte) ([]byte, error) {
	answer, err := q.call(ctx, name, data)
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", name, err)
	}
	return answer, nil
}

func (q *Queue) call(ctx context.Context, name string, data []byte) (answer []byte, err error) {
	m := nats.NewMsg(prefix + ".call." + name)
	m.Data, m.Reply = data, q.conn.NewInbox()
	if end, ok := ctx.Deadline(); ok {
		m.Header.Set(headerWithin, time.Until(end).String())
	}
	pieces, err := q.conn.SubscribeSync(m.Reply)
	if err != nil {
		return nil, err
	}
	defer func() { _ = pieces.Unsubscribe() }() // fails only where the connection is closed
	if err := q.conn.PublishMsg(m); err != nil {
		return nil, err
	}
	for more := true; more; {
		piece, err := pieces.NextMsgWithContext(ctx)
		if errors.Is(err, nats.ErrNoResponders) {
			err = ErrNobody
		}
		if err != nil {
			return nil, err
		}
		switch failure := piece.Header.Get(headerFailed); {
		case failure == ErrNobody.Error():
			return nil, ErrNobody
		case failure != "":
			return nil, errors.New(failure)
		case len(answer)+len(piece.Data) > maxData:
			return nil, fmt.Errorf("the answer is larger than %d bytes", maxData)
		}
		answer = append(answer, piece.Data...)
		more = piece.Header.Get(headerMore) != ""
	}
	return answer, nil
}

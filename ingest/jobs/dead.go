package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	headerReason   = "Job-Reason"
	headerFailures = "Job-Failures"
	headerFirst    = "Job-Added"
	headerSubject  = "Job-Subject"
	maxReason      = 2000 // bytes
)

// ErrNoLetter means that no dead letter has the number that was asked for.
var ErrNoLetter = errors.New("no such dead letter")

// A DeadLetter is a job that could not be done.
type DeadLetter struct {
	Number   uint64 // by which it is named
	Stage    Stage
	ID       string
	Reason   string
	Failures int       // tries that failed
	Added    time.Time // to the stage
	Died     time.Time
}

// bury puts m among the dead letters.
func (q *Queue) bury(ctx context.Context, stage Stage, m jetstream.Msg, failures int, cause error) error {
	letter := nats.NewMsg(stage.dead())
	letter.Data = m.Data()
	for _, h := range []string{headerID, headerParcel} {
		if v := m.Headers().Get(h); v != "" {
			letter.Header.Set(h, v)
		}
	}
	letter.Header.Set(headerSubject, m.Subject())
	letter.Header.Set(headerReason, oneLine(cause.Error()))
	letter.Header.Set(headerFailures, strconv.Itoa(failures))
	id := ""
	if meta, err := m.Metadata(); err == nil {
		letter.Header.Set(headerFirst, meta.Timestamp.UTC().Format(time.RFC3339))
		id = strconv.FormatUint(meta.Sequence.Stream, 10)
	}
	_, err := q.js.PublishMsg(ctx, letter, jetstream.WithMsgID("dead-"+string(stage)+"-"+id))
	return err
}

// oneLine makes a value of a header of s.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	return strings.ToValidUTF8(s[:min(len(s), maxReason)], "")
}

// DeadLetters yields the dead letters, the oldest first.
func (q *Queue) DeadLetters(ctx context.Context) iter.Seq2[DeadLetter, error] {
	return func(yield func(DeadLetter, error) bool) {
		stream, err := q.js.Stream(ctx, deadStream)
		if err != nil {
			yield(DeadLetter{}, fmt.Errorf("read dead letters: %w", err))
			return
		}
		state := stream.CachedInfo().State
		for n := state.FirstSeq; n <= state.LastSeq && state.Msgs > 0; {
			m, err := stream.GetMsg(ctx, n, jetstream.WithGetMsgSubject(prefix+".dead.>"))
			switch {
			case errors.Is(err, jetstream.ErrMsgNotFound):
				return
			case err != nil:
				yield(DeadLetter{}, fmt.Errorf("read dead letters: %w", err))
				return
			case !yield(letter(m), nil):
				return
			}
			n = m.Sequence + 1
		}
	}
}

func letter(m *jetstream.RawStreamMsg) DeadLetter {
	failures, _ := strconv.Atoi(m.Header.Get(headerFailures))
	added, _ := time.Parse(time.RFC3339, m.Header.Get(headerFirst))
	died, err := time.Parse(time.RFC3339, m.Header.Get(headerDied))
	if err != nil { // as for all that were not restored
		died = m.Time
	}
	return DeadLetter{
		Number: m.Sequence, Stage: Stage(strings.TrimPrefix(m.Subject, prefix+".dead.")), ID: m.Header.Get(headerID),
		Reason: m.Header.Get(headerReason), Failures: failures, Added: added, Died: died,
	}
}

// DeadLetter returns one dead letter with its data.
func (q *Queue) DeadLetter(ctx context.Context, number uint64) (DeadLetter, []byte, error) {
	_, m, err := q.dead(ctx, number)
	if err != nil {
		return DeadLetter{}, nil, err
	}
	data, err := q.data(ctx, m.Header, m.Data)
	return letter(m), data, err
}

func (q *Queue) dead(ctx context.Context, number uint64) (jetstream.Stream, *jetstream.RawStreamMsg, error) {
	stream, err := q.js.Stream(ctx, deadStream)
	if err != nil {
		return nil, nil, fmt.Errorf("read dead letter %d: %w", number, err)
	}
	m, err := stream.GetMsg(ctx, number)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		err = ErrNoLetter
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read dead letter %d: %w", number, err)
	}
	return stream, m, nil
}

// Retry puts a dead letter back into its stage, as if it had never failed.
func (q *Queue) Retry(ctx context.Context, number uint64) error {
	stream, m, err := q.dead(ctx, number)
	if err != nil {
		return err
	}
	again := nats.NewMsg(cmp.Or(m.Header.Get(headerSubject), letter(m).Stage.subject(m.Header.Get(headerID))))
	again.Data = m.Data
	for _, h := range []string{headerID, headerParcel} {
		if v := m.Header.Get(h); v != "" {
			again.Header.Set(h, v)
		}
	}
	// An id of its own: that of the job may still be remembered.
	if err := q.publish(ctx, again, fmt.Sprintf("retry-%d", number)); err != nil {
		return err
	}
	if err := stream.DeleteMsg(ctx, number); err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
		return fmt.Errorf("delete dead letter %d: %w", number, err)
	}
	return nil
}

// Drop deletes a dead letter.
func (q *Queue) Drop(ctx context.Context, number uint64) error {
	stream, m, err := q.dead(ctx, number)
	if err != nil {
		return err
	}
	if err := stream.DeleteMsg(ctx, number); err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
		return fmt.Errorf("delete dead letter %d: %w", number, err)
	}
	q.dropParcel(ctx, m.Header)
	return nil
}

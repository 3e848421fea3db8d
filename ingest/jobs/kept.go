package jobs

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// headerDied is when a dead letter died that was restored later.
const headerDied = "Job-Died"

// A Kept is a job, or a dead letter, as a backup has it.
type Kept struct {
	Stage   Stage             `json:"stage"`
	ID      string            `json:"id"`
	Dead    bool              `json:"dead,omitempty"`
	Headers map[string]string `json:"headers,omitempty"` // of a dead letter
	Data    []byte            `json:"data"`
}

// keptStages are the stages whose jobs are kept, in the order in which a job
// passes them: so one that goes on meanwhile is met at least once. What is being
// fetched the crawl asks for again by itself.
func keptStages() []Stage { return []Stage{Extract, Load} }

// Kept yields all dead letters, and the jobs that wait or are being done. Work may
// go on meanwhile: what has been done is in its effect, and what is yielded twice
// is done twice, which is harmless. An error ends it.
func (q *Queue) Kept(ctx context.Context) iter.Seq2[Kept, error] {
	return func(yield func(Kept, error) bool) {
		seen := map[uint64]bool{}
		letters := func() bool {
			return q.messages(ctx, deadStream, func(m *jetstream.RawStreamMsg) bool {
				if seen[m.Sequence] {
					return true
				}
				seen[m.Sequence] = true
				return q.yieldKept(ctx, m, Kept{Stage: letter(m).Stage, Dead: true, Headers: keptHeaders(m)}, yield)
			}, yield)
		}
		// A letter that is tried again meanwhile was met before, and a job that
		// dies meanwhile is met behind.
		if !letters() {
			return
		}
		for _, s := range keptStages() {
			if !q.messages(ctx, s.stream(), func(m *jetstream.RawStreamMsg) bool {
				return q.yieldKept(ctx, m, Kept{Stage: s}, yield)
			}, yield) {
				return
			}
		}
		letters()
	}
}

// messages calls do for the messages of a stream until it returns false, and
// reports whether it never did. An error is yielded.
func (q *Queue) messages(ctx context.Context, name string, do func(*jetstream.RawStreamMsg) bool, yield func(Kept, error) bool) bool {
	stream, err := q.js.Stream(ctx, name)
	for n := uint64(1); err == nil; {
		var m *jetstream.RawStreamMsg
		m, err = stream.GetMsg(ctx, n, jetstream.WithGetMsgSubject(prefix+".>"))
		if err != nil {
			break
		}
		if !do(m) {
			return false
		}
		n = m.Sequence + 1
	}
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return true
	}
	yield(Kept{}, fmt.Errorf("read %s: %w", name, err))
	return false
}

// yieldKept yields a message with its data, unless it was done meanwhile.
func (q *Queue) yieldKept(ctx context.Context, m *jetstream.RawStreamMsg, k Kept, yield func(Kept, error) bool) bool {
	k.ID = m.Header.Get(headerID)
	var err error
	k.Data, err = q.data(ctx, m.Header, m.Data)
	if errors.Is(err, jetstream.ErrObjectNotFound) && !k.Dead {
		return true
	}
	return yield(k, err) && err == nil
}

// keptHeaders are what a dead letter says of itself.
func keptHeaders(m *jetstream.RawStreamMsg) map[string]string {
	out := map[string]string{headerDied: letter(m).Died.UTC().Format(time.RFC3339)}
	for h := range m.Header {
		if strings.HasPrefix(h, "Job-") && h != headerParcel && h != headerID && h != headerDied {
			out[h] = m.Header.Get(h)
		}
	}
	return out
}

// Keep puts back what Kept yielded.
func (q *Queue) Keep(ctx context.Context, k Kept) error {
	if !k.Dead {
		if !slices.Contains(keptStages(), k.Stage) {
			return fmt.Errorf("restore the job %.200q: there is no stage %.40q", k.ID, k.Stage)
		}
		return q.Add(ctx, k.Stage, k.ID, k.Data)
	}
	if !slices.Contains(Stages(), k.Stage) || k.ID == "" {
		return fmt.Errorf("restore the dead letter %.200q: there is no stage %.40q", k.ID, k.Stage)
	}
	m := nats.NewMsg(k.Stage.dead())
	for h, v := range k.Headers {
		if strings.HasPrefix(h, "Job-") && h != headerParcel {
			m.Header.Set(h, oneLine(v))
		}
	}
	m.Header.Set(headerID, k.ID)
	m.Data = k.Data
	if len(k.Data) > maxParcel {
		parcel := hash("restored", string(k.Stage), k.ID, m.Header.Get(headerDied))
		if _, err := q.parcels.PutBytes(ctx, parcel, k.Data); err != nil {
			return fmt.Errorf("restore the dead letter %s: keep its data: %w", k.ID, err)
		}
		m.Header.Set(headerParcel, parcel)
		m.Data = nil
	}
	if _, err := q.js.PublishMsg(ctx, m); err != nil {
		return fmt.Errorf("restore the dead letter %s: %w", k.ID, err)
	}
	return nil
}

// Clear deletes all jobs and dead letters, and what is remembered of them. Who
// works at them meanwhile has to begin anew.
func (q *Queue) Clear(ctx context.Context) error {
	names := []string{deadStream}
	for _, s := range Stages() {
		names = append(names, s.stream())
	}
	for _, name := range names {
		if err := q.js.DeleteStream(ctx, name); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("clear %s: %w", name, err)
		}
	}
	for _, err := range []error{
		q.js.DeleteObjectStore(ctx, parcelBucket), q.js.DeleteKeyValue(ctx, failBucket),
	} {
		if err != nil && !errors.Is(err, jetstream.ErrBucketNotFound) && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("clear the job queue: %w", err)
		}
	}
	if err := q.prepare(ctx); err != nil {
		return fmt.Errorf("prepare the job queue: %w", err)
	}
	return nil
}

// DropDead deletes the dead letters that died before a time, and returns how many
// there were.
func (q *Queue) DropDead(ctx context.Context, before time.Time) (dropped int, err error) {
	for l, err := range q.DeadLetters(ctx) {
		if err != nil {
			return dropped, err
		}
		if !l.Died.Before(before) {
			continue
		}
		if err := q.Drop(ctx, l.Number); err != nil && !errors.Is(err, ErrNoLetter) {
			return dropped, err
		}
		dropped++
	}
	return dropped, nil
}

// Oldest is when the job that has waited longest was added, of all stages; zero
// where none waits.
func (q *Queue) Oldest(ctx context.Context) (oldest time.Time, err error) {
	for _, s := range Stages() {
		stream, err := q.js.Stream(ctx, s.stream())
		if err != nil {
			return oldest, fmt.Errorf("look at stage %s: %w", s, err)
		}
		state := stream.CachedInfo().State
		if state.Msgs > 0 && (oldest.IsZero() || state.FirstTime.Before(oldest)) {
			oldest = state.FirstTime
		}
	}
	return oldest, nil
}

package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	answerConsumer = "asker"
	// maxAnswers is how many answers may be on their way to who asked.
	maxAnswers = 2000
	// answerFor is how long an answer that nobody waits for is kept: it came to a
	// question of a process that ended, and its successor asks that again.
	answerFor = 10 * time.Minute
	// answeredFor is how long an answer may be looked at: until then it is not
	// given again.
	answeredFor = 6 * time.Hour
	// lookAgain is how often who waits for an answer sees that somebody is still
	// at it.
	lookAgain = 5 * time.Second
	// maxAsked is how often a question is asked that comes to nothing.
	maxAsked = 3
)

// ErrNoAnswer means that a job of [Answers.Ask] was given up by its workers.
var ErrNoAnswer = errors.New("no worker could do it")

// Answers are what comes of jobs to the one process that wants to know. It is
// safe for concurrent use.
type Answers struct {
	queue  *Queue
	stop   context.CancelFunc
	ended  chan struct{}
	noting sync.WaitGroup

	mu      sync.Mutex
	waiting map[string]chan jetstream.Msg
	kept    map[string]kept // that nobody waits for
}

type kept struct {
	message jetstream.Msg
	since   time.Time
}

// Answers opens the answers. Who had them open before gets none any more, and
// what that had not taken note of is given again: only one process may ask, which
// [Queue.Lead] sees to.
func (q *Queue) Answers(ctx context.Context) (*Answers, error) {
	err := q.again(ctx, func(ctx context.Context) error {
		err := q.js.DeleteConsumer(ctx, answerStream, answerConsumer)
		if errors.Is(err, jetstream.ErrConsumerNotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open the answers: %w", err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	a := &Answers{queue: q, stop: stop, ended: make(chan struct{}), waiting: map[string]chan jetstream.Msg{}, kept: map[string]kept{}}
	go func() {
		defer close(a.ended)
		for {
			// Where the consumer is gone while the context lasts, the server has
			// lost it.
			err := a.receive(ctx)
			if ctx.Err() != nil || !passes(err) && !isLost(err) {
				q.log.Debug("wait for answers no more", "error", err)
				return
			}
			time.Sleep(roomWait)
		}
	}()
	return a, nil
}

// Close ends the use of a. What was not taken note of is for who opens the
// answers next.
func (a *Answers) Close() {
	a.stop()
	<-a.ended
	a.noting.Wait()
}

// receive gives answers to those who wait for them until that cannot go on.
func (a *Answers) receive(ctx context.Context) error {
	consumer, err := a.queue.js.CreateOrUpdateConsumer(ctx, answerStream, jetstream.ConsumerConfig{
		Durable: answerConsumer, AckPolicy: jetstream.AckExplicitPolicy, AckWait: answeredFor, MaxDeliver: -1, MaxAckPending: maxAnswers,
	})
	if err != nil {
		return err
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(64))
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, messages.Stop)()
	defer messages.Stop()
	for {
		m, err := messages.Next()
		if m != nil {
			a.give(m)
		}
		if ctx.Err() != nil || err != nil && !errors.Is(err, jetstream.ErrNoHeartbeat) {
			return err
		}
	}
}

// give gives an answer to who waits for it, or keeps it for who will.
func (a *Answers) give(m jetstream.Msg) {
	id := m.Headers().Get(headerID)
	a.mu.Lock()
	if c, ok := a.waiting[id]; ok {
		delete(a.waiting, id)
		c <- m
	} else {
		a.kept[id] = kept{m, time.Now()}
	}
	old := a.old()
	a.mu.Unlock()
	for _, m := range old {
		a.noting.Go(func() { a.note(m) }) // others wait for their answers
	}
}

// old takes out the answers that nobody has asked for.
func (a *Answers) old() (out []jetstream.Msg) {
	for id, k := range a.kept {
		if time.Since(k.since) > answerFor || len(a.kept) > maxAnswers/2 {
			delete(a.kept, id)
			out = append(out, k.message)
		}
	}
	return out
}

// note has an answer not come again.
func (a *Answers) note(m jetstream.Msg) {
	ctx, cancel := context.WithTimeout(context.Background(), lastWord)
	defer cancel()
	if err := m.DoubleAck(ctx); err != nil {
		a.queue.log.Debug("take note of an answer", "id", m.Headers().Get(headerID), "error", err)
		return
	}
	a.queue.dropParcel(ctx, m.Headers())
}

// wait returns where the answer to id will come, or is.
func (a *Answers) wait(id string) chan jetstream.Msg {
	c := make(chan jetstream.Msg, 1)
	a.mu.Lock()
	defer a.mu.Unlock()
	if k, ok := a.kept[id]; ok {
		delete(a.kept, id)
		c <- k.message
	} else {
		a.waiting[id] = c
	}
	return c
}

func (a *Answers) giveUp(id string, c chan jetstream.Msg) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting[id] == c {
		delete(a.waiting, id)
	}
}

// Ask puts a job into the fetch stage and waits for what a worker says with
// [Queue.Answer]. Of the jobs of one lane workers get one at a time, whoever asks:
// others wait. Whoever asks the same id within an hour, also another process after
// this one has ended, has the job done once. The answer comes again to the next
// who asks until noted is called, which is for when what it says is safe.
func (a *Answers) Ask(ctx context.Context, lane, id string, data []byte) (answer []byte, noted func(), err error) {
	c := a.wait(id)
	defer a.giveUp(id, c)
	for asked := range maxAsked {
		m, err := a.ask(ctx, c, lane, id, asked, data)
		if err != nil {
			return nil, nil, err
		}
		if m == nil {
			continue
		}
		answer, err := a.queue.data(ctx, m.Headers(), m.Data())
		if err != nil {
			a.note(m) // its parcel is lost, so it is of no use to anybody
			return nil, nil, err
		}
		return answer, func() { a.note(m) }, nil
	}
	return nil, nil, fmt.Errorf("%s: %w", id, ErrNoAnswer)
}

// ask asks once. It returns nil where the job is gone and no answer came.
func (a *Answers) ask(ctx context.Context, c chan jetstream.Msg, lane, id string, asked int, data []byte) (jetstream.Msg, error) {
	q := a.queue
	select {
	case m := <-c:
		return m, nil
	default:
	}
	subject, key := Fetch.subject(lane), hash(string(Fetch), id, fmt.Sprint(asked))
	if err := q.add(ctx, subject, id, key, data); err != nil {
		return nil, err
	}
	tick := time.NewTicker(q.lookAgain)
	defer tick.Stop()
	for gone := 0; gone < 2; {
		select {
		case m := <-c:
			return m, nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-tick.C:
		}
		if q.isUnderWay(ctx, subject, id) {
			gone = 0
		} else {
			gone++ // its answer may be on its way
		}
	}
	return nil, nil
}

// isUnderWay reports whether the job of a lane has that id, or may have.
func (q *Queue) isUnderWay(ctx context.Context, subject, id string) bool {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	stream, err := q.js.Stream(ctx, Fetch.stream())
	if err != nil {
		return true
	}
	m, err := stream.GetLastMsgForSubject(ctx, subject)
	if err != nil {
		return !errors.Is(err, jetstream.ErrMsgNotFound)
	}
	return m.Header.Get(headerID) == id
}

// Answer says what came of a job to who asks. It is for the worker that does the
// job, before it acknowledges that; saying it twice is harmless.
func (q *Queue) Answer(ctx context.Context, j Job, answer []byte) error {
	return q.add(ctx, answerSubject, j.ID, hash("answer", j.ID, j.key), answer)
}

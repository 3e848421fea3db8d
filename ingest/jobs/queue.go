package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A Stage is a kind of work.
type Stage string

// The stages, in the order in which an article passes them.
const (
	Fetch   Stage = "fetch"
	Extract Stage = "extract"
	Load    Stage = "load"
)

// Stages returns all stages in their order.
func Stages() []Stage { return []Stage{Fetch, Extract, Load} }

const (
	maxWaiting = 10_000
	maxBytes   = 4 << 30
	// sameFor is how long a job's id is remembered after it was added.
	sameFor = time.Hour
	// failedFor is how long it is remembered how often a job has failed.
	failedFor = 90 * 24 * time.Hour
	// heldFor is how long a worker holds a job without a sign of life.
	heldFor = 30 * time.Second
	// askTime is how long an answer of the server may take: each is written to
	// disk first.
	askTime = 30 * time.Second
	// reconnectWait is how often a server that is away is looked for.
	reconnectWait = 500 * time.Millisecond
	// leaseFor is how long a lease outlives its holder.
	leaseFor = 15 * time.Second
)

// Names in JetStream, all with one prefix, since a server may have other users.
const (
	prefix        = "breachgraph"
	deadStream    = prefix + "-dead"
	answerStream  = prefix + "-answers"
	answerSubject = prefix + ".answers"
	parcelBucket  = prefix + "-parcels"
	failBucket    = prefix + "-failures"
	leaseBucket   = prefix + "-leases"
)

func (s Stage) stream() string { return prefix + "-" + string(s) }
func (s Stage) dead() string   { return prefix + ".dead." + string(s) }

// subject is that of a job. Of those with one subject the stream of [Fetch] has
// one at a time: a lane.
func (s Stage) subject(lane string) string {
	if s != Fetch {
		return prefix + "." + string(s)
	}
	return prefix + "." + string(s) + "." + hash(lane)
}

// stream is the stream of a stage.
func (q *Queue) stream(s Stage) jetstream.StreamConfig {
	c := jetstream.StreamConfig{
		Name: s.stream(), Subjects: []string{prefix + "." + string(s)}, Retention: jetstream.WorkQueuePolicy,
		Discard: jetstream.DiscardNew, MaxMsgs: int64(q.maxWaiting), MaxBytes: maxBytes, Duplicates: sameFor,
	}
	if s == Fetch {
		c.Subjects = []string{prefix + "." + string(s) + ".*"}
		c.MaxMsgsPerSubject, c.DiscardNewPerSubject = 1, true
	}
	return c
}

// Options say where the jobs are.
type Options struct {
	// Dir is the folder of the server in this process. Where another process of
	// this machine has it already, its server is used.
	Dir string
	// URL is that of a server or cluster, nats://HOST:PORT, several parted by
	// commas; empty for the one in this process. Credentials is a file of NATS
	// credentials for it; empty for none.
	URL, Credentials string
	// Stays says that this process goes on for long. Those that only have a look
	// leave the server of Dir to it: it could never start its own between theirs.
	Stays bool
	// MaxWaiting is how many jobs a stage holds before those who add more have to
	// wait: what a slow stage can leave behind on disk is bounded by it. 0 means
	// 10,000; it is that of who opened the queue last.
	MaxWaiting int
	// HeldFor is how long a worker without a sign of life keeps its jobs, before
	// others are given them; 0 means 30 s.
	HeldFor time.Duration
	// Logger tells of lost and regained connections; nil discards.
	Logger *slog.Logger
}

// A Queue holds the jobs of all stages. It is safe for concurrent use.
type Queue struct {
	local   *local // nil where the user has a server
	conn    *nats.Conn
	js      jetstream.JetStream
	parcels jetstream.ObjectStore
	fails   jetstream.KeyValue
	leases  jetstream.KeyValue
	log     *slog.Logger

	maxWaiting int
	heldFor    time.Duration
	lookAgain  time.Duration // at a job whose answer is waited for
	firstDelay time.Duration // after a first failure
}

// Open connects to the server of o, or starts the one in this process, and
// makes the streams that are missing.
func Open(ctx context.Context, o Options) (*Queue, error) {
	q := &Queue{
		log: o.Logger, maxWaiting: cmp.Or(o.MaxWaiting, maxWaiting), heldFor: cmp.Or(o.HeldFor, heldFor),
		lookAgain: lookAgain, firstDelay: firstDelay,
	}
	if q.log == nil {
		q.log = slog.New(slog.DiscardHandler)
	}
	if err := q.connect(o); err != nil {
		q.Close()
		return nil, err
	}
	if err := q.again(ctx, q.prepare); err != nil {
		q.Close()
		return nil, fmt.Errorf("prepare the job queue: %w", err)
	}
	return q, nil
}

func (q *Queue) connect(o Options) (err error) {
	options := []nats.Option{
		nats.Name(prefix), nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait), nats.Timeout(askTime),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				q.log.Warn("lost the job queue, waiting for it", "error", err)
			}
		}),
		// Such as a heartbeat that found all workers at work. A job that was lost
		// so comes again.
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { q.log.Debug("job queue", "error", err) }),
		nats.ReconnectHandler(func(*nats.Conn) { q.log.Info("the job queue is back") }),
	}
	url, connect := o.URL, nats.Connect
	if o.Credentials != "" {
		options = append(options, nats.UserCredentials(o.Credentials))
	}
	if url == "" {
		if q.local, err = newLocal(o, q.log); err != nil {
			return err
		}
		url, connect = localURL, q.local.connect
		options = append(options, nats.SetCustomDialer(q.local), nats.TokenHandler(q.local.secret), nats.ReconnectWait(findPause), nats.IgnoreAuthErrorAbort())
	}
	if q.conn, err = connect(url, options...); err != nil {
		return fmt.Errorf("connect to the job queue: %w; is a NATS server there?", err)
	}
	q.js, err = jetstream.New(q.conn, jetstream.WithDefaultTimeout(askTime))
	return err
}

// prepare makes streams and buckets, or brings those that are there up to date.
func (q *Queue) prepare(ctx context.Context) (err error) {
	for _, s := range Stages() {
		_, err := q.js.CreateOrUpdateStream(ctx, q.stream(s))
		if errors.Is(err, jetstream.ErrJetStreamNotEnabled) {
			return fmt.Errorf("%w: start the server with JetStream (-js)", err)
		}
		if err != nil {
			return err
		}
	}
	_, err = q.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: answerStream, Subjects: []string{answerSubject}, Retention: jetstream.WorkQueuePolicy,
		Discard: jetstream.DiscardNew, MaxMsgs: int64(q.maxWaiting), MaxBytes: maxBytes, Duplicates: sameFor,
	})
	if err != nil {
		return err
	}
	_, err = q.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: deadStream, Subjects: []string{prefix + ".dead.>"}, MaxBytes: maxBytes, Duplicates: sameFor,
	})
	if err != nil {
		return err
	}
	if q.parcels, err = q.js.CreateOrUpdateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: parcelBucket}); err != nil {
		return err
	}
	if q.fails, err = q.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: failBucket, TTL: failedFor}); err != nil {
		return err
	}
	q.leases, err = q.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: leaseBucket, TTL: leaseFor})
	return err
}

// Close gives back what Open took. Jobs that are being done are not
// acknowledged any more and are done again later.
func (q *Queue) Close() {
	if q.local != nil {
		q.local.leave()
		defer q.local.stop()
	}
	if q.conn != nil {
		q.conn.Close()
	}
}

// A Depth says how full a stage is.
type Depth struct {
	Waiting int // jobs that nobody does yet
	Held    int // jobs that workers do, or that wait to be tried again
	Dead    int // dead letters
}

// Depths returns the depth of each stage.
func (q *Queue) Depths(ctx context.Context) (map[Stage]Depth, error) {
	out := map[Stage]Depth{}
	for _, s := range Stages() {
		stream, err := q.js.Stream(ctx, s.stream())
		if err != nil {
			return nil, fmt.Errorf("look at stage %s: %w", s, err)
		}
		d := Depth{Waiting: int(stream.CachedInfo().State.Msgs)}
		if c, err := stream.Consumer(ctx, string(s)); err == nil {
			d.Held = c.CachedInfo().NumAckPending
			d.Waiting -= d.Held
		} else if !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return nil, fmt.Errorf("look at stage %s: %w", s, err)
		}
		dead, err := q.js.Stream(ctx, deadStream)
		if err != nil {
			return nil, fmt.Errorf("look at the dead letters: %w", err)
		}
		info, err := dead.Info(ctx, jetstream.WithSubjectFilter(s.dead()))
		if err != nil {
			return nil, fmt.Errorf("look at the dead letters: %w", err)
		}
		d.Dead = int(info.State.Subjects[s.dead()])
		out[s] = d
	}
	return out, nil
}

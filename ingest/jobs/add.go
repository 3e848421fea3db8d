package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Headers of a message.
const (
	headerID     = "Job-Id"
	headerParcel = "Job-Parcel" // name of the object that holds the data
)

const (
	// maxParcel is the most data a message carries itself, in bytes; many
	// servers take no more than 1 MiB.
	maxParcel = 256 << 10
	// maxData is the most data a job has: a page and its headers.
	maxData = 64 << 20
	// A full stage is tried again after leastWait, then after twice as long each
	// time, up to roomWait.
	leastWait = 10 * time.Millisecond
	roomWait  = 200 * time.Millisecond
	// tryTime bounds one try at what is tried until it succeeds: a server that
	// ended has not answered, and its successor will.
	tryTime = 5 * time.Second
	tries   = 6
)

// Add puts a job into a stage; one with an id that was added within the last
// hour is the same and is not added again. Once Add returns the job outlives
// this process. While the stage is full or the server away it waits, as long as
// ctx lasts: so a slow stage slows those before it.
func (q *Queue) Add(ctx context.Context, stage Stage, id string, data []byte) error {
	return q.add(ctx, stage.subject(id), id, hash(string(stage), id), data)
}

// add publishes data to a subject under an id by which the server knows it, and
// a key by which it tells whether it has it already.
func (q *Queue) add(ctx context.Context, subject, id, key string, data []byte) error {
	if id == "" || len(data) > maxData {
		return fmt.Errorf("add a job to %s: id %q, %d bytes: it needs an id and at most %d bytes", subject, id, len(data), maxData)
	}
	m := nats.NewMsg(subject)
	m.Header.Set(headerID, id)
	m.Data = data
	if len(data) > maxParcel {
		// Named by key and content: a later job of the same id, with other data,
		// must not find its parcel gone with this one.
		sum := sha256.Sum256(data)
		parcel := key + "-" + hex.EncodeToString(sum[:8])
		err := q.insist(ctx, func(ctx context.Context) error {
			_, err := q.parcels.PutBytes(ctx, parcel, data)
			return err
		})
		if err != nil {
			return fmt.Errorf("add %s to %s: keep its data: %w", id, subject, err)
		}
		m.Header.Set(headerParcel, parcel)
		m.Data = nil
	}
	return q.publish(ctx, m, key)
}

// publish sends m as soon as there is room.
func (q *Queue) publish(ctx context.Context, m *nats.Msg, key string) error {
	err := q.insist(ctx, func(ctx context.Context) error {
		_, err := q.js.PublishMsg(ctx, m, jetstream.WithMsgID(key))
		return err
	})
	if err != nil {
		return fmt.Errorf("add %s to %s: %w", m.Header.Get(headerID), m.Subject, err)
	}
	return nil
}

// insist tries until it succeeds, as long as what fails is that the server is
// away or has no room.
func (q *Queue) insist(ctx context.Context, try func(context.Context) error) error {
	for wait := leastWait; ; wait = min(2*wait, roomWait) {
		one, cancel := context.WithTimeout(ctx, tryTime)
		err := try(one)
		cancel()
		if err == nil || !passes(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-time.After(wait):
		}
	}
}

// again is insist for who would rather know that a server does not come back.
func (q *Queue) again(ctx context.Context, try func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, tries*tryTime, nats.ErrTimeout)
	defer cancel()
	return q.insist(ctx, try)
}

// passes reports whether err is of a server that is away, about to start or
// full, and not of what it was asked.
func passes(err error) bool {
	for _, final := range []error{
		jetstream.ErrJetStreamNotEnabled, jetstream.ErrJetStreamNotEnabledForAccount,
		nats.ErrConnectionClosed, nats.ErrMaxPayload, nats.ErrBadSubject, nats.ErrAuthorization, nats.ErrPermissionViolation,
		jetstream.ErrObjectNotFound, jetstream.ErrDigestMismatch,
	} {
		if errors.Is(err, final) {
			return false
		}
	}
	var api *jetstream.APIError
	return !errors.As(err, &api) || api.Code >= 500
}

// hash makes a key of what may hold any characters.
func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// errNoParcel means that what a message has carried apart is gone.
var errNoParcel = errors.New("it was done with")

// data is what a message carries, itself or as a parcel.
func (q *Queue) data(ctx context.Context, header nats.Header, data []byte) (out []byte, err error) {
	parcel := header.Get(headerParcel)
	if parcel == "" {
		return data, nil
	}
	err = q.insist(ctx, func(ctx context.Context) error {
		out, err = q.parcels.GetBytes(ctx, parcel)
		return err
	})
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		err = errNoParcel
	}
	if err != nil {
		return nil, fmt.Errorf("read the data of %s: %w", header.Get(headerID), err)
	}
	return out, nil
}

// dropParcel deletes what a message that is done with has carried apart.
func (q *Queue) dropParcel(ctx context.Context, header nats.Header) {
	parcel := header.Get(headerParcel)
	if parcel == "" {
		return
	}
	if err := q.parcels.Delete(ctx, parcel); err != nil && !errors.Is(err, jetstream.ErrObjectNotFound) {
		q.log.Warn("delete the data of a job", "job", header.Get(headerID), "error", err)
	}
}

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
	// roomWait is how often a full stage is tried again.
	roomWait = 200 * time.Millisecond
)

// What JetStream answers where it takes no more: a stream has its most messages
// or bytes, or the disk or the account is full.
const (
	codeStoreFailed jetstream.ErrorCode = 10077
	codeNoStorage   jetstream.ErrorCode = 10047
	codeNoResources jetstream.ErrorCode = 10023
)

// Add puts a job into a stage; one with an id that was added within the last
// hour is the same and is not added again. Once Add returns the job outlives
// this process. While the stage is full it waits, as long as ctx lasts: so a slow
// stage slows those before it.
func (q *Queue) Add(ctx context.Context, stage Stage, id string, data []byte) error {
	if id == "" || len(data) > maxData {
		return fmt.Errorf("add a job to %s: id %q, %d bytes: it needs an id and at most %d bytes", stage, id, len(data), maxData)
	}
	m := nats.NewMsg(stage.subject())
	m.Header.Set(headerID, id)
	m.Data = data
	if len(data) > maxParcel {
		// Named by stage, id and content: a later job of the same id, with
		// other data, must not find its parcel gone with this one.
		sum := sha256.Sum256(data)
		parcel := hash(string(stage), id) + "-" + hex.EncodeToString(sum[:8])
		err := again(ctx, func(ctx context.Context) error {
			_, err := q.parcels.PutBytes(ctx, parcel, data)
			return err
		})
		if err != nil {
			return fmt.Errorf("add %s to %s: keep its data: %w", id, stage, err)
		}
		m.Header.Set(headerParcel, parcel)
		m.Data = nil
	}
	return q.publish(ctx, stage, m, hash(string(stage), id))
}

// publish sends m as soon as there is room.
func (q *Queue) publish(ctx context.Context, stage Stage, m *nats.Msg, id string) error {
	for {
		once, cancel := context.WithTimeout(ctx, tryTime)
		_, err := q.js.PublishMsg(once, m, jetstream.WithMsgID(id))
		cancel()
		switch {
		case err == nil:
			return nil
		case !isFull(err) && !isAway(err):
			return fmt.Errorf("add %s to %s: %w", m.Header.Get(headerID), stage, err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("add %s to %s: %w", m.Header.Get(headerID), stage, errors.Join(context.Cause(ctx), err))
		case <-time.After(roomWait):
		}
	}
}

const (
	// tries is how often a server is asked that does not answer, and tryTime how
	// long it may take each time.
	tries   = 6
	tryTime = 5 * time.Second
)

// again does what may be done twice, until the server answers: one that has just
// gone leaves a question without an answer, and so may one that has just come.
func again(ctx context.Context, do func(context.Context) error) (err error) {
	for range tries {
		once, cancel := context.WithTimeout(ctx, tryTime)
		err = do(once)
		cancel()
		if err == nil || !isAway(err) || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// isAway reports whether err means that nobody has answered.
func isAway(err error) bool {
	for _, e := range []error{
		context.DeadlineExceeded, nats.ErrTimeout, nats.ErrNoResponders, nats.ErrDisconnected, nats.ErrConnectionReconnecting, nats.ErrReconnectBufExceeded,
		jetstream.ErrNoStreamResponse,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// isFull reports whether err means that a stream takes no more for now.
func isFull(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && (api.ErrorCode == codeStoreFailed || api.ErrorCode == codeNoStorage || api.ErrorCode == codeNoResources)
}

// hash makes a key of what may hold any characters.
func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// data is what a message carries, itself or as a parcel.
func (q *Queue) data(ctx context.Context, header nats.Header, data []byte) ([]byte, error) {
	parcel := header.Get(headerParcel)
	if parcel == "" {
		return data, nil
	}
	out, err := q.parcels.GetBytes(ctx, parcel)
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

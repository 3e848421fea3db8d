package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/nats-io/nats.go/jetstream"
)

// Notes are small values by key that outlast all processes and are the same for
// all who share the queue. They are safe for concurrent use.
type Notes struct {
	bucket jetstream.KeyValue
	name   string
}

// Notes opens the notes of a name, which is lower case letters.
func (q *Queue) Notes(ctx context.Context, name string) (*Notes, error) {
	b, err := q.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: prefix + "-" + name})
	if err != nil {
		return nil, fmt.Errorf("open the notes %s: %w", name, err)
	}
	return &Notes{b, name}, nil
}

// maxChanges bounds how often a change is tried that others get ahead of.
const maxChanges = 100

// codeWrongRevision is what JetStream answers where a key has changed meanwhile.
const codeWrongRevision jetstream.ErrorCode = 10071

// Change has a key say what change makes of what it says, nil if nothing yet, and
// leaves alone what stays the same. Others cannot change it in between: change is
// called again if they do. It is durable when Change returns.
func (n *Notes) Change(ctx context.Context, key string, change func([]byte) ([]byte, error)) error {
	for range maxChanges {
		done, err := n.change(ctx, key, change)
		if err != nil {
			return fmt.Errorf("change the note %s of %s: %w", key, n.name, err)
		}
		if done {
			return nil
		}
	}
	return fmt.Errorf("change the note %s of %s: others change it all the time", key, n.name)
}

// change is not done where others were faster.
func (n *Notes) change(ctx context.Context, key string, change func([]byte) ([]byte, error)) (done bool, err error) {
	var before []byte
	var revision uint64
	e, err := n.bucket.Get(ctx, key)
	switch {
	case err == nil:
		before, revision = e.Value(), e.Revision()
	case !errors.Is(err, jetstream.ErrKeyNotFound):
		return false, err
	}
	after, err := change(before)
	if err != nil || bytes.Equal(before, after) {
		return true, err
	}
	if revision == 0 {
		_, err = n.bucket.Create(ctx, key, after)
	} else {
		_, err = n.bucket.Update(ctx, key, after, revision)
	}
	var api *jetstream.APIError
	if errors.Is(err, jetstream.ErrKeyExists) || errors.As(err, &api) && api.ErrorCode == codeWrongRevision {
		return false, nil
	}
	return true, err
}

// All returns what each key says.
func (n *Notes) All(ctx context.Context) (map[string][]byte, error) {
	w, err := n.bucket.WatchAll(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the notes %s: %w", n.name, err)
	}
	defer func() { _ = w.Stop() }() // it cannot fail in a way that matters
	all := map[string][]byte{}
	for {
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("read the notes %s: %w", n.name, context.Cause(ctx))
		case e, ok := <-w.Updates():
			if !ok {
				return nil, fmt.Errorf("read the notes %s: the connection is closed", n.name)
			}
			if e == nil {
				return all, nil
			}
			if e.Operation() == jetstream.KeyValuePut {
				all[e.Key()] = e.Value()
			}
		}
	}
}

// A Note is what a key says.
type Note struct {
	Key   string
	Value []byte
}

// Watch yields what each key says and then each change, until ctx ends. An error
// ends it.
func (n *Notes) Watch(ctx context.Context) iter.Seq2[Note, error] {
	return func(yield func(Note, error) bool) {
		w, err := n.bucket.WatchAll(ctx)
		if err != nil {
			yield(Note{}, fmt.Errorf("watch the notes %s: %w", n.name, err))
			return
		}
		defer func() { _ = w.Stop() }()
		for {
			select {
			case <-ctx.Done():
				return
			case e, ok := <-w.Updates():
				if !ok {
					yield(Note{}, fmt.Errorf("watch the notes %s: the connection is closed", n.name))
					return
				}
				if e != nil && e.Operation() == jetstream.KeyValuePut && !yield(Note{e.Key(), e.Value()}, nil) {
					return
				}
			}
		}
	}
}

// Clear has all keys say nothing.
func (n *Notes) Clear(ctx context.Context) error {
	all, err := n.All(ctx)
	if err != nil {
		return err
	}
	for key := range all {
		if err := n.bucket.Purge(ctx, key); err != nil {
			return fmt.Errorf("clear the notes %s: %w", n.name, err)
		}
	}
	return nil
}

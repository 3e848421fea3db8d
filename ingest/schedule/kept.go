package schedule

import (
	"context"
	"encoding/json"

	"github.com/breachgraph/breachgraph/ingest/jobs"
)

// A Kept is what is kept of a source, as a backup has it.
type Kept struct {
	Source string `json:"source"`
	State  State  `json:"state"`
}

// All returns what is kept of all sources beside the jobs of q, in no order.
func All(ctx context.Context, q *jobs.Queue) ([]Kept, error) {
	notes, err := q.Notes(ctx, notesName)
	if err != nil {
		return nil, err
	}
	raw, err := notes.All(ctx)
	if err != nil {
		return nil, err
	}
	var all []Kept
	for name, value := range raw {
		if st, err := parseState(value); err == nil { // of others nothing is known
			all = append(all, Kept{name, st})
		}
	}
	return all, nil
}

// Restore replaces what is kept of all sources. No service may run meanwhile.
func Restore(ctx context.Context, q *jobs.Queue, all []Kept) error {
	notes, err := q.Notes(ctx, notesName)
	if err != nil {
		return err
	}
	if err := notes.Clear(ctx); err != nil {
		return err
	}
	for _, k := range all {
		err := notes.Change(ctx, k.Source, func([]byte) ([]byte, error) { return json.Marshal(k.State) })
		if err != nil {
			return err
		}
	}
	return nil
}

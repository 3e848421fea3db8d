package rig

import (
	"context"
	"errors"
	"time"

	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/local"
)

// recoverTime is how long a database may take after it was started, on a machine
// that is busy with other things.
const recoverTime = 5 * time.Minute

// Connect opens a database as soon as it answers, and makes its constraints and
// indexes.
func Connect(ctx context.Context, s *local.Server) (*graph.DB, error) {
	ctx, cancel := context.WithTimeout(ctx, recoverTime)
	defer cancel()
	for {
		db, err := graph.Open(ctx, graph.Config{URI: s.BoltURI, Username: s.Username, Password: s.Password})
		if err == nil {
			if err = db.EnsureSchema(ctx); err == nil {
				return db, nil
			}
			return nil, errors.Join(err, db.Close(ctx))
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(time.Second): // it may be recovering
		}
	}
}

package main

import (
	"context"
	"errors"
	"time"

	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/local"
)

// errNoDatabase is wrapped by the errors of a local server that is not to be
// had.
var errNoDatabase = errors.New("no database")

// noDatabase reports whether err means that there is no database to work with.
func noDatabase(err error) bool {
	for _, e := range []error{
		errNoDatabase, graph.ErrUnreachable, graph.ErrCredentials, graph.ErrProtocol, graph.ErrNoDatabase, graph.ErrTooOld, graph.ErrVersion,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// A localError is the error of a local server, which counts as no database.
type localError struct{ error }

func (e localError) Unwrap() error      { return e.error }
func (localError) Is(target error) bool { return target == errNoDatabase }

// openDatabase opens the database that is set, or else the local one, which it
// starts where it does not run. The server is nil for a database that is set.
func (a *app) openDatabase(ctx context.Context) (*graph.DB, *local.Server, error) {
	var s *local.Server
	if a.uri == "" {
		var err error
		if s, err = a.startLocal(ctx); err != nil {
			return nil, nil, err
		}
	}
	db, err := graph.Open(ctx, a.config(s))
	for s != nil && errors.Is(err, graph.ErrUnreachable) && a.warmingUp(ctx, s) {
		db, err = graph.Open(ctx, a.config(s))
	}
	return db, s, err
}

// openGraph opens the database and makes what it lacks of the schema: for verbs
// that write.
func (a *app) openGraph(ctx context.Context) (*graph.DB, *local.Server, error) {
	db, s, err := a.openDatabase(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := db.EnsureSchema(ctx); err != nil {
		return nil, nil, errors.Join(err, db.Close(ctx))
	}
	return db, s, nil
}

// warmTime is how long after its start a local server may need for its first
// answer: a moment, but on a busy machine much longer than [graph.Open] waits.
const warmTime = 3 * time.Minute

// warmingUp waits a second and says whether to ask s once more.
func (a *app) warmingUp(ctx context.Context, s *local.Server) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time.Second):
	}
	_, running, err := local.Find(a.data)
	return err == nil && running && time.Since(s.Started) < warmTime
}

// config says where the database is: at s, or where the settings say if s is
// nil.
func (a *app) config(s *local.Server) graph.Config {
	if s == nil {
		return graph.Config{URI: a.uri, Username: a.username, Password: a.password, Database: a.name}
	}
	return graph.Config{URI: s.BoltURI, Username: s.Username, Password: s.Password}
}

// startLocal returns the local server of the data folder.
func (a *app) startLocal(ctx context.Context) (*local.Server, error) {
	s, err := local.Start(ctx, local.Options{
		Dir: a.data, BoltPort: a.boltPort, HTTPPort: a.httpPort, HeapMB: a.heapMB, Logger: a.log,
	})
	if err != nil {
		return nil, localError{err}
	}
	return s, nil
}

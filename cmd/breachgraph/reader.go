package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/guide"
	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/graph/local"
)

const (
	// openWait is how long a question waits for a database that is being opened.
	openWait = 3 * time.Second
	// firstRest is the pause after the database could not be opened; it grows up
	// to maxRest.
	firstRest = time.Second
	maxRest   = 30 * time.Second
)

// errOpening means that there is no database yet, or none any more.
var errOpening = errors.New("the database is not open yet; it will be when it answers")

// A graphReader reads the graph for those who look at the service. It opens the
// database when somebody asks, apart from the one that loads: a load that goes
// wrong closes its own.
type graphReader struct {
	*app
	wanted chan struct{}

	mu     sync.Mutex
	db     *graph.DB
	opened chan struct{} // closed when db is there
	target guide.Target
	page   string // of Neo4j Browser; empty where none is known
}

func newGraphReader(a *app) *graphReader {
	return &graphReader{app: a, wanted: make(chan struct{}, 1), opened: make(chan struct{})}
}

// read runs a query, as [graph.DB.Read] does.
func (g *graphReader) read(ctx context.Context, cypher string, params map[string]any, l graph.Limits) (graph.Table, error) {
	db, err := g.open(ctx)
	if err != nil {
		return graph.Table{}, err
	}
	table, err := db.Read(ctx, cypher, params, l)
	if noDatabase(err) && ctx.Err() == nil {
		g.lost(db)
	}
	return table, err
}

// open waits a moment for the database.
func (g *graphReader) open(ctx context.Context) (*graph.DB, error) {
	g.mu.Lock()
	db, opened := g.db, g.opened
	g.mu.Unlock()
	if db != nil {
		return db, nil
	}
	select {
	case g.wanted <- struct{}{}:
	default: // somebody else has asked
	}
	wait := time.NewTimer(openWait)
	defer wait.Stop()
	select {
	case <-opened:
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.db != nil {
			return g.db, nil
		}
	case <-wait.C:
	case <-ctx.Done():
	}
	return nil, errOpening
}

// lost has the database opened anew: a local server that ended is started again
// by that.
func (g *graphReader) lost(db *graph.DB) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.db == db {
		g.db, g.opened = nil, make(chan struct{})
	}
}

// run opens the database when it is wanted, until ctx ends.
func (g *graphReader) run(ctx context.Context) error {
	for rest := firstRest; ; {
		select {
		case <-ctx.Done():
			return g.close(context.WithoutCancel(ctx))
		case <-g.wanted:
		}
		if g.has() {
			continue
		}
		err := g.connect(ctx)
		if err == nil {
			rest = firstRest
			continue
		}
		if ctx.Err() == nil {
			g.log.Warn("cannot open the database to read, will try again", "in", rest, "error", err)
		}
		select {
		case <-time.After(rest):
		case <-ctx.Done():
		}
		rest = min(2*rest, maxRest)
	}
}

func (g *graphReader) has() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.db != nil
}

func (g *graphReader) connect(ctx context.Context) error {
	db, server, err := g.openDatabase(ctx)
	if err != nil {
		return err
	}
	if err := db.EnsureSchema(ctx); err != nil { // or words are looked for in an index that is not there
		return errors.Join(err, db.Close(ctx))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.target, g.page = g.browserTarget(server)
	g.db = db
	close(g.opened)
	return nil
}

// browserTarget is where Neo4j Browser is, as far as is known without starting it.
func (a *app) browserTarget(s *local.Server) (guide.Target, string) {
	t, at := guide.Target{Bolt: a.uri, Username: a.username, Database: a.name}, a.browserURL
	if s != nil {
		t.Bolt, t.Username = s.BoltURI, s.Username
		if at == "" {
			at = s.BrowserURL
		}
	}
	page, err := browserPage(at, t.Bolt)
	if err != nil {
		return t, ""
	}
	return t, page
}

// link is a link into Neo4j Browser with a query in its editor, empty while none
// is known.
func (g *graphReader) link(cypher string) string {
	g.mu.Lock()
	target, page := g.target, g.page
	g.mu.Unlock()
	if page == "" {
		return ""
	}
	link, err := target.Link(page, "edit", cypher)
	if err != nil {
		return ""
	}
	return link
}

func (g *graphReader) close(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.db == nil {
		return nil
	}
	if err := g.db.Close(ctx); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

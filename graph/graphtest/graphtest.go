// Package graphtest gives tests an empty Neo4j database: a real one, since the
// database is where the bugs of a loader are. It is for tests only.
package graphtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/graph/local"
)

// A Database is where a test finds its Neo4j.
type Database struct {
	URI, Username, Password string
	Name                    string // empty for the server's default database

	lock *flock.Flock // released by the garbage collector if nobody kept it
}

// limits of what a test waits for.
const (
	startTime = 30 * time.Minute // assembling the server on a fresh machine included
	emptyTime = 2 * time.Minute
	heapMB    = 512
)

// New returns a database that holds no node, no constraint and no index but
// those that Neo4j makes itself. All tests of a binary share it, so tests that
// call New may not run in parallel.
//
// It is the one at NEO4J_TEST_URI (with NEO4J_TEST_USERNAME, neo4j where that is
// unset, NEO4J_TEST_PASSWORD and NEO4J_TEST_DATABASE), of which everything is
// deleted, or else a local server that ends with the test binary. Where neither
// is to be had the test is skipped; where the environment has CI it fails, so
// that no suite passes by testing nothing.
func New(t testing.TB) Database {
	t.Helper()
	db, err := shared()
	if errors.Is(err, local.ErrUnavailable) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), emptyTime)
	defer cancel()
	if err := db.Empty(ctx); err != nil {
		t.Fatalf("empty the test database at %s: %v", db.URI, err)
	}
	return db
}

// shared is the one database of this process.
var shared = sync.OnceValues(func() (Database, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	uri := os.Getenv("NEO4J_TEST_URI")
	if uri == "" {
		return startLocal(ctx)
	}
	lock, err := reserve(ctx, uri)
	return Database{
		URI:      uri,
		Username: cmp.Or(os.Getenv("NEO4J_TEST_USERNAME"), local.Username),
		Password: os.Getenv("NEO4J_TEST_PASSWORD"),
		Name:     os.Getenv("NEO4J_TEST_DATABASE"),
		lock:     lock,
	}, err
})

// reserve keeps other test binaries on this machine, which `go test ./...` runs
// beside this one, from the server at uri until this process ends.
func reserve(ctx context.Context, uri string) (*flock.Flock, error) {
	h := fnv.New64a()
	h.Write([]byte(uri))
	lock := flock.New(filepath.Join(os.TempDir(), fmt.Sprintf("breachgraph-test-%x.lock", h.Sum64())))
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return nil, fmt.Errorf("wait for the test database at %s: %w", uri, err)
	}
	return lock, nil
}

// startLocal starts a server in a folder of its own; server and folder are gone
// soon after this process is.
func startLocal(ctx context.Context) (Database, error) {
	dir, err := os.MkdirTemp("", "breachgraph-test-")
	if err != nil {
		return Database{}, err
	}
	if err := watch(dir); err != nil {
		return Database{}, err
	}
	s, err := local.Start(ctx, local.Options{Dir: dir, HeapMB: heapMB, QuickStart: true})
	if err != nil {
		return Database{}, err
	}
	return Database{URI: s.BoltURI, Username: s.Username, Password: s.Password}, nil
}

// Empty deletes all that db holds.
func (db Database) Empty(ctx context.Context) error {
	return db.within(ctx, func(session neo4j.SessionWithContext) error { return empty(ctx, session) })
}

// Run runs statements that change the database behind the back of whom the test
// is about.
func (db Database) Run(ctx context.Context, statements ...string) error {
	return db.within(ctx, func(session neo4j.SessionWithContext) error { return runAll(ctx, session, statements) })
}

// within gives use a session of its own.
func (db Database) within(ctx context.Context, use func(neo4j.SessionWithContext) error) error {
	driver, err := neo4j.NewDriverWithContext(db.URI, neo4j.BasicAuth(db.Username, db.Password, ""))
	if err != nil {
		return err
	}
	defer driver.Close(ctx)
	session := driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: db.Name})
	defer session.Close(ctx)
	return use(session)
}

// empty deletes all that a database holds.
func empty(ctx context.Context, session neo4j.SessionWithContext) error {
	statements := []string{"MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"}
	for _, kind := range []struct{ name, list string }{
		{"CONSTRAINT", "SHOW CONSTRAINTS YIELD name"},
		{"INDEX", "SHOW INDEXES YIELD name, type, owningConstraint WHERE type <> 'LOOKUP' AND owningConstraint IS NULL"},
	} {
		names, err := column(ctx, session, kind.list+" RETURN name")
		if err != nil {
			return err
		}
		for _, name := range names {
			statements = append(statements, fmt.Sprintf("DROP %s `%s` IF EXISTS", kind.name, strings.ReplaceAll(name, "`", "``")))
		}
	}
	return runAll(ctx, session, statements)
}

func runAll(ctx context.Context, session neo4j.SessionWithContext, statements []string) error {
	for _, s := range statements {
		if _, err := column(ctx, session, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// column runs a statement outside of a transaction, which deleting in batches
// needs, and returns the column `name` of its rows, if they have one.
func column(ctx context.Context, session neo4j.SessionWithContext, cypher string) ([]string, error) {
	result, err := session.Run(ctx, cypher, nil)
	if err != nil {
		return nil, err
	}
	rows, err := result.Collect(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, row := range rows {
		name, _, err := neo4j.GetRecordValue[string](row, "name")
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
)

const (
	// openTime bounds Open: a server that accepts connections and says nothing
	// is as good as none.
	openTime = 20 * time.Second
	// connectTime bounds one attempt to connect.
	connectTime = 8 * time.Second
	// retryTime is how long a transaction is tried again. A server that was
	// killed recovers for half a minute on a busy machine, which is as long as
	// the driver's default lasts.
	retryTime = 2 * time.Minute
	// indexTime bounds the wait for new indexes to be filled.
	indexTime = 10 * time.Minute
)

// leastMajor and leastMinor are the oldest release that understands the
// statements of this package (subqueries with a scope clause).
const leastMajor, leastMinor = 5, 23

// A Config says where a database is and who asks.
type Config struct {
	// URI is the server's address with a scheme that the driver knows: bolt or
	// neo4j, with +s for encryption or +ssc for a self-signed certificate.
	URI string
	// Username and Password are the credentials; both empty means a server
	// without authentication.
	Username, Password string
	// Database is the database's name; empty means the user's home database.
	Database string
	// RetryTime is how long a transaction is tried again that failed for a
	// reason which may pass; 0 means two minutes.
	RetryTime time.Duration
}

// A DB is an open database. Its methods may be called by several goroutines.
type DB struct {
	driver   neo4j.DriverWithContext
	uri      string
	database string
	// writeTime bounds one transaction of a load on the server, so that a lock
	// which nobody gives back does not hold it for ever.
	writeTime time.Duration
}

// Open connects to the database of c and makes sure that it answers. The error
// wraps [ErrUnreachable], [ErrCredentials], [ErrProtocol], [ErrNoDatabase],
// [ErrTooOld] or [ErrVersion] where one of them is the case.
func Open(ctx context.Context, c Config) (*DB, error) {
	auth := neo4j.BasicAuth(c.Username, c.Password, "")
	if c.Username == "" && c.Password == "" {
		auth = neo4j.NoAuth()
	}
	driver, err := neo4j.NewDriverWithContext(c.URI, auth, func(o *config.Config) {
		o.UserAgent = "breachgraph"
		o.SocketConnectTimeout = connectTime
		o.MaxTransactionRetryTime = cmp.Or(c.RetryTime, retryTime)
	})
	if err != nil {
		return nil, fmt.Errorf("open %q: %w: %w", redacted(c.URI), ErrProtocol, err)
	}
	db := &DB{driver: driver, uri: redacted(c.URI), database: c.Database, writeTime: writeTime}
	short, cancel := context.WithTimeoutCause(ctx, openTime, fmt.Errorf("%w: no answer within %s", ErrUnreachable, openTime))
	defer cancel()
	if err := db.check(short); err != nil {
		if short.Err() != nil {
			err = context.Cause(short)
		}
		return nil, errors.Join(fmt.Errorf("open %s: %w", db.uri, err), driver.Close(ctx))
	}
	return db, nil
}

// redacted is uri without the password that it may hold.
func redacted(uri string) string {
	if u, err := url.Parse(uri); err == nil {
		return u.Redacted()
	}
	return uri
}

// Close ends all connections.
func (db *DB) Close(ctx context.Context) error { return db.driver.Close(ctx) }

// check asks the server who it is, and the database for an answer, without the
// retries of a managed transaction.
func (db *DB) check(ctx context.Context) error {
	info, err := db.driver.GetServerInfo(ctx)
	if err != nil {
		return explain(err)
	}
	if err := checkVersion(info.Agent()); err != nil {
		return err
	}
	s := db.session(ctx, neo4j.AccessModeRead)
	err = db.checkGraph(ctx, s)
	if err != nil && db.database != "" {
		err = fmt.Errorf("database %q: %w", db.database, explain(err))
	}
	return errors.Join(explain(err), s.Close(ctx))
}

// checkVersion reads an agent such as "Neo4j/5.26.30". What does not look like
// one is let through: the server may be a compatible one.
func checkVersion(agent string) error {
	version, ok := strings.CutPrefix(agent, "Neo4j/")
	parts := strings.SplitN(version, ".", 3)
	if !ok || len(parts) < 2 {
		return nil
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	if err1 != nil || err2 != nil || major > leastMajor || major == leastMajor && minor >= leastMinor {
		return nil
	}
	return fmt.Errorf("%w: the server is %s, least is %d.%d", ErrTooOld, agent, leastMajor, leastMinor)
}

func (db *DB) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return db.driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: mode, DatabaseName: db.database})
}

// EnsureSchema makes the constraints and indexes that the database lacks, waits
// until they can be used, and keeps [SchemaVersion] in the graph. It must have succeeded once before the first
// load: without constraints, loads at the same time double nodes. The error
// wraps a [*DoubledKeysError] where the database holds two nodes of one key.
func (db *DB) EnsureSchema(ctx context.Context) error {
	s := db.session(ctx, neo4j.AccessModeWrite)
	failed := -1
	_, err := s.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		for i, statement := range Schema() {
			failed = i
			if err := consume(ctx, tx, statement, nil); err != nil {
				return nil, err
			}
		}
		failed = -1
		return nil, nil
	})
	if err = errors.Join(explain(err), s.Close(ctx)); err != nil {
		if isCode(err, "Neo.DatabaseError.Schema.ConstraintCreationFailed") && failed >= 0 && failed < len(Nodes()) {
			err = db.doubled(ctx, Nodes()[failed], err)
		}
		return fmt.Errorf("ensure schema of %s: %w", db.uri, err)
	}
	if err := db.awaitIndexes(ctx); err != nil {
		return err
	}
	return db.keepVersion(ctx)
}

func (db *DB) awaitIndexes(ctx context.Context) error {
	s := db.session(ctx, neo4j.AccessModeRead)
	_, err := s.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		return nil, consume(ctx, tx, "CALL db.awaitIndexes($seconds)", map[string]any{"seconds": int(indexTime.Seconds())})
	})
	if err = errors.Join(explain(err), s.Close(ctx)); err != nil {
		return fmt.Errorf("wait for the indexes of %s: %w", db.uri, err)
	}
	return nil
}

// doubled lists keys of n that more than one node has, in place of the
// server's message, which names only the first and by internal number.
func (db *DB) doubled(ctx context.Context, n Node, cause error) error {
	s := db.session(ctx, neo4j.AccessModeRead)
	defer s.Close(ctx)
	keys, err := neo4j.ExecuteRead(ctx, s, func(tx neo4j.ManagedTransaction) ([]string, error) {
		return firstColumn(ctx, tx, doubledKeys(n))
	})
	if err != nil || len(keys) == 0 {
		return cause
	}
	return &DoubledKeysError{Label: n.Label, Key: n.Key, Values: keys, Err: cause}
}

// consume runs a statement whose result is of no interest.
func consume(ctx context.Context, tx neo4j.ManagedTransaction, statement string, params map[string]any) error {
	result, err := tx.Run(ctx, statement, params)
	if err == nil {
		_, err = result.Consume(ctx)
	}
	return err
}

// firstColumn runs a statement and returns its first column as text.
func firstColumn(ctx context.Context, tx neo4j.ManagedTransaction, statement string) ([]string, error) {
	result, err := tx.Run(ctx, statement, nil)
	if err != nil {
		return nil, err
	}
	var out []string
	for result.Next(ctx) {
		out = append(out, fmt.Sprint(result.Record().Values[0]))
	}
	return out, result.Err()
}

package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// What can be wrong with a database, as the errors of [Open], [DB.EnsureSchema],
// [DB.Load] and [DB.Read] wrap it.
var (
	// ErrUnreachable means that no server answers at the address.
	ErrUnreachable = errors.New("no Neo4j server answers there")
	// ErrCredentials means that the server refuses the user or password.
	ErrCredentials = errors.New("wrong user name or password")
	// ErrProtocol means that the URI asks for something else than what listens
	// there: an unknown scheme, encryption of a plain server, a web port.
	ErrProtocol = errors.New("the URI does not fit the server (schemes: bolt, neo4j, with +s or +ssc for encryption)")
	// ErrNoDatabase means that the server has no database of that name.
	ErrNoDatabase = errors.New("the server has no such database")
	// ErrTooOld means that the server does not understand this version's Cypher.
	ErrTooOld = errors.New("the server is too old")
	// ErrTimeout means that a query ran out of its time.
	ErrTimeout = errors.New("the query took too long")
	// ErrReadOnly means that a query tried to write.
	ErrReadOnly = errors.New("the query would change the graph; queries only read")
)

// A DoubledKeysError says that a database cannot get its constraints because
// several nodes have one key. Nothing is merged on its own: the database was
// filled by something else.
type DoubledKeysError struct {
	Label, Key string
	Values     []string // some of the keys, sorted
	Err        error    // what the server said
}

func (e *DoubledKeysError) Error() string {
	return fmt.Sprintf("several (:%s) nodes have the same %s (%s): remove the doubles, or use an empty database",
		e.Label, e.Key, strings.Join(e.Values, ", "))
}

func (e *DoubledKeysError) Unwrap() error { return e.Err }

// An ArticleError says why one article was not loaded.
type ArticleError struct {
	Article string // the article's own id, else its key
	Err     error
}

func (e *ArticleError) Error() string { return fmt.Sprintf("load article %s: %v", e.Article, e.Err) }

// Unwrap returns the cause.
func (e *ArticleError) Unwrap() error { return e.Err }

// codes are the server's words for the errors above.
var codes = []struct {
	prefix string
	err    error
}{
	{"Neo.ClientError.Security.Unauthorized", ErrCredentials},
	// After three wrong passwords the server refuses the right one too, for 5 s.
	{"Neo.ClientError.Security.AuthenticationRateLimit", ErrCredentials},
	{"Neo.ClientError.Database.DatabaseNotFound", ErrNoDatabase},
	{"Neo.ClientError.Transaction.TransactionTimedOut", ErrTimeout},
	// The time ran out while it waited for another transaction.
	{"Neo.ClientError.Transaction.LockClientStopped", ErrTimeout},
	{"Neo.ClientError.Statement.AccessMode", ErrReadOnly},
}

// explain puts one of the sentinels above before err where it is one of them.
func explain(err error) error {
	if err == nil || known(err) {
		return err
	}
	for _, c := range codes {
		if isCode(err, c.prefix) {
			return fmt.Errorf("%w: %w", c.err, err)
		}
	}
	var (
		usage *neo4j.UsageError
		limit *neo4j.TransactionExecutionLimit
	)
	switch {
	case isCode(err, "Neo.DatabaseError.Transaction.TransactionLogError"):
		return fmt.Errorf("the server cannot write to its disk, which may be full; make room and start it again: %w", err)
	case errors.As(err, &usage), errors.As(err, new(*neo4j.ConnectivityError)) && strings.Contains(err.Error(), "TLS"):
		return fmt.Errorf("%w: %w", ErrProtocol, err)
	case errors.As(err, new(*neo4j.ConnectivityError)):
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	case errors.As(err, &limit) && len(limit.Errors) > 0:
		// The driver names the limit that was reached; what counts is what it
		// had tried to get past.
		return fmt.Errorf("%w (%s)", explain(limit.Errors[len(limit.Errors)-1]), limit.Cause)
	}
	return err
}

func known(err error) bool {
	for _, e := range []error{ErrUnreachable, ErrCredentials, ErrProtocol, ErrNoDatabase, ErrTooOld, ErrVersion, ErrTimeout, ErrReadOnly} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// isCode reports whether err is the server's, with a code that starts so.
func isCode(err error, prefix string) bool {
	var n *neo4j.Neo4jError
	return errors.As(err, &n) && strings.HasPrefix(n.Code, prefix)
}

// coded reports whether err is the server's, with one of the codes.
func coded(err error, codes []string) bool {
	return slices.ContainsFunc(codes, func(code string) bool { return isCode(err, code) })
}

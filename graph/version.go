package graph

import (
	"context"
	"errors"
	"fmt"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// SchemaVersion is the version of all that [Nodes] and [Edges] declare and of
// how keys and facts are made. It rises with each change after which a graph
// made before can no longer be loaded into, or be read, as it is. The graph
// keeps it in its one node Schema.
const SchemaVersion = 1

// schemaKey is the key of that node.
const schemaKey = "breachgraph"

// unversioned is the version of graphs that were made before it was kept.
const unversioned = 0

// ErrVersion means that the graph was made by a breachgraph whose
// [SchemaVersion] is another one. Nothing is read from it or written to it.
var ErrVersion = errors.New("the graph was made by another version of breachgraph")

const (
	readVersion = `MATCH (s:Schema {id: $key}) RETURN s.version AS version`

	// No other graph has this pattern: where it is and no version, the graph was
	// made before versions were kept.
	readUnversioned = `MATCH (:Claim)-[:STATED_IN]->(:Article) RETURN $unversioned AS version LIMIT 1`

	// The lock that MERGE takes of a node that is there is shared: batches do not
	// wait for each other.
	keepVersion = `MERGE (s:Schema {id: $key}) ON CREATE SET s.version = $version
RETURN s.version AS version`
)

// checkSchemaVersion refuses a graph of another version.
func checkSchemaVersion(version any) error {
	have, ok := version.(int64)
	switch {
	case version == nil || have == SchemaVersion && ok:
		return nil
	case !ok:
		return fmt.Errorf("%w: its node Schema has the version %v, which is none", ErrVersion, version)
	case have > SchemaVersion:
		return fmt.Errorf("%w: it has schema version %d, and this breachgraph knows %d: use a newer breachgraph (`breachgraph version` says which schema it knows), or another database",
			ErrVersion, have, SchemaVersion)
	}
	return fmt.Errorf("%w: it has schema version %d, and this breachgraph knows %d: save it with the breachgraph that made it (`breachgraph export --format jsonl --output graph.jsonl`), "+
		"empty the database (`breachgraph db reset` does that to the local one), and read it back with this one (`breachgraph ingest graph.jsonl`)",
		ErrVersion, have, SchemaVersion)
}

// versionParams are the parameters of the statements above.
func versionParams() map[string]any {
	return map[string]any{"key": schemaKey, "version": SchemaVersion, "unversioned": unversioned}
}

// checkGraph asks the database for the version of its graph, without the
// retries of a managed transaction.
func (db *DB) checkGraph(ctx context.Context, s neo4j.SessionWithContext) error {
	for _, statement := range []string{readVersion, readUnversioned} {
		result, err := s.Run(ctx, statement, versionParams())
		if err != nil {
			return err
		}
		records, err := result.Collect(ctx)
		if err != nil {
			return err
		}
		if len(records) > 0 {
			return checkSchemaVersion(records[0].Values[0])
		}
	}
	return nil
}

func (db *DB) keepVersion(ctx context.Context) error {
	s := db.session(ctx, neo4j.AccessModeWrite)
	_, err := s.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) { return nil, newBatch(tx, nil).keepVersion(ctx) })
	if err = errors.Join(explain(err), s.Close(ctx)); err != nil {
		return fmt.Errorf("keep the schema's version in %s: %w", db.uri, err)
	}
	return nil
}

// keepVersion writes the version into a graph that has none, and refuses one
// that has come to have another.
func (b *batch) keepVersion(ctx context.Context) error {
	var found any
	err := b.askWith(ctx, keepVersion, versionParams(), func(r *neo4j.Record) { found, _ = r.Get("version") })
	if err != nil {
		return err
	}
	return checkSchemaVersion(found)
}

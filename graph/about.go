package graph

import (
	"context"
	"fmt"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// About is what a database says of itself.
type About struct {
	Version, Edition string
	Now              time.Time // by its clock
	Missing          []string  // constraints and indexes that the first load will make
}

// About asks the database what it is.
func (db *DB) About(ctx context.Context) (About, error) {
	const ask = `CALL dbms.components() YIELD name, versions, edition WHERE name = 'Neo4j Kernel'
RETURN versions[0] AS version, edition, datetime() AS now`
	rows, err := readRows(ctx, db, ask, nil, func(r *neo4j.Record) About {
		return About{Version: get[string](r, "version"), Edition: get[string](r, "edition"), Now: get[time.Time](r, "now")}
	})
	var about About
	if err == nil && len(rows) > 0 {
		about = rows[0]
	}
	if err == nil {
		s := db.session(ctx, neo4j.AccessModeRead)
		defer s.Close(ctx)
		about.Missing, err = neo4j.ExecuteRead(ctx, s, func(tx neo4j.ManagedTransaction) ([]string, error) {
			return newBatch(tx, nil).missingConstraints(ctx)
		})
	}
	if err != nil {
		return About{}, fmt.Errorf("ask %s what it is: %w", db.uri, explain(err))
	}
	return about, nil
}

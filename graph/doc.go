// Package graph keeps what was extracted from articles in Neo4j and reads it
// back. It declares what the graph holds, loads extraction results so that the
// same articles give the same graph whatever the order and however often a
// load was cut off, and runs queries under a limit. It starts no server and
// stores no article's text.
//
// schema.go and edges.go are the table of labels and relationships from which all else
// follows; cypher.go writes statements
// from the table; rows.go turns a Result into rows; name.go and id.go make the
// keys; breach.go says which articles tell of one incident; load.go, batch.go
// and recompute.go write; db.go opens a database and errors.go tells apart what
// can go wrong with one; read.go runs queries; docs.go writes docs/schema.md
// and the style sheet of Neo4j Browser.
package graph

// Package guide makes Neo4j Browser ready for the graph: a guide that walks
// through one story with queries to click, colours and captions by label, and
// the named queries as saved ones. It serves them, and where the files of Neo4j
// Browser are at hand that too, so that all is in place without an action of
// the reader.
//
// guide.go makes the pages and the archive of queries, serve.go serves them.
package guide

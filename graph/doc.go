// Package graph keeps what was extracted from articles in Neo4j and reads it
// back. It declares what the graph holds, loads extraction results so that the
// same articles give the same graph whatever the order and however often a
// load was cut off, and runs queries under a limit. It starts no server and
// stores no article's text.
//
// schema.go and edges.go are the table of labels and relationships from which
// all else follows, values.go lists the canonical values and cypher.go writes
// statements from them. rows.go and claims.go turn a Result into rows, with the
// names, keys and properties of name.go, id.go and props.go. load.go gathers
// articles into batches and batch.go writes one; on its way, resolution.go leads
// names to the entities that they were found to be, settle.go finds which breach
// each article tells of by the rules of breach.go, trait.go and likeness.go, of
// all other articles looking at those that closure.go finds to matter, and
// recompute.go, facts.go and supersede.go compute what several articles say together.
// gazetteer.go knows names from lists, candidate.go finds names that may be one
// and resolve.go merges and splits them; curation.go reads people's corrections
// and curate.go makes them hold, meaning.go what a name means in single articles,
// and namesake.go finds people who may be two. forget.go removes for good and
// check.go examines a graph.
//
// db.go opens a database, version.go refuses a graph of another version, errors.go
// tells apart what can be wrong with one, about.go asks what it is, and read.go
// runs queries. part.go and pick.go choose a part of the graph, record.go and
// keep.go make records of it, and restore.go takes them back; dump.go and undump.go
// do that with all of a graph, for backups; script.go writes one as Cypher. docs.go
// writes docs/schema.md and the style sheet of Neo4j Browser.
package graph

// Package queries holds the questions that a researcher asks of the graph most
// often, each as one readable Cypher file.
//
// A query's file is complete in itself: a header of comments names it, says
// what it answers and declares its parameters, and the Cypher below can be
// pasted into Neo4j Browser. The package reads those files, checks them and
// turns parameters given as text into values that the driver takes; running
// them is left to the caller.
package queries

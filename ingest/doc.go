// Package ingest says what an article is, how it is identified and how it is
// read from the forms it comes in: markdown notes, plain text, JSON Lines and,
// through [ingest/page], saved HTML. It never touches the network.
package ingest

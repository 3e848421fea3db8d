// Package crawl is how articles are fetched, and the only part of ingest that
// reaches the network. It believes nothing that a server says about the size,
// the kind or the place of what it sends.
package crawl

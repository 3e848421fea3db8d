// Package crawl is how articles are found and fetched, and the only part of
// ingest that reaches the network. It believes nothing that a server says about
// the size, the kind or the place of what it sends, and asks nobody more often
// than is polite. It extracts nothing and knows of no database.
//
// A crawl begins in crawl.go; pass.go decides what is visited when, schedule.go
// when again, settle.go what becomes of a visit, and event.go tells of it.
// source.go reads sources.yaml; feed.go, sitemap.go and listing.go find addresses
// in what a source is, files.go articles in folders and WARC files. visit.go
// follows redirects, robots.go keeps to robots.txt, host.go to delays, collect.go
// makes a request through colly, and guard.go refuses private addresses.
// sketches.go finds copies. load.go gives what has to be loaded yet, replay.go
// and captured.go read archives again, restore.go makes a lost frontier from one.
// keep.go takes snapshots and lets what is old go.
// planned.go says what a crawl would do, check.go tries sources, docs.go describes
// them. fetch.go gets single pages, for who has their addresses.
package crawl

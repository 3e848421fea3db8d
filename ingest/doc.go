// Package ingest says what an article is, how it is identified and how it is
// read from the forms it comes in: markdown notes, plain text, JSON Lines and,
// through [ingest/page], saved HTML. It never touches the network, and it
// refuses nothing for what it tells: whether an article is worth loading is
// the caller's question ([Article.Check]).
//
// The type and its identity are in article.go and canonical.go. All reading
// goes through reader.go, which asks sniff.go for the format and hands over to
// note.go (with inline.go for the markup inside paragraphs), text.go or
// jsonl.go; walk.go finds the files of a folder. What notes and pages have in
// common, dates and by-lines, is read in date.go and byline.go. Which articles
// tell the same text, wholly or as an excerpt, is found in duplicate.go.
//
// [ingest/page]: https://pkg.go.dev/github.com/breachgraph/breachgraph/ingest/page
package ingest

// Package page reads saved web pages as articles: the body without what
// surrounds it, its links as offsets into the text, and what the page says of
// itself in schema.org JSON-LD, OpenGraph, meta elements and plain sight. It
// fetches nothing.
//
// page.go holds [Read] and its bounds, decode.go the character sets. The body
// comes from body.go (go-trafilatura's choice of it, written as paragraphs),
// furniture.go (what of that is not article) and links.go; the rest from
// jsonld.go, with repair.go for blocks that are not quite JSON, meta.go,
// title.go, author.go and when.go.
package page

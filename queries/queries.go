// Package queries holds the questions that a researcher asks of the graph most
// often, each as one readable Cypher file.
//
// A query's file is complete in itself: a header of comments names it, says
// what it answers and declares its parameters, and the Cypher below can be
// pasted into Neo4j Browser. The package reads those files, checks them and
// turns parameters given as text into values; it knows no database, and
// running a query is left to the caller.
//
// A fact that is denied, or merely possible, is no answer: but for those that
// are about denials, queries leave both out unless their parameter status names
// them. Rows come in a total order, so that the same graph gives the same rows.
//
// queries.go lists the queries, header.go reads their files, param.go binds
// parameters and type.go reads their values, cypher.go finds and replaces
// parameters in Cypher, docs.go writes docs/queries.md.
package queries

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
)

//go:embed *.cypher
var files embed.FS

// A Query is a question to the graph.
type Query struct {
	Name        string // in kebab-case, unique
	Theme       string // one of [Themes], or empty
	Description string // a sentence
	Scans       string // what it reads that no index spares it, a sentence; empty for most
	Params      []Param
	Example     string // parameters worth a try, as name=value with spaces between; empty if defaults are
	Cypher      string // the query without its header
	Text        string // the whole file
}

// All returns the queries that come with the program, by name. An error means
// that it was built with a broken file, and wraps a [*ParseError].
func All() ([]Query, error) {
	names, err := fs.Glob(files, "*.cypher")
	if err != nil {
		return nil, fmt.Errorf("list queries: %w", err)
	}
	all := make([]Query, len(names))
	for i, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read query: %w", err)
		}
		if all[i], err = Parse(name, string(text)); err != nil {
			return nil, fmt.Errorf("read query: %w", err)
		}
	}
	return all, nil
}

// Themes returns what queries are about, in the order in which they are listed.
func Themes() []string {
	return []string{"overview", "victims", "people", "firms", "figures", "data", "methods", "time", "media", "provenance", "quality"}
}

// ByTheme returns all in the order of [Themes], and within one as they come;
// those without a theme are first.
func ByTheme(all []Query) []Query {
	return slices.SortedStableFunc(slices.Values(all), func(x, y Query) int {
		return cmp.Compare(slices.Index(Themes(), x.Theme), slices.Index(Themes(), y.Theme))
	})
}

// Package queries holds the questions that a researcher asks of the graph most
// often, each as one readable Cypher file.
//
// A query's file is complete in itself: a header of comments names it, says
// what it answers and declares its parameters, and the Cypher below can be
// pasted into Neo4j Browser. The package reads those files, checks them and
// turns parameters given as text into values that the driver takes; running
// them is left to the caller.
//
// queries.go lists the queries, parse.go reads a file's header, param.go reads
// and writes values of parameters, docs.go writes docs/queries.md.
package queries

import (
	"embed"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

//go:embed *.cypher
var files embed.FS

// A Query is one named question.
type Query struct {
	Name        string // in kebab-case; its file's without .cypher
	Description string // one sentence
	Params      []Param
	// Example are parameters that show the query at work on the articles in
	// testdata, as one line of key=value pairs; it may be empty.
	Example string
	// Cypher is the query without its header.
	Cypher string
}

// All returns every named query in the order of their names. An error means
// that the program was built with a broken file; it wraps a [*ParseError].
func All() ([]Query, error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	var out []Query
	for _, e := range entries {
		raw, err := files.ReadFile(e.Name())
		if err != nil {
			return nil, err
		}
		q, err := Parse(e.Name(), string(raw))
		if err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	return out, nil
}

// Args reads parameters given as key=value and returns the value of each
// parameter of q: a time.Time, int64, float64, string or bool, or a []any of
// them. What is not given has its default. It returns an error for a parameter
// that q does not have, one that comes twice, a value of another type and a
// required parameter that is missing.
func (q Query) Args(pairs []string) (map[string]any, error) {
	given := map[string]string{}
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		_, again := given[name]
		switch {
		case !ok:
			return nil, fmt.Errorf("query %s: parameter %q is not of the form key=value", q.Name, pair)
		case !slices.ContainsFunc(q.Params, func(p Param) bool { return p.Name == name }):
			return nil, fmt.Errorf("query %s: no parameter %q; there are: %s", q.Name, name, strings.Join(q.names(), ", "))
		case again:
			return nil, fmt.Errorf("query %s: parameter %s is given twice", q.Name, name)
		}
		given[name] = value
	}
	out := map[string]any{}
	var errs []error
	for _, p := range q.Params {
		text, ok := given[p.Name]
		if !ok {
			text = p.Default
		}
		if !ok && p.Required {
			errs = append(errs, fmt.Errorf("query %s: parameter %s is missing: %s", q.Name, p.Name, p.Doc))
			continue
		}
		v, err := p.Type.read(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("query %s: parameter %s: %w", q.Name, p.Name, err))
		}
		out[p.Name] = v
	}
	return out, errors.Join(errs...)
}

func (q Query) names() []string {
	var out []string
	for _, p := range q.Params {
		out = append(out, p.Name)
	}
	return out
}

// parameter is one as it stands in Cypher. The files hold no dollar sign
// elsewhere.
var parameter = regexp.MustCompile(`\$([A-Za-z]\w*)`)

// used returns the names of the parameters in the query's text, sorted.
func (q Query) used() []string {
	names := map[string]bool{}
	for _, m := range parameter.FindAllStringSubmatch(q.Cypher, -1) {
		names[m[1]] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// Filled returns the query with values, which [Query.Args] gave, in the place
// of its parameters: text that runs in Neo4j Browser or cypher-shell as it is.
func (q Query) Filled(values map[string]any) string {
	return parameter.ReplaceAllStringFunc(q.Cypher, func(p string) string { return literal(values[p[1:]]) })
}

package queries

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A ParseError says which line of a query's file is at fault.
type ParseError struct {
	File string
	Line int // 1-based
	Err  error
}

func (e *ParseError) Error() string { return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *ParseError) Unwrap() error { return e.Err }

// nameForm is kebab-case.
var nameForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Parse reads the file of a query: lines of `// key: value` with the keys name,
// description, example and param, and from the first other line on its Cypher.
// The name must be the file's. An error is a [*ParseError].
func Parse(file, text string) (Query, error) {
	var q Query
	fail := func(line int, format string, args ...any) (Query, error) {
		return Query{}, &ParseError{File: file, Line: line, Err: fmt.Errorf(format, args...)}
	}
	lines := strings.Split(text, "\n")
	n := 0
	for ; n < len(lines) && strings.HasPrefix(lines[n], "//"); n++ {
		key, value, ok := strings.Cut(strings.TrimPrefix(lines[n], "//"), ":")
		value = strings.TrimSpace(value)
		if !ok || value == "" {
			return fail(n+1, "header line is not of the form // key: value")
		}
		if err := q.set(strings.TrimSpace(key), value); err != nil {
			return fail(n+1, "%w", err)
		}
	}
	q.Cypher = strings.TrimSpace(strings.Join(lines[n:], "\n"))
	switch {
	case q.Name+".cypher" != file:
		return fail(1, "the query's name is %q, not that of the file", q.Name)
	case q.Description == "":
		return fail(1, "no description")
	case q.Cypher == "":
		return fail(n, "no Cypher below the header")
	}
	if err := q.check(); err != nil {
		return fail(n+1, "%w", err)
	}
	return q, nil
}

// set takes one line of the header.
func (q *Query) set(key, value string) error {
	switch key {
	case "name":
		if !nameForm.MatchString(value) {
			return fmt.Errorf("name %q is not in kebab-case", value)
		}
		return once(&q.Name, key, value)
	case "description":
		return once(&q.Description, key, value)
	case "example":
		return once(&q.Example, key, value)
	case "param":
		p, err := parseParam(value)
		if err == nil && slices.Contains(q.names(), p.Name) {
			err = fmt.Errorf("parameter %s is declared twice", p.Name)
		}
		q.Params = append(q.Params, p)
		return err
	}
	return fmt.Errorf("unknown key %q; there are: name, description, param, example", key)
}

func once(field *string, key, value string) error {
	if *field != "" {
		return fmt.Errorf("%s is given twice", key)
	}
	*field = value
	return nil
}

// check compares the parameters that are declared with those that are used,
// and reads the example.
func (q Query) check() error {
	declared := q.names()
	slices.Sort(declared)
	if used := q.used(); !slices.Equal(used, declared) {
		return fmt.Errorf("parameters used are %v, those declared %v", used, declared)
	}
	if _, err := q.Args(strings.Fields(q.Example)); err != nil && (q.Example != "" || !q.needs()) {
		return fmt.Errorf("example: %w", err)
	}
	if q.Example == "" && q.needs() {
		return errors.New("a query with required parameters needs an example")
	}
	return nil
}

// needs reports whether q cannot be run without parameters.
func (q Query) needs() bool {
	return slices.ContainsFunc(q.Params, func(p Param) bool { return p.Required })
}

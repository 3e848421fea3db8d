package queries

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
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

const (
	keyName        = "name"
	keyTheme       = "theme"
	keyDescription = "description"
	keyScans       = "scans"
	keyParam       = "param"
	keyExample     = "example"
)

// Parse reads the text of a query. Its header is comments of the form
//
//	// name: repeat-victims
//	// theme: victims
//	// description: Companies that suffered more than one breach.
//	// param: limit integer 25 Rows returned at most.
//	// example: limit=3
//
// and ends with the first other line. The theme may be left out; a query that
// has to read much of the graph says what in a line of scans. A parameter's line gives its name, its
// [Type], its default, which is one word, and what it means; the default null
// means that the query does without it, and - that it must be given, of which
// there is an example. Each parameter that the header declares is used below
// it, and the other way round. A file that ends in .cypher has the name of its
// query.
//
// The error is a [*ParseError].
func Parse(file, text string) (Query, error) {
	p := parser{query: Query{Text: text}, lines: map[string]int{}}
	if line, err := p.parse(file, text); err != nil {
		return Query{}, &ParseError{File: file, Line: line, Err: err}
	}
	return p.query, nil
}

type parser struct {
	query Query
	lines map[string]int // where each key, or parameter with its dollar sign, stands
}

// parse returns the line of the error, if there is one.
func (p *parser) parse(file, text string) (int, error) {
	if at := invalid(text); at >= 0 {
		return lineAt(text, at), errors.New("text is not valid UTF-8")
	}
	line, rest := 1, text
	for ; ; line++ {
		key, value, after, ok := headerLine(rest)
		if !ok {
			break
		}
		if err := p.header(line, key, value); err != nil {
			return line, err
		}
		rest = after
	}
	for _, key := range []string{keyName, keyDescription} {
		if p.lines[key] == 0 {
			return line, fmt.Errorf("the header ends without a %s", key)
		}
	}
	if name, ok := strings.CutSuffix(path.Base(file), ".cypher"); ok && name != p.query.Name {
		return p.lines[keyName], fmt.Errorf("query %s stands in a file of another name", p.query.Name)
	}
	if p.query.Cypher = strings.TrimSpace(rest); p.query.Cypher == "" {
		return line, errors.New("no Cypher below the header")
	}
	if _, err := p.query.Args(strings.Fields(p.query.Example)); err != nil {
		return cmp.Or(p.lines[keyExample], line), fmt.Errorf("example: %w", err)
	}
	return p.checkUses(line, rest)
}

// headerPattern is a line of the header.
var headerPattern = regexp.MustCompile(`^//[ \t]*([a-z]+):[ \t]*(.*)$`)

// headerLine cuts the first line off text if it belongs to a header.
func headerLine(text string) (key, value, rest string, ok bool) {
	line, rest, _ := strings.Cut(text, "\n")
	m := headerPattern.FindStringSubmatch(strings.TrimSpace(line))
	if m == nil {
		return "", "", text, false
	}
	return m[1], m[2], rest, true
}

// namePattern is what a query is called.
var namePattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

func (p *parser) header(line int, key, value string) error {
	if value == "" {
		return fmt.Errorf("%s is empty", key)
	}
	if key == keyParam {
		return p.param(line, value)
	}
	if p.lines[key] != 0 {
		return fmt.Errorf("a second %s", key)
	}
	p.lines[key] = line
	switch key {
	case keyName:
		if !namePattern.MatchString(value) {
			return fmt.Errorf("name %q is not in kebab-case", value)
		}
		p.query.Name = value
	case keyTheme:
		if !slices.Contains(Themes(), value) {
			return fmt.Errorf("theme %q is not one of %s", value, strings.Join(Themes(), ", "))
		}
		p.query.Theme = value
	case keyDescription:
		p.query.Description = value
	case keyScans:
		p.query.Scans = value
	case keyExample:
		p.query.Example = value
	default:
		return fmt.Errorf("unknown key %q", key)
	}
	return nil
}

func (p *parser) param(line int, text string) error {
	param, err := parseParam(text)
	if err != nil {
		return err
	}
	if p.lines["$"+param.Name] != 0 {
		return fmt.Errorf("a second parameter %s", param.Name)
	}
	p.lines["$"+param.Name] = line
	p.query.Params = append(p.query.Params, param)
	return nil
}

// checkUses makes sure that the Cypher, which begins in line first, uses the
// parameters that the header declares.
func (p *parser) checkUses(first int, cypher string) (int, error) {
	used := map[string]bool{}
	for _, u := range uses(cypher) {
		if p.lines["$"+u.name] == 0 {
			return first + lineAt(cypher, u.start) - 1, fmt.Errorf("parameter $%s is not declared", u.name)
		}
		used[u.name] = true
	}
	if i := slices.IndexFunc(p.query.Params, func(d Param) bool { return !used[d.Name] }); i >= 0 {
		unused := p.query.Params[i].Name
		return p.lines["$"+unused], fmt.Errorf("parameter %s is not used", unused)
	}
	return 0, nil
}

// lineAt is the line, from 1, in which byte i of text stands.
func lineAt(text string, i int) int { return 1 + strings.Count(text[:i], "\n") }

// invalid is where text stops being valid UTF-8, or -1.
func invalid(text string) int {
	for i, r := range text {
		if r != utf8.RuneError {
			continue
		}
		if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
			return i
		}
	}
	return -1
}

package queries

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Defaults in a header that are no values.
const (
	noDefault   = "-"
	nullDefault = "null"
)

// A Param is a parameter of a query.
type Param struct {
	Name string // without the dollar sign
	Type Type
	// Default is what a user would write; empty where the query does without the
	// parameter, or it is required.
	Default  string
	Required bool
	Doc      string // a sentence
}

var (
	paramPattern = regexp.MustCompile(`^(\S+)\s+(\S+)\s+(\S+)\s+(.+)$`)
	paramName    = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
)

// parseParam reads the line of a parameter in a header.
func parseParam(text string) (Param, error) {
	m := paramPattern.FindStringSubmatch(text)
	if m == nil {
		return Param{}, fmt.Errorf("parameter %q lacks one of name, type, default and meaning", text)
	}
	p := Param{Name: m[1], Type: Type(m[2]), Default: m[3], Required: m[3] == noDefault, Doc: m[4]}
	if p.Required || p.Default == nullDefault {
		p.Default = ""
	}
	if !paramName.MatchString(p.Name) {
		return Param{}, fmt.Errorf("parameter name %q is not in camelCase", p.Name)
	}
	if p.Type.reader() == nil {
		return Param{}, fmt.Errorf("parameter %s: unknown type %q", p.Name, p.Type)
	}
	if _, err := p.value(p.Default); err != nil && !p.Required {
		return Param{}, fmt.Errorf("default of %w", err)
	}
	return p, nil
}

// optional reports whether the query does without p.
func (p Param) optional() bool { return p.Default == "" && !p.Required }

// value reads text, which is nil if it is empty and the query does without p.
func (p Param) value(text string) (any, error) {
	if text == "" && p.optional() {
		return nil, nil
	}
	v, err := p.Type.reader()(text)
	if err != nil {
		return nil, fmt.Errorf("parameter %s (%s): %w", p.Name, p.Type, err)
	}
	return v, nil
}

// Args makes the parameters that the Cypher of q takes from arguments of the
// form name=value, and from defaults for the others. A date becomes a
// time.Time, which is to be passed to the database as a date; a list becomes a
// slice of what its values become; what the query does without is nil. The
// error names query, parameter, value and type.
func (q Query) Args(args []string) (map[string]any, error) {
	given := map[string]string{}
	for _, arg := range args {
		name, text, ok := strings.Cut(arg, "=")
		if !ok {
			return nil, fmt.Errorf("query %s: argument %q is not of the form name=value", q.Name, arg)
		}
		if _, twice := given[name]; twice {
			return nil, fmt.Errorf("query %s: parameter %s is given twice", q.Name, name)
		}
		if !slices.ContainsFunc(q.Params, func(p Param) bool { return p.Name == name }) {
			return nil, fmt.Errorf("query %s: no parameter %q; %s", q.Name, name, q.takes())
		}
		given[name] = text
	}
	values := map[string]any{}
	for _, p := range q.Params {
		text, ok := given[p.Name]
		if !ok && p.Required {
			return nil, fmt.Errorf("query %s: parameter %s (%s) must be given: %s", q.Name, p.Name, p.Type, p.Doc)
		}
		if !ok {
			text = p.Default
		}
		v, err := p.value(text)
		if err != nil {
			return nil, fmt.Errorf("query %s: %w", q.Name, err)
		}
		values[p.Name] = v
	}
	return values, nil
}

// takes lists the parameters of q.
func (q Query) takes() string {
	if len(q.Params) == 0 {
		return "it takes none"
	}
	names := make([]string, len(q.Params))
	for i, p := range q.Params {
		names[i] = p.Name
	}
	return "it takes " + strings.Join(names, ", ")
}

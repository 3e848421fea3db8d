package queries

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A Type is what a parameter holds: date, integer, float, string or boolean,
// or with [] behind it a list of such values, which are parted by commas.
type Type string

// required stands for the default of a parameter that must be given, and quotes
// for an empty text.
const (
	required = "-"
	quotes   = `""`
)

// A Param is a parameter of a query.
type Param struct {
	Name     string
	Type     Type
	Default  string // as a user would write it
	Required bool   // whether it must be given; there is no default then
	Doc      string // one sentence
}

// paramForm is "name type default description".
var paramForm = regexp.MustCompile(`^([a-z][A-Za-z0-9]*) (\S+) (\S+) (\S.*)$`)

func parseParam(line string) (Param, error) {
	m := paramForm.FindStringSubmatch(line)
	if m == nil {
		return Param{}, errors.New(`parameter is not of the form "name type default description"`)
	}
	p := Param{Name: m[1], Type: Type(m[2]), Default: m[3], Required: m[3] == required, Doc: m[4]}
	if p.Required || p.Default == quotes {
		p.Default = ""
	}
	if readers[p.Type.element()] == nil {
		return p, fmt.Errorf("parameter %s has unknown type %q", p.Name, p.Type)
	}
	if p.Required {
		return p, nil
	}
	if _, err := p.Type.read(p.Default); err != nil {
		return p, fmt.Errorf("default of parameter %s: %w", p.Name, err)
	}
	return p, nil
}

// element is the type of one value, of a list or not.
func (t Type) element() Type { return Type(strings.TrimSuffix(string(t), "[]")) }

// readers read one value of each type.
var readers = map[Type]func(string) (any, error){
	"date": func(s string) (any, error) {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return nil, fmt.Errorf("%q is not a date such as 2021-08-27", s)
		}
		return t, nil
	},
	"integer": func(s string) (any, error) {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is not a whole number", s)
		}
		return n, nil
	},
	"float": func(s string) (any, error) {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			return nil, fmt.Errorf("%q is not a number", s)
		}
		return f, nil
	},
	"string": func(s string) (any, error) { return s, nil },
	"boolean": func(s string) (any, error) {
		if s != "true" && s != "false" {
			return nil, fmt.Errorf("%q is neither true nor false", s)
		}
		return s == "true", nil
	},
}

// read makes a value of type t of text; a list is a []any.
func (t Type) read(text string) (any, error) {
	one := readers[t.element()]
	if t == t.element() {
		return one(text)
	}
	list := []any{}
	if text == "" {
		return list, nil
	}
	for s := range strings.SplitSeq(text, ",") {
		v, err := one(strings.TrimSpace(s))
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// quoter writes text for a Cypher string in single quotes.
var quoter = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// literal is v as Cypher.
func literal(v any) string {
	switch v := v.(type) {
	case string:
		return "'" + quoter.Replace(v) + "'"
	case time.Time:
		return "date('" + v.Format(time.DateOnly) + "')"
	case float64:
		s := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(s, ".e") {
			s += ".0"
		}
		return s
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = literal(x)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(v)
}

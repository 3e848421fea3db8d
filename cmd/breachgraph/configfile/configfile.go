// Package configfile reads settings from a file, strictly: what is not known, not
// of the right type or not a good value is a problem with its line. What settings
// there are, and where else they come from, is for the program to say.
package configfile

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// A Type says what a value looks like.
type Type string

// The types, in words for those who err.
const (
	Text   Type = "a text"
	Switch Type = "true or false"
	Whole  Type = "a whole number"
	Number Type = "a number"
)

// A Key is a setting that a file may hold.
type Key struct {
	Name    string
	Verbs   []string // that have it; nil for all
	Type    Type
	Refused string                   // why a file may not hold it; empty where it may
	Check   func(value string) error // says what is wrong with a value; nil takes all
}

func (k Key) of(verb string) bool { return k.Verbs == nil || slices.Contains(k.Verbs, verb) }

// A Value is what a file says.
type Value struct {
	Text string
	Line int // 1-based
}

// A File is settings that were read. The nil File holds none.
type File struct {
	Path   string
	values map[string]map[string]Value // by verb, empty for all, and name
}

// Lookup returns what the file says of a setting for a verb: below the verb's
// name, or else for all.
func (f *File) Lookup(verb, name string) (Value, bool) {
	if v, ok := f.Below(verb, name); ok {
		return v, true
	}
	return f.Below("", name)
}

// Below returns what the file says of a setting below a verb's name, or for all
// verbs where that is empty.
func (f *File) Below(verb, name string) (Value, bool) {
	if f == nil {
		return Value{}, false
	}
	v, ok := f.values[verb][name]
	return v, ok
}

// A Problem is a line that is at fault.
type Problem struct {
	File string
	Line int // 1-based; 0 for the whole file
	Text string
}

// Error implements error.
func (p *Problem) Error() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// maxBytes bounds a file.
const maxBytes = 1 << 20

// Read reads a file. Its problems are in the order of their lines; an error says
// that it cannot be read at all.
func Read(path string, keys []Key) (*File, []*Problem, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read the configuration: %w", err)
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read the configuration: %w", err)
	}
	if len(raw) > maxBytes {
		return nil, nil, fmt.Errorf("read the configuration: %s is larger than %d KiB", path, maxBytes>>10)
	}
	f, problems := Parse(path, raw, keys)
	return f, problems, nil
}

// Parse reads what is in a file.
func Parse(path string, raw []byte, keys []Key) (*File, []*Problem) {
	r := reader{file: &File{Path: path, values: map[string]map[string]Value{}}, keys: keys}
	doc, err := parser.ParseBytes(raw, 0)
	var y yaml.Error
	switch {
	case errors.As(err, &y) && y.GetToken() != nil:
		r.problem(y.GetToken().Position.Line, "%s", y.GetMessage())
	case err != nil:
		r.problem(0, "%v", err)
	default:
		r.documents(doc.Docs)
	}
	slices.SortStableFunc(r.problems, func(a, b *Problem) int { return cmp.Compare(a.Line, b.Line) })
	return r.file, r.problems
}

// A reader gathers values and problems.
type reader struct {
	file     *File
	keys     []Key
	problems []*Problem
}

func (r *reader) problem(line int, format string, args ...any) {
	r.problems = append(r.problems, &Problem{r.file.Path, line, fmt.Sprintf(format, args...)})
}

func (r *reader) documents(docs []*ast.DocumentNode) {
	for i, d := range docs {
		switch {
		case d.Body == nil:
		case i > 0:
			r.problem(lineOf(d.Body), "a second document; a configuration is one")
		default:
			r.each(d.Body, r.top)
		}
	}
}

// each calls do for each pair of a mapping.
func (r *reader) each(n ast.Node, do func(key string, line int, value ast.Node)) {
	var pairs []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		pairs = m.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{m}
	case *ast.CommentGroupNode: // a file of nothing else
		return
	default:
		r.problem(lineOf(n), "is not a list of settings, each as in \"name: value\"")
		return
	}
	for _, p := range pairs { // each key once: the parser sees to that
		key := p.Key.GetToken()
		do(key.Value, key.Position.Line, p.Value)
	}
}

// top reads what stands at the top of a file: a setting of all verbs that have
// it, or the name of a verb above its own.
func (r *reader) top(name string, line int, value ast.Node) {
	if isMapping(value) {
		if !slices.ContainsFunc(r.keys, func(k Key) bool { return slices.Contains(k.Verbs, name) }) {
			r.problem(line, "%.60q is no verb that has settings%s", name, r.near(name, true))
			return
		}
		r.each(value, func(key string, line int, value ast.Node) { r.setting(name, key, line, value) })
		return
	}
	r.setting("", name, line, value)
}

// setting reads one, for a verb or for all.
func (r *reader) setting(verb, name string, line int, value ast.Node) {
	var found []Key
	for _, k := range r.keys {
		if k.Name == name && (verb == "" || k.of(verb)) {
			found = append(found, k)
		}
	}
	switch {
	case len(found) == 0 && verb != "":
		r.problem(line, "%s has no setting %.60q%s", verb, name, r.near(name, false))
	case len(found) == 0:
		r.problem(line, "there is no setting %.60q%s", name, r.near(name, false))
	case len(found) > 1:
		r.problem(line, "%s means different things to different verbs; put it below one of %s", name, strings.Join(verbsOf(found), ", "))
	case found[0].Refused != "":
		r.problem(line, "%s cannot stand in a file: %s", name, found[0].Refused)
	default:
		r.value(found[0], verb, line, value)
	}
}

// value keeps the value of a setting if it is a good one.
func (r *reader) value(k Key, verb string, line int, n ast.Node) {
	text, ok := scalar(n, k.Type)
	if !ok {
		r.problem(line, "%s is %s%s", k.Name, k.Type, hint(n, k.Type))
		return
	}
	if k.Check != nil {
		if err := k.Check(text); err != nil {
			r.problem(line, "%s: %v", k.Name, err)
			return
		}
	}
	if r.file.values[verb] == nil {
		r.file.values[verb] = map[string]Value{}
	}
	r.file.values[verb][k.Name] = Value{text, line}
}

// scalar is a value as a flag takes it, if it is of the type.
func scalar(n ast.Node, t Type) (text string, ok bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, t == Text
	case *ast.LiteralNode:
		return n.Value.Value, t == Text
	case *ast.BoolNode:
		return strconv.FormatBool(n.Value), t == Switch
	case *ast.IntegerNode:
		text = strings.ReplaceAll(n.GetToken().Value, "_", "")
		_, err := strconv.Atoi(text)
		return text, err == nil && (t == Whole || t == Number)
	case *ast.FloatNode:
		return n.GetToken().Value, t == Number
	}
	return "", false
}

// hint says what to do about a value of the wrong type.
func hint(n ast.Node, t Type) string {
	switch n.(type) {
	case *ast.NullNode:
		return "; leave the line out, or give it a value"
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		if t == Text {
			return "; put it into quotes"
		}
	}
	return ""
}

func isMapping(n ast.Node) bool {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}

func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil {
		return t.Position.Line
	}
	return 0
}

func verbsOf(keys []Key) []string {
	var verbs []string
	for _, k := range keys {
		verbs = append(verbs, k.Verbs...)
	}
	slices.Sort(verbs)
	return slices.Compact(verbs)
}

// near is a question whether a name was meant that is written much alike, or
// nothing.
func (r *reader) near(name string, verbs bool) string {
	var names []string
	for _, k := range r.keys {
		if verbs {
			names = append(names, k.Verbs...)
		} else if k.Refused == "" {
			names = append(names, k.Name)
		}
	}
	best, least := "", 3
	for _, n := range names {
		if d := distance(name, n); d < least {
			best, least = n, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance is how many letters have to be added, left out or changed to make b
// of a. What is too long to be a name is far from all.
func distance(a, b string) int {
	if len(a) > 60 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := diagonal
			if a[i] != b[j] {
				next = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}

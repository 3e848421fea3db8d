package queries

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

const whole = `// name: repeat-victims
// theme: victims
// description: Companies that suffered more than one breach: the most recent first.
// param: since date 2015-01-01 Ignore articles published before this day.
// param: kinds list<string> a,b Kinds: a, b or c.
// param: limit integer - Rows returned at most.
// example: limit=3 kinds=b
// A remark, since it is no "key: value".
MATCH (c {price: '$5'}) // not $this one
WHERE c.since > $since AND c.kind IN $kinds
RETURN c LIMIT $limit
`

func TestParse(t *testing.T) {
	want := Query{
		Name:        "repeat-victims",
		Theme:       "victims",
		Description: "Companies that suffered more than one breach: the most recent first.",
		Params: []Param{
			{Name: "since", Type: Date, Default: "2015-01-01", Doc: "Ignore articles published before this day."},
			{Name: "kinds", Type: "list<string>", Default: "a,b", Doc: "Kinds: a, b or c."},
			{Name: "limit", Type: Integer, Required: true, Doc: "Rows returned at most."},
		},
		Example: "limit=3 kinds=b",
	}
	for name, text := range map[string]string{"lines": whole, "lines of Windows": strings.ReplaceAll(whole, "\n", "\r\n")} {
		want.Text, want.Cypher = text, strings.TrimSpace(text[strings.Index(text, "// A remark"):])
		got, err := Parse("queries/repeat-victims.cypher", text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: Parse = %+v, %v, want %+v", name, got, err, want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	const head = "// name: f\n// description: It answers.\n"
	for _, test := range []struct {
		name, in, want string
	}{
		{"empty", "", `f.cypher:1: the header ends without a name`},
		{"no header", "MATCH (n) RETURN n", `f.cypher:1: the header ends without a name`},
		{"no description", "// name: f\nRETURN 1", `f.cypher:2: the header ends without a description`},
		{"empty name", "// name:\n", `f.cypher:1: name is empty`},
		{"name in camelCase", "// name: aQuery\n", `f.cypher:1: name "aQuery" is not in kebab-case`},
		{"unknown theme", "// theme: sport\n", `f.cypher:1: theme "sport" is not one of overview, victims, people, firms, figures, data, methods, time, media, provenance, quality`},
		{"name twice", head + "// name: f\nRETURN 1", `f.cypher:3: a second name`},
		{"description twice", head + "// description: b\nRETURN 1", `f.cypher:3: a second description`},
		{"unknown key", head + "// params: since\nRETURN 1", `f.cypher:3: unknown key "params"`},
		{"name of another file", strings.Replace(head, "f", "g", 1) + "RETURN 1", `f.cypher:1: query g stands in a file of another name`},
		{"no Cypher", head + "\n \n", `f.cypher:3: no Cypher below the header`},
		{"short parameter", head + "// param: since date null\nRETURN $since", `f.cypher:3: parameter "since date null" lacks one of name, type, default and meaning`},
		{"odd parameter", head + "// param: Since date null Day.\n", `f.cypher:3: parameter name "Since" is not in camelCase`},
		{"type", head + "// param: since day null Day.\n", `f.cypher:3: parameter since: unknown type "day"`},
		{"list of lists", head + "// param: x list<list<date>> null Day.\n", `f.cypher:3: parameter x: unknown type "list<list<date>>"`},
		{"open list", head + "// param: x list<date null Day.\n", `f.cypher:3: parameter x: unknown type "list<date"`},
		{"default", head + "// param: limit integer ten Rows.\n", `f.cypher:3: default of parameter limit (integer): "ten" is not a whole number of 64 bits`},
		{"parameter twice", head + "// param: a integer 1 One.\n// param: a integer 2 Two.\nRETURN $a", `f.cypher:4: a second parameter a`},
		{"not declared", head + "RETURN 1,\n  $a", `f.cypher:4: parameter $a is not declared`},
		{"not used", head + "// param: a integer 1 One.\nRETURN '$a' // $a", `f.cypher:3: parameter a is not used`},
		{"no example", head + "// param: a integer - One.\nRETURN $a", `f.cypher:4: example: query f: parameter a (integer) must be given: One.`},
		{"example", head + "// example: a=x\n// param: a integer 1 One.\nRETURN $a", `f.cypher:3: example: query f: parameter a (integer): "x" is not a whole number of 64 bits`},
		{"not UTF-8", head + "\nRETURN '\xff'", `f.cypher:4: text is not valid UTF-8`},
	} {
		t.Run(test.name, func(t *testing.T) {
			q, err := Parse("f.cypher", test.in)
			var located *ParseError
			if !errors.As(err, &located) || err.Error() != test.want || errors.Unwrap(err) != located.Err {
				t.Errorf("Parse(%q) = %+v, %v, want %s", test.in, q, err, test.want)
			}
		})
	}
}

// What Parse accepts can be written again and read as the same, takes its
// example, and has no parameter left when that is filled in.
func FuzzParse(f *testing.F) {
	all, err := All()
	if err != nil {
		f.Fatal(err)
	}
	for _, q := range all {
		f.Add(q.Text)
	}
	f.Add(whole)
	f.Add("//name:a\n//description:b\n//param: x list<float> -1e300,.5 x\nRETURN $x, `$x`, \"\\\"$x\", /* $x")
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Parse("-", text)
		if err != nil {
			var located *ParseError
			if lines := 2 + strings.Count(text, "\n"); !errors.As(err, &located) || located.Line < 1 || located.Line > lines {
				t.Fatalf("Parse(%q): %v, want a line of %d", text, err, lines)
			}
			return
		}
		again, err := Parse("-", written(q))
		again.Text = q.Text
		if err != nil || !reflect.DeepEqual(again, q) {
			t.Fatalf("Parse(%q) = %+v, written again %+v, %v", text, q, again, err)
		}
		values, err := q.Args(strings.Fields(q.Example))
		if err != nil || len(values) != len(q.Params) {
			t.Fatalf("example of %q: %v, %v", text, values, err)
		}
		if filled := q.Filled(values); len(uses(filled)) > 0 {
			t.Fatalf("%q with %v: %q", text, values, filled)
		}
	})
}

// written is the file of q.
func written(q Query) string {
	var b strings.Builder
	b.WriteString("// name: " + q.Name + "\n")
	if q.Theme != "" {
		b.WriteString("// theme: " + q.Theme + "\n")
	}
	b.WriteString("// description: " + q.Description + "\n")
	if q.Scans != "" {
		b.WriteString("// scans: " + q.Scans + "\n")
	}
	for _, p := range q.Params {
		def := p.Default
		switch {
		case p.Required:
			def = noDefault
		case p.optional():
			def = nullDefault
		}
		b.WriteString("// param: " + strings.Join([]string{p.Name, string(p.Type), def, p.Doc}, " ") + "\n")
	}
	if q.Example != "" {
		b.WriteString("// example: " + q.Example + "\n")
	}
	return b.String() + "\n" + q.Cypher
}

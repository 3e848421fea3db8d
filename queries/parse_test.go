package queries

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite golden files")

const whole = `// name: some-query
// description: Says something.
// param: since date 2015-01-01 Ignore what came before.
// param: who string - A name: any.
// param: words string[] a,b Some words.
// example: who=x
MATCH (n) WHERE n.day > $since AND n.name = $who AND n.word IN $words
// a comment of the query
RETURN n
`

func TestParse(t *testing.T) {
	got, err := Parse("some-query.cypher", whole)
	want := Query{Name: "some-query", Description: "Says something.", Example: "who=x", Params: []Param{
		{Name: "since", Type: "date", Default: "2015-01-01", Doc: "Ignore what came before."},
		{Name: "who", Type: "string", Required: true, Doc: "A name: any."},
		{Name: "words", Type: "string[]", Default: "a,b", Doc: "Some words."},
	}, Cypher: "MATCH (n) WHERE n.day > $since AND n.name = $who AND n.word IN $words\n// a comment of the query\nRETURN n"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Parse = %+v, %v\nwant %+v", got, err, want)
	}
}

func TestParseErrors(t *testing.T) {
	for _, test := range []struct {
		name     string
		old, new string // what to change in the whole one
		want     string
	}{
		{"other file", "some-query", "other-query", `q.cypher:1: the query's name is "other-query", not that of the file`},
		{"name form", "some-query", "Some_Query", `q.cypher:1: name "Some_Query" is not in kebab-case`},
		{"no description", "// description: Says something.\n", "", "q.cypher:1: no description"},
		{"twice", "// example: who=x", "// name: q", "q.cypher:6: name is given twice"},
		{"unknown key", "// description", "// descripton", `q.cypher:2: unknown key "descripton"; there are: name, description, param, example`},
		{"no value", "Says something.", "", "q.cypher:2: header line is not of the form // key: value"},
		{"no key", "// description: Says something.", "// Says something.", "q.cypher:2: header line is not of the form // key: value"},
		{"param form", "date 2015-01-01 Ignore what came before.", "date", `q.cypher:3: parameter is not of the form "name type default description"`},
		{"param type", "since date", "since day", `q.cypher:3: parameter since has unknown type "day"`},
		{"param default", "2015-01-01", "2015", `q.cypher:3: default of parameter since: "2015" is not a date such as 2021-08-27`},
		{"param twice", "param: words", "param: who", "q.cypher:5: parameter who is declared twice"},
		{"unused", "$who", "'x'", "q.cypher:7: parameters used are [since words], those declared [since who words]"},
		{"undeclared", "RETURN n", "RETURN n LIMIT $limit", "q.cypher:7: parameters used are [limit since who words], those declared [since who words]"},
		{"no example", "// example: who=x\n", "", "q.cypher:6: a query with required parameters needs an example"},
		{"bad example", "who=x", "who=x since=then", `q.cypher:7: example: query q: parameter since: "then" is not a date such as 2021-08-27`},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(whole, test.old, test.new, 1)
			_, err := Parse("q.cypher", strings.Replace(text, "name: some-query", "name: q", 1))
			var parse *ParseError
			if !errors.As(err, &parse) || err.Error() != test.want {
				t.Errorf("Parse = %v, want %s", err, test.want)
			}
		})
	}
	if _, err := Parse("q.cypher", "// name: q\n// description: d"); err == nil || err.Error() != "q.cypher:2: no Cypher below the header" {
		t.Errorf("Parse of a header alone = %v", err)
	}
}

// header writes the header that Parse read.
func header(q Query) string {
	var b strings.Builder
	fmt.Fprintf(&b, "// name: %s\n// description: %s\n", q.Name, q.Description)
	for _, p := range q.Params {
		def := p.Default
		if p.Required {
			def = required
		} else if def == "" {
			def = quotes
		}
		fmt.Fprintf(&b, "// param: %s %s %s %s\n", p.Name, p.Type, def, p.Doc)
	}
	if q.Example != "" {
		fmt.Fprintf(&b, "// example: %s\n", q.Example)
	}
	return b.String()
}

// What can be read can be written and read again; what cannot has an error
// that names a line of the file.
func FuzzParse(f *testing.F) {
	f.Add(whole)
	f.Add("// name: some-query\n// description: d\n// param: n integer[] \"\" x\nRETURN $n")
	f.Add("//:\n")
	f.Fuzz(func(t *testing.T, text string) {
		const file = "some-query.cypher"
		q, err := Parse(file, text)
		if err != nil {
			var parse *ParseError
			if !errors.As(err, &parse) || parse.Line < 0 || parse.Line > strings.Count(text, "\n")+2 {
				t.Errorf("Parse(%q) = %v", text, err)
			}
			return
		}
		again, err := Parse(file, header(q)+"\n"+q.Cypher+"\n")
		if err != nil || !reflect.DeepEqual(q, again) {
			t.Errorf("Parse(%q) = %+v, written and read again %+v, %v", text, q, again, err)
		}
	})
}

func TestArgs(t *testing.T) {
	q := Query{Name: "q", Params: []Param{
		{Name: "since", Type: "date", Default: "2015-01-01"}, {Name: "n", Type: "integer", Default: "25"},
		{Name: "x", Type: "float", Default: "1.5"}, {Name: "b", Type: "boolean", Default: "false"},
		{Name: "who", Type: "string", Required: true, Doc: "A name."}, {Name: "days", Type: "date[]"}, {Name: "words", Type: "string[]", Default: "a,b"},
	}}
	day := time.Date(2021, 8, 27, 0, 0, 0, 0, time.UTC)
	got, err := q.Args([]string{"who=a=b", "n=7", "b=true", "days=2021-08-27, 2021-08-27"})
	want := map[string]any{"since": time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), "n": int64(7), "x": 1.5, "b": true, "who": "a=b",
		"days": []any{day, day}, "words": []any{"a", "b"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Args = %v, %v, want %v", got, err, want)
	}
	for _, test := range []struct{ pairs, want string }{
		{"", "query q: parameter who is missing: A name."},
		{"who=x who=y", "query q: parameter who is given twice"},
		{"whom=x", `query q: no parameter "whom"; there are: since, n, x, b, who, days, words`},
		{"who", `query q: parameter "who" is not of the form key=value`},
		{"who=x n=1.5", `query q: parameter n: "1.5" is not a whole number`},
		{"who=x n=99999999999999999999", `query q: parameter n: "99999999999999999999" is not a whole number`},
		{"who=x x=NaN", `query q: parameter x: "NaN" is not a number`},
		{"who=x b=yes", `query q: parameter b: "yes" is neither true nor false`},
		{"who=x days=2021-08-27,x", `query q: parameter days: "x" is not a date such as 2021-08-27`},
	} {
		if _, err := q.Args(strings.Fields(test.pairs)); err == nil || err.Error() != test.want {
			t.Errorf("Args(%s) = %v, want %s", test.pairs, err, test.want)
		}
	}
}

func TestFilled(t *testing.T) {
	q := Query{Cypher: "RETURN $who, $whole, $day, $list, $x, $y, $b"}
	got := q.Filled(map[string]any{"who": "O'Neil \\\n$day", "whole": int64(3), "day": time.Date(2021, 8, 27, 0, 0, 0, 0, time.UTC),
		"list": []any{"a", "b"}, "x": 1e20, "y": 2.0, "b": true})
	if want := `RETURN 'O\'Neil \\\n$day', 3, date('2021-08-27'), ['a', 'b'], 1e+20, 2.0, true`; got != want {
		t.Errorf("Filled = %s, want %s", got, want)
	}
}

// golden compares got with the file at path, or writes it with -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not current; run the test with -update and look at what changed. It should be:\n%.2000s", path, got)
	}
}

func TestDocs(t *testing.T) {
	list, err := All()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "../docs/queries.md", Docs(list))
}

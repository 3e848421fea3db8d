package queries_test

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/graph"
	"github.com/breachgraph/breachgraph/queries"
)

// A vocabulary holds what the graph knows: the properties of each label and
// type, and under "" all of them.
type vocabulary map[string][]string

func newVocabulary() vocabulary {
	v := vocabulary{}
	add := func(of, key string, props []graph.Property) {
		v[of] = append(v[of], key)
		for _, p := range props {
			v[of] = append(v[of], p.Name)
		}
		v[""] = append(v[""], v[of]...)
	}
	for _, n := range graph.Nodes() {
		add(n.Label, n.Key, n.Props)
	}
	for _, e := range graph.Edges() {
		add(e.Type, "", e.Props)
	}
	return v
}

var (
	notCode = regexp.MustCompile(`'(?:[^'\\]|\\.)*'|//.*`)
	// pattern is a node's or relationship's variable, labels or types, and
	// properties.
	pattern = regexp.MustCompile(`[(\[](\w*):([A-Z]\w*(?:\s*\|[A-Z]\w*)*)(?:\*[\d.]+)?\s*(?:\{([^}]*)\})?[)\]]`)
	colon   = regexp.MustCompile(`[(\[]\w*:`)
	access  = regexp.MustCompile(`(\w+)\.(\w+)`)
	mapKey  = regexp.MustCompile(`(\w+):`)
)

// unknown lists what cypher names and the graph has not.
func (v vocabulary) unknown(cypher string) []string {
	code := notCode.ReplaceAllString(cypher, "''")
	var out []string
	kinds := map[string][]string{} // of each variable
	check := func(names []string, prop string) {
		for _, n := range names {
			if slices.Contains(v[n], prop) {
				return
			}
		}
		out = append(out, strings.Join(names, "|")+"."+prop)
	}
	patterns := pattern.FindAllStringSubmatch(code, -1)
	if len(patterns) != len(colon.FindAllString(code, -1)) {
		out = append(out, "a pattern that the test cannot read")
	}
	for _, m := range patterns {
		names := strings.FieldsFunc(m[2], func(r rune) bool { return r == '|' || r == ' ' || r == '\n' })
		for _, n := range names {
			if v[n] == nil {
				out = append(out, n)
			}
		}
		kinds[m[1]] = append(kinds[m[1]], names...)
		for _, key := range mapKey.FindAllStringSubmatch(m[3], -1) {
			check(names, key[1])
		}
	}
	for _, m := range access.FindAllStringSubmatch(code, -1) {
		if slices.Contains([]string{"duration", "date", "db", "index", "fulltext", "earliest"}, m[1]) {
			continue // functions, procedures and a map
		}
		names := kinds[m[1]]
		if len(names) == 0 {
			names = []string{""}
		}
		check(names, m[2])
	}
	return out
}

// Queries name only labels, types and properties that the graph declares, and
// properties only of what has them.
func TestNames(t *testing.T) {
	v := newVocabulary()
	for _, q := range all(t) {
		for _, name := range v.unknown(q.Cypher) {
			t.Errorf("%s names %s, which is not in graph.Nodes or graph.Edges", q.Name, name)
		}
	}
	for cypher, want := range map[string]string{
		"MATCH (b:Breach)-[s:SUFFRED]->()":          "SUFFRED",
		"MATCH (b:Breach|Breech)":                   "Breech",
		"MATCH (b:Breach {nam: 'x'})":               "Breach.nam",
		"MATCH (b:Breach) RETURN b.cve":             "Breach.cve",
		"MATCH (b:Breach)-[:SUFFERED|SUED*1..]-(x)": "",
		"MATCH (b)-[:SUFFERED]-(x) RETURN x.nam":    ".nam",
		"MATCH (x:Person&Group)":                    "a pattern that the test cannot read",
	} {
		if got := strings.Join(v.unknown(cypher), " "); got != want {
			t.Errorf("unknown(%s) = %q, want %q", cypher, got, want)
		}
	}
}

// Parameters that several queries share mean the same in all.
func TestHeaders(t *testing.T) {
	types := map[string]queries.Type{}
	for _, q := range all(t) {
		for _, text := range []string{q.Description, q.Params[0].Doc} {
			if !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %q is not a sentence", q.Name, text)
			}
		}
		for _, p := range q.Params {
			types[p.Name] = cmp.Or(types[p.Name], p.Type)
			if p.Type != types[p.Name] {
				t.Errorf("%s: parameter %s is a %s, and elsewhere a %s", q.Name, p.Name, p.Type, types[p.Name])
			}
		}
		if q.Theme == "" {
			t.Errorf("%s has no theme", q.Name)
		}
		last := q.Params[len(q.Params)-1]
		if last.Name != "limit" || !strings.HasSuffix(q.Cypher, "\nLIMIT $limit") || !strings.Contains(q.Cypher, "\nORDER BY ") {
			t.Errorf("%s has no order or no limit", q.Name)
		}
	}
}

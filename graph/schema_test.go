package graph

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/breachgraph/breachgraph/extract"
)

// The table has an element for every kind and predicate, and its names follow
// the rules.
func TestTable(t *testing.T) {
	kinds := map[extract.Kind]int{}
	labels := map[string]bool{}
	for _, n := range Nodes() {
		kinds[n.Kind]++
		labels[n.Label] = true
		if !regexp.MustCompile(`^[A-Z][A-Za-z]+$`).MatchString(n.Label) || !regexp.MustCompile(`^#[0-9A-F]{6}$`).MatchString(n.Color) {
			t.Errorf("label %q, colour %q", n.Label, n.Color)
		}
		if n.Key == "" || n.Doc == "" || n.Parent != "" && !labels[n.Parent] {
			t.Errorf("%s: key %q, doc %q, parent %q, which must come before it", n.Label, n.Key, n.Doc, n.Parent)
		}
		checkProps(t, n.Label, n.Props)
		has := n.Caption == n.Key || slices.ContainsFunc(n.Props, func(p Property) bool { return p.Name == n.Caption })
		if !has {
			t.Errorf("%s is captioned with %q, which it has not", n.Label, n.Caption)
		}
	}
	for _, k := range extract.Kinds() {
		if kinds[k] != 1 {
			t.Errorf("%d labels for kind %s, want 1", kinds[k], k)
		}
	}
	predicates := map[extract.Predicate]int{}
	for _, e := range Edges() {
		predicates[e.Predicate]++
		if e.Predicate != "" && string(e.Predicate) != e.Type || !regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`).MatchString(e.Type) || e.Doc == "" {
			t.Errorf("type %q of predicate %q, doc %q", e.Type, e.Predicate, e.Doc)
		}
		for _, l := range slices.Concat(e.From, e.To) {
			if !labels[l] {
				t.Errorf("%s joins %s, which is no label", e.Type, l)
			}
		}
		checkProps(t, e.Type, e.Props)
	}
	for _, p := range extract.Predicates() {
		if predicates[p] != 1 {
			t.Errorf("%d types for predicate %s, want 1", predicates[p], p)
		}
	}
}

func checkProps(t *testing.T, of string, props []Property) {
	t.Helper()
	seen := map[string]bool{}
	for _, p := range props {
		if !regexp.MustCompile(`^[a-z][A-Za-z]*$`).MatchString(p.Name) || seen[p.Name] || p.Doc == "" {
			t.Errorf("%s has property %q twice or badly named or without doc %q", of, p.Name, p.Doc)
		}
		seen[p.Name] = true
	}
}

// Rows give all the properties that the table declares and no other.
func TestRowsFitTable(t *testing.T) {
	want := func(props []Property, but ...string) []string {
		var out []string
		for _, p := range props {
			if !slices.Contains(but, p.Name) {
				out = append(out, p.Name)
			}
		}
		slices.Sort(out)
		return out
	}
	check := func(what string, got map[string]any, want []string) {
		t.Helper()
		if keys := slices.Sorted(maps.Keys(got)); !slices.Equal(keys, want) {
			t.Errorf("rows of %s have %v, the table %v", what, keys, want)
		}
	}
	edges := map[string]Edge{}
	for _, e := range Edges() {
		edges[e.Type] = e
	}
	for _, r := range append(all(t), articles(1, 5, 2, 2)...) {
		d, err := newDocument(r)
		if err != nil {
			t.Fatal(err)
		}
		check(labelArticle, d.props, want(table().node[labelArticle].Props, "formerCaptures"))
		for _, f := range d.figures {
			check(labelFigure, f.props, want(table().node[labelFigure].Props))
		}
		for _, c := range d.claims {
			check(labelClaim, c.props, want(table().node[labelClaim].Props))
		}
		for _, e := range d.edges {
			check(e.kind, e.props, want(edges[e.kind].Props))
		}
		for _, rep := range d.reports {
			check(typeReports, rep.props(), want(edges[typeReports].Props))
		}
		for _, n := range d.shared {
			if n.props != nil {
				check(n.label, n.props, want(table().node[n.label].Props))
			}
		}
	}
	check(labelBreach, describeBreach([]report{{}}), want(table().node[labelBreach].Props, "formerIds"))
	for _, label := range entityLabels() {
		check(label, describe(ref{label, ""}, []stated{{map[string]any{}, 1}}), want(table().node[label].Props))
	}
}

func TestValues(t *testing.T) {
	for what, values := range map[string][]Value{"data types": DataTypes(), "methods": Methods(), "remedies": Remedies()} {
		seen := map[string]bool{}
		for _, v := range values {
			if !regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`).MatchString(v.Name) || v.Label == "" || seen[v.Name] ||
				v.Attack != "" && !regexp.MustCompile(`^T\d{4}(\.\d{3})?$`).MatchString(v.Attack) {
				t.Errorf("%s: %+v", what, v)
			}
			seen[v.Name] = true
		}
		if !seen["other"] {
			t.Errorf("%s lack other", what)
		}
	}
	if n, m, r := len(DataTypes()), len(Methods()), len(Remedies()); n != 37 || m != 20 || r != 10 {
		t.Errorf("%d data types, %d methods, %d remedies, want 37, 20, 10", n, m, r)
	}
}

package graph

import (
	"slices"
	"strings"
	"testing"

	"github.com/breachgraph/breachgraph/extract"
)

func TestKnownNames(t *testing.T) {
	g := knownNames()
	for _, test := range []struct {
		kind           extract.Kind
		name, id, code string
	}{
		{extract.Group, "Fancy Bear", "apt28", "G0007"},
		{extract.Group, "STRONTIUM", "apt28", "G0007"},
		{extract.Group, "TsarTeam", "apt28", "G0007"},
		{extract.Group, "Nobody's Group", "nobodys-group", ""},
		{extract.Malware, "WCry", "wannacry", "S0366"},
		{extract.Company, "AT&T Inc.", "at-t", "T"},
		{extract.Company, "Delta", "delta", ""},
		{extract.Company, "Delta Air Lines", "delta-air-lines", "DAL"},
		{extract.Company, "Alphabet", "alphabet", "GOOGL"},
		{extract.Company, "The Home Depot", "home-depot", "HD"},
	} {
		r := ref{table().label[test.kind], fold(test.name, test.kind)}
		r.key = g.id(r)
		if k := g.entry[r]; r.key != test.id || k.ticker+k.attack != test.code {
			t.Errorf("%s %q is %s with %+v, want %s with %q", test.kind, test.name, r.key, k, test.id, test.code)
		}
	}
}

// Of all aliases in the lists, nearly all lead to one entity, which is one that
// has the alias.
func TestKnownAliases(t *testing.T) {
	g := knownNames()
	owners := map[ref][]string{}
	for _, row := range tableRows(threatsTSV) {
		kind := extract.Kind(row[0])
		row1 := ref{table().label[kind], fold(row[1], kind)}
		for a := range strings.SplitSeq(row[2], "|") {
			if alias := (ref{row1.label, fold(a, kind)}); len(alias.key) > 1 && row1.key != "" {
				owners[alias] = append(owners[alias], g.id(row1), row1.key)
			}
		}
	}
	resolved, right := 0, 0
	for alias, ids := range owners {
		id, ok := g.canonical[alias]
		if !ok {
			continue
		}
		resolved++
		if slices.Contains(ids, id) || id == alias.key {
			right++
		}
	}
	recall, precision := float64(resolved)/float64(len(owners)), float64(right)/float64(resolved)
	t.Logf("%d aliases, recall %.3f, precision %.3f", len(owners), recall, precision)
	if recall < 0.9 || precision < 0.99 {
		t.Errorf("%d aliases, recall %.3f, precision %.3f, want 0.90 and 0.99", len(owners), recall, precision)
	}
}

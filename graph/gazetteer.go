package graph

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/breachgraph/breachgraph/extract"
)

// The lists of names that are embedded; the first line of each says where it is
// from.
var (
	//go:embed names/threats.tsv
	threatsTSV string
	//go:embed names/sp500.tsv
	sp500TSV string
)

// A listed is an entity that a list of names has.
type listed struct {
	name, attack, ticker, sector string
}

// A gazetteer finds known entities. The zero value knows none.
type gazetteer struct {
	canonical map[ref]string // the id by which an alias is known
	entry     map[ref]listed // by that id
}

// knownNames is the gazetteer of the embedded lists; nobody changes it.
var knownNames = sync.OnceValue(func() gazetteer {
	g := gazetteer{canonical: map[ref]string{}, entry: map[ref]listed{}}
	g.addThreats(tableRows(threatsTSV))
	g.addCompanies(tableRows(sp500TSV))
	return g
})

// tableRows splits a list into columns, without its two lines of heading.
func tableRows(tsv string) [][]string {
	var rows [][]string
	n := 0
	for line := range strings.Lines(tsv) {
		if n++; n > 2 {
			rows = append(rows, strings.Split(strings.TrimRight(line, "\n"), "\t"))
		}
	}
	return rows
}

// A threat is a row of the list of groups, malware and vulnerabilities.
type threat struct {
	ref
	listed
	aliases []string
}

// addThreats adds groups, malware and vulnerabilities. Lists name one group
// several times, as APT28, STRONTIUM and Forest Blizzard. What one with an
// ATT&CK id has for an alias is that one; an alias that is left to several is
// nobody's.
func (g *gazetteer) addThreats(rows [][]string) {
	var threats []threat
	owner := map[ref]string{} // of names of others: the id of the one with an ATT&CK id
	for _, r := range rows {
		kind := extract.Kind(r[0])
		t := threat{ref: ref{table().label[kind], fold(r[1], kind)}, listed: listed{name: r[1], attack: r[3]}}
		for a := range strings.SplitSeq(r[2], "|") {
			if id := fold(a, kind); len(id) > 1 {
				t.aliases = append(t.aliases, id)
			}
		}
		if t.key == "" {
			continue
		}
		threats = append(threats, t)
		if t.attack == "" {
			continue
		}
		for _, a := range t.aliases {
			owner[ref{t.label, a}] = t.key
		}
	}
	slices.SortStableFunc(threats, func(x, y threat) int { return compareBool(x.attack != "", y.attack != "") })
	claimed := map[ref][]string{} // who has an alias
	for _, t := range threats {
		root := t.ref
		if o := owner[t.ref]; t.attack == "" && o != "" {
			root.key = o
		}
		if _, ok := g.entry[root]; !ok {
			g.entry[root] = t.listed
		}
		g.canonical[t.ref] = root.key
		for _, a := range t.aliases {
			if alias := (ref{t.label, a}); !slices.Contains(claimed[alias], root.key) {
				claimed[alias] = append(claimed[alias], root.key)
			}
		}
	}
	for alias, roots := range claimed {
		if _, named := g.canonical[alias]; named {
			continue
		}
		roots = slices.DeleteFunc(roots, func(id string) bool {
			return owner[alias] != "" && g.entry[ref{alias.label, id}].attack == ""
		})
		if len(roots) == 1 {
			g.canonical[alias] = roots[0]
		}
	}
}

// addCompanies adds listed companies; of those with several classes of shares
// the first is taken.
func (g *gazetteer) addCompanies(rows [][]string) {
	for _, r := range rows {
		printed, _, _ := strings.Cut(r[1], " (")
		id := ref{labelOrganization, fold(printed, extract.Company)}
		if _, ok := g.entry[id]; !ok {
			g.entry[id] = listed{name: printed, ticker: r[0], sector: r[2]}
		}
	}
}

// id is the id by which the entity r is known, its own where no list has it.
func (g gazetteer) id(r ref) string {
	if id, ok := g.canonical[r]; ok {
		return id
	}
	return r.key
}

// complete puts into props what is known of the entity r. Its name there is
// kept for organisations: the list has that of the listed company, in one of
// many ways to write it.
func (g gazetteer) complete(r ref, props map[string]any) {
	k, ok := g.entry[r]
	if !ok {
		return
	}
	for name, v := range map[string]string{"attack": k.attack, "ticker": k.ticker} {
		if _, has := props[name]; has && v != "" {
			props[name] = v
		}
	}
	if _, has := props["sector"]; has && props["sector"] == nil && k.sector != "" {
		props["sector"] = k.sector
	}
	if r.label == labelOrganization || props["name"] == k.name {
		return
	}
	aliases, _ := props["aliases"].([]any)
	if props["name"] != nil {
		aliases = append(aliases, props["name"])
	}
	aliases = slices.DeleteFunc(aliases, func(a any) bool { return a == any(k.name) })
	slices.SortFunc(aliases, compareValues)
	props["name"], props["aliases"] = k.name, aliases[:min(len(aliases), maxAliases)]
}

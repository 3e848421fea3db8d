package catalog

import (
	"context"
	"slices"
	"strings"

	"github.com/breachgraph/breachgraph/graph"
)

// An Entity is an organisation, a person or another thing that articles name.
type Entity struct {
	Label    string   `json:"label"`  // what it is found by, with its id
	Labels   []string `json:"labels"` // with the parts that an organisation has played
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Aliases  []string `json:"aliases"`
	Articles int      `json:"articles"` // that mention it
}

// A Fact is what articles claim of an entity or a breach.
type Fact struct {
	Type       string  `json:"type"`
	From       Ref     `json:"from"`
	To         Ref     `json:"to"`
	Status     string  `json:"status"`
	Denied     bool    `json:"denied"`
	Claims     int     `json:"claims"`
	Confidence float64 `json:"confidence"`
	First      string  `json:"first,omitempty"` // day
	Last       string  `json:"last,omitempty"`  // day
}

// An EntityFacts is an entity with the facts around it.
type EntityFacts struct {
	Entity
	Properties map[string]any `json:"properties"` // all that the graph has on the node
	Facts      []Fact         `json:"facts"`
	Truncated  bool           `json:"truncated"` // that there are more than maxFacts
}

const maxFacts = 300

// Kinds are the labels of entities, as lists may be asked for: those of
// organisations by the parts that they play too.
func Kinds() []string {
	kinds := []string{"Organization"}
	for _, n := range graph.Nodes() {
		if n.Kind != "" {
			kinds = append(kinds, n.Label)
		}
	}
	return kinds
}

// keyed are the labels that entities are merged on.
func keyed() []string {
	kinds := []string{"Organization"}
	for _, n := range graph.Nodes() {
		if n.Kind != "" && n.Parent == "" {
			kinds = append(kinds, n.Label)
		}
	}
	return kinds
}

const entityColumns = `
RETURN head([label IN labels(n) WHERE label IN $keyed]) AS label, labels(n) AS labels, n.id AS id, n.name AS name,
       coalesce(n.aliases, []) AS aliases, COUNT { (n)<-[:MENTIONS]-(:Article) } AS articles`

const entitiesFound = `
CALL db.index.fulltext.queryNodes('words', $words, {limit: 5000}) YIELD node AS n, score
WITH n, score
WHERE any(label IN labels(n) WHERE label IN $keyed) AND ($kind IS NULL OR $kind IN labels(n))
WITH n, score
ORDER BY score DESC, n.name, n.id
SKIP $skip LIMIT $most` + entityColumns

// entitiesByName is for one label, LABEL, which stands in the text, since no
// index is found by a label that is a parameter.
const entitiesByName = `
MATCH (n:LABEL)
WHERE n.name IS NOT NULL
WITH n ORDER BY n.name
SKIP $skip LIMIT $most` + entityColumns

// Entities returns entities of a kind, of any if that is empty: those that fit
// words best first, or organisations, else the kind, by name. A kind is one of
// [Kinds]; of another there are none.
func (c Catalog) Entities(ctx context.Context, words, kind string, p Page) (List[Entity], error) {
	params := map[string]any{"keyed": keyed()}
	none := List[Entity]{Items: []Entity{}}
	switch {
	case kind != "" && !slices.Contains(Kinds(), kind):
		return none, nil
	case words == "" && kind == "":
		kind = "Organization"
		fallthrough
	case words == "":
		// Of the labels only those that are merged on have an index on names.
		return list[Entity](ctx, c, strings.ReplaceAll(entitiesByName, "LABEL", kind), params, p)
	}
	params["kind"] = nil
	if kind != "" {
		params["kind"] = kind
	}
	if params["words"] = search(words, "name", "aliases"); params["words"] == "" {
		return none, nil
	}
	return list[Entity](ctx, c, entitiesFound, params, p)
}

const entityByID = `MATCH (n:LABEL {id: $id})` + entityColumns + `, properties(n) AS properties`

// factsOf finds the facts of the node n with either end.
const factsOf = `
MATCH (n:LABEL {id: $id})-[f:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|HIRED|INVESTIGATES|DISCOVERED|WORKS_FOR|SUBSIDIARY_OF|OFFERED|FINED|SUED]-()
WITH DISTINCT f, startNode(f) AS s, endNode(f) AS o
RETURN type(f) AS type,
       {label: head(labels(s)), id: coalesce(s.id, s.name), name: coalesce(s.label, s.name, s.text)} AS from,
       {label: head(labels(o)), id: coalesce(o.id, o.name), name: coalesce(o.label, o.name, o.text)} AS to,
       f.status AS status, f.denied AS denied, f.claims AS claims, f.confidence AS confidence, f.first AS first, f.last AS last
ORDER BY last DESC, type, from.id, to.id, denied`

// Entity returns an entity by a label that its kind is merged on, or one of its
// part, and its id. The error wraps [ErrNone] where the graph has none.
func (c Catalog) Entity(ctx context.Context, label, id string) (EntityFacts, error) {
	if !slices.Contains(Kinds(), label) {
		return EntityFacts{}, ErrNone
	}
	params := map[string]any{"id": id, "keyed": keyed()}
	out, err := one[EntityFacts](ctx, c, strings.ReplaceAll(entityByID, "LABEL", label), params)
	if err != nil {
		return out, err
	}
	out.Facts, out.Truncated, err = rows[Fact](ctx, c, strings.ReplaceAll(factsOf, "LABEL", label), params, maxFacts)
	return out, err
}

package graph

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// maxNamed bounds how many texts of an answer are looked up.
const maxNamed = 20_000

// A picker gathers the nodes of a selection.
type picker struct {
	db     *DB
	chosen Selection
	nodes  map[string]ref // by the database's number
}

func newPicker(db *DB, s Selection) *picker {
	return &picker{db: db, chosen: s, nodes: map[string]ref{}}
}

// pick finds the nodes that the selection names, then those around them, then
// what both rest on.
func (p *picker) pick(ctx context.Context) ([]pick, error) {
	steps := []func(context.Context) error{p.seedArticles, p.attach}
	switch {
	case p.chosen.Company != "":
		steps = []func(context.Context) error{p.seedCompany, p.around, p.reports, p.rest}
	case p.chosen.Answer != nil && answerNodes(p.chosen.Answer) != nil:
		steps = []func(context.Context) error{p.seedNodes, p.rest}
	case p.chosen.Answer != nil:
		steps = []func(context.Context) error{p.seedNames, p.around, p.reports, p.rest}
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	out := make([]pick, 0, len(p.nodes))
	for node, r := range p.nodes {
		out = append(out, pick{r, node})
	}
	return out, nil
}

// add runs a query whose rows are nodes n and adds those that the table knows.
func (p *picker) add(ctx context.Context, cypher string, params map[string]any) (err error) {
	found, err := readRows(ctx, p.db, cypher+"\nRETURN DISTINCT elementId(n) AS node, labels(n) AS labels, n.id AS id, n.url AS url, n.name AS name", params,
		func(r *neo4j.Record) pick { return pick{refOf(r), get[string](r, "node")} })
	for _, n := range found {
		if n.label != "" {
			p.nodes[n.node] = n.ref
		}
	}
	return err
}

// refOf is the node of a row of add, zero where the table has none.
func refOf(r *neo4j.Record) ref {
	return refIn(get[[]any](r, "labels"), func(key string) string { return get[string](r, key) })
}

// refIn is the label that a node is merged on, of all its labels, and its key.
func refIn(labels []any, key func(string) string) ref {
	for _, n := range table().nodes {
		if n.Parent == "" && slices.Contains(labels, any(n.Label)) {
			return ref{n.Label, key(n.Key)}
		}
	}
	return ref{}
}

// each runs a query of add for the nodes so far, some at a time, as $nodes.
func (p *picker) each(ctx context.Context, cypher string) error {
	numbers := slices.Sorted(maps.Keys(p.nodes))
	for chunk := range slices.Chunk(numbers, partNodes) {
		if err := p.add(ctx, "UNWIND $nodes AS node MATCH (s) WHERE elementId(s) = node\n"+cypher, map[string]any{"nodes": chunk, "since": day(p.chosen.Since)}); err != nil {
			return err
		}
	}
	return nil
}

func (p *picker) seedArticles(ctx context.Context) error {
	return p.add(ctx, "MATCH (n:Article) WHERE n.published >= datetime($since)", map[string]any{"since": p.chosen.Since.Format(time.DateOnly)})
}

// attach adds all that articles say.
func (p *picker) attach(ctx context.Context) error {
	return errors.Join(
		p.each(ctx, "MATCH (s)-->(n) WHERE NOT n:Article"),
		p.each(ctx, "MATCH (s:Article)<-[:STATED_IN]-(n)"),
		p.each(ctx, "MATCH (s:Claim)-[:SUBJECT|OBJECT]->(n)"),
	)
}

func (p *picker) seedCompany(ctx context.Context) error {
	const company = `MATCH (o:Organization)
WHERE toLower($company) IN [name IN [o.id, o.name] + coalesce(o.aliases, []) | toLower(name)]
`
	params := map[string]any{"company": p.chosen.Company, "since": day(p.chosen.Since)}
	if err := p.add(ctx, company+"WITH o AS n", params); err != nil || len(p.nodes) == 0 {
		return err
	}
	return p.add(ctx, company+"MATCH (o)-[f:SUFFERED]->(n:Breach) WHERE $since IS NULL OR f.last >= $since", params)
}

// answerNodes are the database's numbers of the nodes that an answer holds, nil
// where it holds none.
func answerNodes(t *Table) []string {
	var out []string
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case NodeValue:
			out = append(out, v.ID)
		case RelationshipValue:
			out = append(out, v.Start, v.End)
		case PathValue:
			for _, n := range v.Nodes {
				out = append(out, n.ID)
			}
		case []any:
			for _, x := range v {
				visit(x)
			}
		}
	}
	for _, row := range t.Rows {
		visit(row)
	}
	return out
}

func (p *picker) seedNodes(ctx context.Context) error {
	return p.add(ctx, "UNWIND $nodes AS node MATCH (n) WHERE elementId(n) = node", map[string]any{"nodes": answerNodes(p.chosen.Answer)})
}

// seedNames looks the texts of an answer up as keys and names, each by an
// index.
func (p *picker) seedNames(ctx context.Context) error {
	names, err := answerNames(p.chosen.Answer)
	if err != nil {
		return err
	}
	for _, n := range table().nodes {
		if n.Parent != "" || n.Label != labelArticle && n.Label != labelBreach && !table().entity[n.Label] {
			continue
		}
		found := []string{n.Key}
		if table().entity[n.Label] {
			found = append(found, "name")
		}
		for _, property := range found {
			cypher := fmt.Sprintf("UNWIND $names AS name MATCH (n:%s {%s: name})", n.Label, property)
			if err := p.add(ctx, cypher, map[string]any{"names": names}); err != nil {
				return err
			}
		}
	}
	return nil
}

// answerNames are the texts of an answer, each once.
func answerNames(t *Table) ([]string, error) {
	names := map[string]bool{}
	for _, row := range t.Rows {
		for _, v := range row {
			list, ok := v.([]any)
			if !ok {
				list = []any{v}
			}
			for _, x := range list {
				if s, ok := x.(string); ok && len(s) <= maxURL {
					names[s] = true
				}
			}
		}
	}
	if len(names) > maxNamed {
		return nil, fmt.Errorf("the answer of the query holds more than %d texts; narrow it down", maxNamed)
	}
	return slices.Sorted(maps.Keys(names)), nil
}

// around adds the far ends of the facts of what was named.
func (p *picker) around(ctx context.Context) error {
	return p.each(ctx, fmt.Sprintf("MATCH (s)-[f:%s]-(n) WHERE $since IS NULL OR f.last >= $since", strings.Join(factTypes(), "|")))
}

// factTypes are the types of facts.
func factTypes() []string {
	var out []string
	for _, e := range table().edges {
		if e.Predicate != "" {
			out = append(out, e.Type)
		}
	}
	return out
}

// reports adds the articles that tell of the breaches.
func (p *picker) reports(ctx context.Context) error {
	return p.each(ctx, "MATCH (s:Breach)<-[:REPORTS]-(n:Article) WHERE $since IS NULL OR date(n.published) >= $since")
}

// rest adds the claims that state something between nodes of the part, their
// articles and those of figures, and the outlets of articles.
func (p *picker) rest(ctx context.Context) error {
	if err := p.claims(ctx); err != nil {
		return err
	}
	return errors.Join(
		p.each(ctx, "MATCH (s:Claim|Figure)-[:STATED_IN]->(n) WHERE $since IS NULL OR date(n.published) >= $since"),
		p.each(ctx, "MATCH (s:Article)-[:PUBLISHED_BY]->(n)"),
	)
}

func (p *picker) claims(ctx context.Context) error {
	type claim struct{ id, node, object string }
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(p.nodes)), partNodes) {
		found, err := readRows(ctx, p.db, `UNWIND $nodes AS node MATCH (s) WHERE elementId(s) = node
MATCH (s)<-[:SUBJECT]-(c:Claim)-[:OBJECT]->(o), (c)-[:STATED_IN]->(a) WHERE $since IS NULL OR date(a.published) >= $since
RETURN c.id AS id, elementId(c) AS node, elementId(o) AS object`, map[string]any{"nodes": chunk, "since": day(p.chosen.Since)},
			func(r *neo4j.Record) claim {
				return claim{get[string](r, "id"), get[string](r, "node"), get[string](r, "object")}
			})
		if err != nil {
			return err
		}
		for _, c := range found {
			if _, ok := p.nodes[c.object]; ok {
				p.nodes[c.node] = ref{labelClaim, c.id}
			}
		}
	}
	return nil
}

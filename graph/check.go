package graph

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// A Problem is something that is wrong with a graph, or worth a look.
type Problem struct {
	Name     string
	Count    int64
	Example  string // a key; may be empty
	Advice   string // what to do
	Tolerant bool   // whether a sound graph may have it
}

// A defect is something to look for: a query that returns count and example, and
// what to do about what it finds.
type defect struct {
	name, query, advice string
	tolerant            bool
}

// defects are in the order in which they are best mended. Where a constraint is
// not among the missing, its keys cannot be doubled.
func defects(missing []string) []defect {
	var out []defect
	for _, n := range Nodes() {
		if slices.Contains(missing, constraintName(n)) {
			out = append(out, defect{"doubled keys of " + n.Label, fmt.Sprintf(`MATCH (n:%s) WHERE n.%[2]s IS NOT NULL
WITH n.%[2]s AS key, count(*) AS nodes WHERE nodes > 1
RETURN count(key) AS count, min(toString(key)) AS example`, n.Label, n.Key),
				fmt.Sprintf("something else than breachgraph wrote them; MATCH (n:%s {%s: '…'}) RETURN n, COUNT { (n)--() } shows them: DETACH DELETE all but one", n.Label, n.Key), false})
		}
	}
	return append(out,
		defect{"entities that nothing is connected to", `MATCH (n) WHERE NOT (n)--() AND NOT n:Resolution AND NOT n:Rule AND NOT n:Tombstone AND NOT n:Schema AND NOT n:Article
RETURN count(n) AS count, min(coalesce(n.id, n.name)) AS example`,
			"no article stands behind them; MATCH (n {id: '…'}) WHERE NOT (n)--() DELETE n removes one", false},
		defect{"facts without claims", `MATCH (s)-[f:` + strings.Join(factTypes(), "|") + `]->(o)
WITH s, f, o, type(f) + ' ' + ` + keyOf("s") + ` + ' ' + ` + keyOf("o") + ` + CASE WHEN f.denied THEN ' ` + sign(true) + `' ELSE ' ` + sign(false) + `' END AS key
WHERE NOT EXISTS { (s)<-[:SUBJECT]-(c:Claim {fact: key})-[:OBJECT]->(o) WHERE c.rejected IS NULL }
RETURN count(f) AS count, min(key) AS example`,
			"something else than breachgraph wrote them, or deleted claims; delete the relationships", false},
		defect{"claims without an article, subject or object", `MATCH (c:Claim)
WHERE COUNT { (c)-[:STATED_IN]->() } <> 1 OR COUNT { (c)-[:SUBJECT]->() } <> 1 OR COUNT { (c)-[:OBJECT]->() } <> 1
RETURN count(c) AS count, min(c.id) AS example`,
			"MATCH (c:Claim {id: '…'}) OPTIONAL MATCH (c)-[:STATED_IN]->(a) SET a.extractionHash = 'again' DETACH DELETE c; then load the articles again", false},
		defect{"breaches that no article reports", `MATCH (b:Breach) WHERE NOT (b)<-[:REPORTS]-()
RETURN count(b) AS count, min(b.id) AS example`,
			"MATCH (b:Breach {id: '…'}) DETACH DELETE b removes one", false},
		defect{"names that lead nowhere", `MATCH (r:Resolution) WHERE EXISTS { (o:Resolution {id: r.label + ':' + r.to}) }
RETURN count(r) AS count, min(r.id) AS example`, "breachgraph resolve --undo them", false},
		defect{"breaches without a victim", `MATCH (b:Breach) WHERE NOT EXISTS { (b)<-[s:SUFFERED]-() WHERE NOT s.denied }
RETURN count(b) AS count, min(b.id) AS example`,
			"their articles name none, which happens; breachgraph curate same joins one to a breach that has", true},
	)
}

// keyOf is the label that the node n is merged on, and its key, in Cypher.
func keyOf(n string) string {
	var labels []string
	for _, l := range table().nodes {
		if l.Parent == "" {
			labels = append(labels, "'"+l.Label+"'")
		}
	}
	return "[l IN labels(" + n + ") WHERE l IN [" + strings.Join(labels, ", ") + "]][0] + ':' + coalesce(" + n + ".id, " + n + ".url, " + n + ".name)"
}

// Check looks for what a sound graph does not have, and for breaches without a
// victim, which it may have.
func (db *DB) Check(ctx context.Context) ([]Problem, error) {
	s := db.session(ctx, neo4j.AccessModeRead)
	found, err := neo4j.ExecuteRead(ctx, s, func(tx neo4j.ManagedTransaction) ([]Problem, error) {
		b := newBatch(tx, nil)
		missing, err := b.missingConstraints(ctx)
		if err != nil {
			return nil, err
		}
		var out []Problem
		if len(missing) > 0 {
			out = append(out, Problem{"missing constraints or indexes", int64(len(missing)), missing[0], "breachgraph ingest, resolve and curate make them before all else, where no doubled keys are in the way", false})
		}
		for _, d := range defects(missing) {
			if out, err = b.examine(ctx, out, Problem{Name: d.name, Advice: d.advice, Tolerant: d.tolerant}, d.query); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
	if err = errors.Join(explain(err), s.Close(ctx)); err != nil {
		return nil, fmt.Errorf("check %s: %w", db.uri, err)
	}
	return found, nil
}

func (b *batch) examine(ctx context.Context, out []Problem, p Problem, query string) ([]Problem, error) {
	err := b.askWith(ctx, query, nil, func(r *neo4j.Record) {
		p.Count, p.Example = get[int64](r, "count"), get[string](r, "example")
	})
	if p.Count > 0 {
		out = append(out, p)
	}
	return out, err
}

// missingConstraints are the names of what [Schema] makes and the database lacks.
func (b *batch) missingConstraints(ctx context.Context) ([]string, error) {
	have := map[string]bool{}
	note := func(r *neo4j.Record) { have[get[string](r, "name")] = true }
	for _, list := range []string{"SHOW CONSTRAINTS YIELD name RETURN name", "SHOW INDEXES YIELD name RETURN name"} {
		if err := b.askWith(ctx, list, nil, note); err != nil {
			return nil, err
		}
	}
	var missing []string
	for _, statement := range Schema() {
		words := strings.Fields(statement)
		if i := slices.Index(words, "IF"); i > 0 && !have[words[i-1]] {
			missing = append(missing, words[i-1])
		}
	}
	return missing, nil
}

// Digest is a hash of all that the graph holds, but for internal ids, the
// numbering of breaches, and the times at which merges and corrections were
// made: the same articles give the same digest in whatever order they came.
func (db *DB) Digest(ctx context.Context) (string, error) {
	s := db.session(ctx, neo4j.AccessModeRead)
	sum, err := neo4j.ExecuteRead(ctx, s, func(tx neo4j.ManagedTransaction) (*big.Int, error) {
		d := digest{sum: new(big.Int), breach: map[string]string{}}
		return d.sum, d.read(ctx, newBatch(tx, nil))
	})
	if err = errors.Join(explain(err), s.Close(ctx)); err != nil {
		return "", fmt.Errorf("digest of %s: %w", db.uri, err)
	}
	return fmt.Sprintf("%064x", sum), nil
}

// A digest is the sum of the hashes of all nodes and relationships, which does
// not depend on their order.
type digest struct {
	sum    *big.Int
	breach map[string]string // what stands for the id of a breach: the reports of it
	err    error
}

func (d *digest) read(ctx context.Context, b *batch) error {
	reports := map[string][]string{}
	err := b.askWith(ctx, "MATCH (b:Breach) OPTIONAL MATCH (b)<-[r:REPORTS]-(a) RETURN b.id AS id, a.url + '#' + r.report AS report", nil, func(r *neo4j.Record) {
		id := get[string](r, "id")
		reports[id] = append(reports[id], get[string](r, "report"))
	})
	if err != nil {
		return err
	}
	for id, list := range reports {
		slices.Sort(list)
		d.breach[id] = hash(list...)
	}
	err = b.askWith(ctx, "MATCH (n) RETURN labels(n) AS labels, properties(n) AS props", nil, func(r *neo4j.Record) {
		labels := texts(get[[]any](r, "labels"))
		d.add("node", labels, d.plain(labels, get[map[string]any](r, "props")))
	})
	if err == nil {
		err = b.askWith(ctx, `MATCH (s)-[r]->(t) RETURN type(r) AS type, properties(r) AS props, labels(s) AS from, labels(t) AS to,
coalesce(s.id, s.url, s.name) AS start, coalesce(t.id, t.url, t.name) AS end`, nil, func(r *neo4j.Record) {
			d.add("relationship", get[string](r, "type"), d.end(r, "from", "start"), d.end(r, "to", "end"), digested(get[map[string]any](r, "props")))
		})
	}
	return errors.Join(err, d.err)
}

// digested are properties without lists that hold nothing, which are as good as
// none: CSV for the import tool cannot tell them apart.
func digested(props map[string]any) map[string]any {
	out := receivedProps(props)
	maps.DeleteFunc(out, func(_ string, v any) bool { list, ok := v.([]any); return ok && len(list) == 0 })
	return out
}

// end names a node of a relationship.
func (d *digest) end(r *neo4j.Record, labels, key string) string {
	id := get[string](r, key)
	if slices.Contains(texts(get[[]any](r, labels)), labelBreach) {
		id = d.breach[id]
	}
	return strings.Join(texts(get[[]any](r, labels)), ":") + " " + id
}

// plain are the properties of a node without what depends on order and clock.
func (d *digest) plain(labels []string, props map[string]any) map[string]any {
	out := digested(props)
	switch {
	case slices.Contains(labels, labelBreach):
		out["id"] = d.breach[fmt.Sprint(out["id"])]
		delete(out, "formerIds")
	case slices.Contains(labels, labelArticle):
		for _, p := range []string{"fetched", "capture", "formerCaptures"} {
			delete(out, p)
		}
	case slices.Contains(labels, labelClaim):
		words := strings.Fields(fmt.Sprint(out["fact"]))
		for i, w := range words {
			if id, ok := strings.CutPrefix(w, labelBreach+":"); ok {
				words[i] = labelBreach + ":" + d.breach[id]
			}
		}
		out["fact"] = strings.Join(words, " ")
	}
	for _, p := range []string{"made", "withdrawn", "evidence"} {
		delete(out, p)
	}
	return out
}

func (d *digest) add(parts ...any) {
	raw, err := json.Marshal(parts) // keys of maps come sorted
	if err != nil {
		d.err = err
		return
	}
	sum := sha256.Sum256(raw)
	d.sum.Add(d.sum, new(big.Int).SetBytes(sum[:]))
	d.sum.Mod(d.sum, new(big.Int).Lsh(big.NewInt(1), 8*sha256.Size))
}

package graph

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// errResolved says that a name was led to another entity while a batch was on
// its way; the batch is tried again.
var errResolved = errors.New("a name was resolved meanwhile")

const (
	readResolutions = `UNWIND $rows AS row
MATCH (r:Resolution {id: row.key})
RETURN r.label AS label, r.from AS from, r.to AS to`

	writeResolution = `UNWIND $rows AS row
MERGE (r:Resolution {id: row.key})
SET r += row.props, r.label = row.label, r.from = row.from, r.to = row.to
WITH row
MATCH (o:Resolution {to: row.from}) WHERE o.label = row.label
SET o.to = row.to`

	deleteResolution = `UNWIND $rows AS row
MATCH (r:Resolution {id: row.key})
DELETE r`

	// All that articles say of an entity.
	readSaid = `UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.node
MATCH (n)<-[r:MENTIONS|PUBLISHED_BY|WRITTEN_BY|SAID_BY|SUBJECT|OBJECT]-(s)
RETURN type(r) AS type, elementId(r) AS relationship, coalesce(r.key, n.id) AS name, n.id AS at, s:Article AS own,
  CASE WHEN s:Article THEN s.url ELSE head([(s)-[:STATED_IN]->(a) | a.url]) END AS article`

	providedFacts = `UNWIND $rows AS row
MATCH (:Article {url: row.key})<-[:STATED_IN]-(c:Claim)
WHERE c.provider IS NOT NULL
MATCH (s)<-[:SUBJECT]-(c)-[:OBJECT]->(o)
RETURN DISTINCT c.fact AS fact, c.type AS type, c.status = 'denied' AS denied, elementId(s) AS from, elementId(o) AS to`

	reportsOfArticles = `UNWIND $rows AS row
MATCH (a:Article {url: row.key})-[r:REPORTS]->(b:Breach)
RETURN a.url AS article, a.published AS published, properties(r) AS report, b.id AS breach, elementId(b) AS node, coalesce(b.formerIds, []) AS former`

	// Names that lead to the same organisations.
	readSiblings = `UNWIND $rows AS row
MATCH (r:Resolution {to: row.key}) WHERE r.label = 'Organization'
RETURN r.from AS from, r.to AS to`
)

// resolve leads the names of the batch's articles to the entities that
// resolution has found them to be, or those that people found them to mean.
func (b *batch) resolve(ctx context.Context) error {
	names := map[ref]bool{}
	for _, d := range b.docs {
		for _, n := range d.shared {
			if table().entity[n.label] {
				names[n.ref] = true
			}
		}
	}
	var err error
	if b.merged, err = b.readMerged(ctx, names); err != nil || len(b.merged) == 0 {
		return err
	}
	for i, d := range b.docs {
		b.docs[i] = d.resolved(b.merged)
	}
	return nil
}

// checkResolved makes sure, now that the nodes are locked, that nothing was
// resolved since: a node that another transaction merged away would come back.
func (b *batch) checkResolved(ctx context.Context) error {
	names := map[ref]bool{}
	for _, d := range b.docs {
		for _, n := range d.shared {
			if table().entity[n.label] {
				names[n.ref] = true
			}
		}
	}
	merged, err := b.readMerged(ctx, names)
	if err == nil && len(merged) > 0 {
		err = errResolved
	}
	return err
}

// readMerged finds those of names that lead elsewhere.
func (b *batch) readMerged(ctx context.Context, names map[ref]bool) (map[ref]ref, error) {
	set := map[string]bool{}
	for r := range names {
		set[r.String()] = true
	}
	merged := map[ref]ref{}
	err := b.ask(ctx, readResolutions, keys(set), func(r *neo4j.Record) {
		label := get[string](r, "label")
		merged[ref{label, get[string](r, "from")}] = ref{label, get[string](r, "to")}
	})
	return merged, err
}

// resolved is d with names led to other entities. The document itself stays as
// it is, for the batch may be tried again.
func (d *document) resolved(merged map[ref]ref) *document {
	// A name that was led before keeps the id that the article gives it.
	lead := func(r ref, key any) (ref, any) {
		to, ok := merged[r]
		if !ok {
			return r, key
		}
		if key == nil {
			key = r.key
		}
		if key == to.key {
			key = nil
		}
		return to, key
	}
	out := *d
	out.shared, out.edges, out.claims = nil, slices.Clone(d.edges), slices.Clone(d.claims)
	seen := map[ref]bool{}
	for _, n := range d.shared {
		to, _ := lead(n.ref, nil)
		if !seen[to] {
			seen[to] = true
			out.shared = append(out.shared, nodeRow{to, n.props})
		}
	}
	for i, e := range out.edges {
		if to, key := lead(e.to, e.props["key"]); to != e.to {
			out.edges[i].to, out.edges[i].props = to, maps.Clone(e.props)
			out.edges[i].props["key"] = key
		}
	}
	for i, c := range out.claims {
		out.claims[i].subject, out.claims[i].subjectKey = lead(c.subject, c.subjectKey)
		out.claims[i].object, out.claims[i].objectKey = lead(c.object, c.objectKey)
	}
	return &out
}

// canonical are reports with the organisations that they are about under the
// ids that resolution has led their names to; REPORTS keeps what the article
// says. It also learns under which other names reports on them are found.
func (b *batch) canonical(ctx context.Context, reports []report) ([]report, error) {
	names := map[ref]bool{}
	out := slices.Clone(reports)
	for i, r := range out {
		r = b.rules.meaning(r)
		out[i] = r
		names[ref{labelOrganization, r.victim}] = true
		for _, s := range r.traits.subjects {
			names[ref{labelOrganization, s.id}] = true
		}
	}
	merged, err := b.readMerged(ctx, names)
	if err != nil {
		return nil, err
	}
	targets := map[string]bool{}
	for n := range names {
		to, ok := merged[n]
		if !ok {
			to = n
		}
		targets[to.key] = true
	}
	delete(targets, "")
	err = b.ask(ctx, readSiblings, keys(targets), func(r *neo4j.Record) {
		from, to := get[string](r, "from"), get[string](r, "to")
		b.siblings[to] = append(append(b.siblings[to], blockOf(from)), b.rules.blocksOf(from)...)
	})
	if err != nil {
		return nil, err
	}
	for id := range targets {
		b.siblings[id] = append(b.siblings[id], b.rules.blocksOf(id)...)
	}
	for i := range out {
		if len(merged) > 0 {
			out[i] = out[i].led(merged)
		}
		out[i] = b.rules.pinned(out[i])
	}
	return out, nil
}

// led is r with its organisations under other ids.
func (r report) led(merged map[ref]ref) report {
	if to, ok := merged[ref{labelOrganization, r.victim}]; ok {
		r.victim = to.key
	}
	r.traits.subjects = slices.Clone(r.traits.subjects)
	blocks := slices.Clone(r.traits.blocks)
	for i, s := range r.traits.subjects {
		if to, ok := merged[ref{labelOrganization, s.id}]; ok {
			r.traits.subjects[i] = subject{id: to.key, points: s.points, names: append(slices.Clone(s.names), s.id), not: s.not}
			if slices.Contains(blocks, blockOf(s.id)) {
				blocks = append(blocks, blockOf(to.key))
			}
		}
	}
	slices.Sort(blocks)
	r.traits.blocks = slices.Compact(blocks)
	return r
}

// readNames reads all entities with a label, and of people what they are
// connected to.
func readNames(label string) string {
	near := "[]"
	if label == labelPerson {
		near = "[(n)-[:WORKS_FOR]->(o) | 'Organization:' + o.id][..$near] + [(n)<-[:MENTIONS]-()-[:REPORTS]->(b) | 'Breach:' + b.id][..$near]"
	}
	return "MATCH (n:" + label + ") WHERE n.name IS NOT NULL RETURN n.id AS id, n.name AS name, coalesce(n.aliases, []) AS aliases, " +
		"COUNT { (n)<-[:MENTIONS]-() } AS articles, " + near + " AS near ORDER BY id"
}

// lockEntity finds an entity and locks it.
func lockEntity(label string) string {
	return `UNWIND $rows AS row
MATCH (n:` + label + ` {id: row.key})
SET n.id = n.id
RETURN row.key AS key, elementId(n) AS node, properties(n) AS props, labels(n) AS labels`
}

// moveSaid moves relationships of one type to another entity.
func moveSaid(kind string) string {
	return `UNWIND $rows AS row
MATCH (s)-[r:` + kind + `]->() WHERE elementId(r) = row.relationship
MATCH (t) WHERE elementId(t) = row.to
CREATE (s)-[n:` + kind + `]->(t)
SET n = properties(r), n.key = row.key
DELETE r`
}

// moveEnds moves one end of claims to another entity.
func moveEnds(side string) string {
	return `UNWIND $rows AS row
MATCH (c:Claim)-[r:` + side + `]->(old) WHERE elementId(r) = row.relationship
MATCH (t) WHERE elementId(t) = row.to
MATCH (c)-[other:SUBJECT|OBJECT]->(far) WHERE type(other) <> '` + side + `'
WITH c, r, old, t, far, row, c.fact AS was, split(c.fact, ' ') AS parts
SET c.fact = ` + map[string]string{
		typeSubject: "parts[0] + ' ' + row.is + ' ' + parts[2] + ' ' + parts[3]",
		typeObject:  "parts[0] + ' ' + parts[1] + ' ' + row.is + ' ' + parts[3]",
	}[side] + `
CREATE (c)-[:` + side + ` {key: row.key}]->(t)
DELETE r
RETURN c.type AS type, c.status = 'denied' AS denied, was, c.fact AS fact, '` + side + `' AS side,
  elementId(old) AS old, elementId(t) AS new, elementId(far) AS far`
}

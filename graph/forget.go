package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/ingest"
)

const (
	readTombstones = `UNWIND $rows AS row
MATCH (t:Tombstone {id: row.key})
RETURN t.id AS key`

	writeTombstones = `UNWIND $rows AS row
MERGE (t:Tombstone {id: row.key})
SET t.of = row.of, t.made = coalesce(t.made, row.made)`

	findArticle = `UNWIND $rows AS row
MATCH (a:Article {url: row.key})
SET a.url = a.url
RETURN elementId(a) AS node`

	deleteNodes = `UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.node
DETACH DELETE n`

	// What names the person, and what may lose its last relationship with it.
	aroundPerson = `UNWIND $rows AS row
MATCH (p) WHERE elementId(p) = row.node
OPTIONAL MATCH (p)<-[:SUBJECT|OBJECT]-(c:Claim)
OPTIONAL MATCH (c)-[:SUBJECT|OBJECT]->(o)
RETURN elementId(c) AS claim, elementId(o) AS other`

	articlesOfPerson = `UNWIND $rows AS row
MATCH (p) WHERE elementId(p) = row.node
MATCH (p)<-[r:MENTIONS|WRITTEN_BY]-(a:Article)
RETURN DISTINCT a.url AS article, coalesce(r.key, p.id) AS name`

	scrubTraits = `UNWIND $rows AS row
MATCH (:Article {url: row.key})-[r:REPORTS]->()
SET r.traits = [t IN r.traits WHERE t <> row.trait]`

	deleteNames = `UNWIND $rows AS row
MATCH (r:Resolution) WHERE r.label = row.label AND row.key IN [r.from, r.to]
WITH r, r.from AS from
DELETE r
RETURN from`
)

// tombstone is the id of the mark that r was forgotten. It is a hash: the mark
// must not be what it is to make forgotten.
func tombstone(r ref) string { return shortHash("tombstone", r.String()) }

// tombstoneIn is the mark that what an article says by the name r was forgotten.
func tombstoneIn(article string, r ref) string { return shortHash("tombstone", article, r.String()) }

// Forget removes an article, by its URL or key, or a person, by id, with all
// that rests on it alone, and keeps a mark so that no load brings it back. It
// reports whether there was something to remove. An article's sentences that
// name a person elsewhere stay; forget the article where they must not.
func (db *DB) Forget(ctx context.Context, what string, now time.Time) (bool, error) {
	change := func(b *batch) (int, error) { return b.forgetPerson(ctx, ref{labelPerson, what}, now) }
	if key, err := ingest.CanonicalURL(what); err == nil {
		what = key
		change = func(b *batch) (int, error) { return b.forgetArticle(ctx, ref{labelArticle, key}, now) }
	}
	if len(what) > len("urn:sha256:") && what[:len("urn:sha256:")] == "urn:sha256:" {
		change = func(b *batch) (int, error) { return b.forgetArticle(ctx, ref{labelArticle, what}, now) }
	}
	n, err := db.rewrite(ctx, change)
	if err != nil {
		return false, fmt.Errorf("forget %s in %s: %w", what, db.uri, err)
	}
	return n > 0, nil
}

func (b *batch) bury(ctx context.Context, now time.Time, refs ...ref) error {
	var rows []map[string]any
	for _, r := range refs {
		rows = append(rows, map[string]any{"key": tombstone(r), "of": r.label, "made": moment(now)})
	}
	return b.ask(ctx, writeTombstones, rows, nil)
}

func (b *batch) forgetArticle(ctx context.Context, article ref, now time.Time) (int, error) {
	if err := b.bury(ctx, now, article); err != nil {
		return 0, err
	}
	err := b.ask(ctx, findArticle, []map[string]any{{"key": article.key}}, func(r *neo4j.Record) { b.nodes[article] = get[string](r, "node") })
	if err != nil || b.nodes[article] == "" {
		return 0, err
	}
	b.changed = []*document{{self: article}}
	if err := b.withdraw(ctx); err != nil {
		return 0, err
	}
	if err := b.findBreaches(ctx); err != nil {
		return 0, err
	}
	return 1, b.ask(ctx, deleteNodes, []map[string]any{{"node": b.nodes[article]}}, nil)
}

func (b *batch) forgetPerson(ctx context.Context, person ref, now time.Time) (int, error) {
	names := []ref{person}
	err := b.ask(ctx, deleteNames, []map[string]any{{"label": person.label, "key": person.key}}, func(r *neo4j.Record) {
		names = append(names, ref{person.label, get[string](r, "from")})
	})
	if err != nil {
		return 0, err
	}
	if err := b.bury(ctx, now, names...); err != nil {
		return 0, err
	}
	if err := b.meetEntities(ctx, person); err != nil || b.nodes[person] == "" {
		return 0, err
	}
	if err := b.revoice(ctx, b.nodes[person]); err != nil {
		return 0, err
	}
	node := []map[string]any{{"node": b.nodes[person]}}
	claims := map[string]bool{b.nodes[person]: true}
	err = b.ask(ctx, aroundPerson, node, func(r *neo4j.Record) {
		if claim := get[string](r, "claim"); claim != "" {
			claims[claim] = true
			b.left[get[string](r, "other")] = true
		}
	})
	if err != nil {
		return 0, err
	}
	var traits, marks []map[string]any
	err = b.ask(ctx, articlesOfPerson, node, func(r *neo4j.Record) {
		url, name := get[string](r, "article"), ref{person.label, get[string](r, "name")}
		b.touched = append(b.touched, url)
		traits = append(traits, map[string]any{"key": url, "trait": traitWith + " " + name.String()})
		if b.rules.means(url, name) != name { // who takes the rule back must not bring the person back
			marks = append(marks, map[string]any{"key": tombstoneIn(url, name), "of": person.label, "made": moment(now)})
		}
	})
	if err != nil {
		return 0, err
	}
	delete(b.entities, b.nodes[person])
	return 1, b.askAll(ctx, statement{writeTombstones, marks, nil}, statement{scrubTraits, traits, nil}, statement{deleteNodes, numbers(claims), nil})
}

// leaveForgotten leaves articles out of the batch that were forgotten.
func (b *batch) leaveForgotten(ctx context.Context) error {
	articles := map[ref]bool{}
	for _, d := range b.docs {
		articles[d.self] = true
	}
	gone, err := b.forgotten(ctx, articles)
	if len(gone) > 0 {
		b.docs = slices.DeleteFunc(slices.Clone(b.docs), func(d *document) bool { return gone[d.self] })
	}
	for article := range gone {
		b.status[article.key] = forgottenArticle
	}
	return err
}

// leavePeople leaves out of the batch what articles say of people who were
// forgotten.
func (b *batch) leavePeople(ctx context.Context) error {
	marks := map[string]bool{}
	for _, d := range b.docs {
		for _, e := range d.edges {
			if e.to.label == labelPerson {
				marks[tombstone(e.to)], marks[tombstoneIn(d.self.key, e.name())] = true, true
			}
		}
		for _, n := range d.shared {
			if n.label == labelPerson {
				marks[tombstone(n.ref)] = true
			}
		}
	}
	found := map[string]bool{}
	err := b.ask(ctx, readTombstones, keys(marks), func(r *neo4j.Record) { found[get[string](r, "key")] = true })
	if err != nil || len(found) == 0 {
		return err
	}
	for i, d := range b.docs {
		gone := map[ref]bool{}
		for _, n := range d.shared {
			gone[n.ref] = n.label == labelPerson && found[tombstone(n.ref)]
		}
		for _, e := range d.edges {
			if e.to.label == labelPerson && found[tombstoneIn(d.self.key, e.name())] {
				gone[e.to] = true
			}
		}
		b.docs[i] = d.without(gone)
	}
	return nil
}

// name is the name that the article of e has for its end.
func (e edgeRow) name() ref {
	if key, ok := e.props["key"].(string); ok {
		return ref{e.to.label, key}
	}
	return e.to
}

// forgotten are those of refs that were forgotten.
func (b *batch) forgotten(ctx context.Context, refs map[ref]bool) (map[ref]bool, error) {
	byMark, marks := map[string]ref{}, map[string]bool{}
	for r := range refs {
		byMark[tombstone(r)], marks[tombstone(r)] = r, true
	}
	gone := map[ref]bool{}
	err := b.ask(ctx, readTombstones, keys(marks), func(r *neo4j.Record) { gone[byMark[get[string](r, "key")]] = true })
	return gone, err
}

// without is d without what it says of some entities.
func (d *document) without(gone map[ref]bool) *document {
	if !slices.ContainsFunc(d.shared, func(n nodeRow) bool { return gone[n.ref] }) {
		return d
	}
	out := *d
	out.shared = slices.DeleteFunc(slices.Clone(d.shared), func(n nodeRow) bool { return gone[n.ref] })
	out.claims = slices.DeleteFunc(slices.Clone(d.claims), func(c claimRow) bool { return gone[c.subject] || gone[c.object] })
	kept := map[ref]bool{}
	for _, c := range out.claims {
		kept[ref{labelClaim, c.id}] = true
	}
	out.edges = slices.DeleteFunc(slices.Clone(d.edges), func(e edgeRow) bool {
		return gone[e.to] || e.from.label == labelClaim && !kept[e.from]
	})
	names := map[string]bool{}
	for _, e := range d.edges {
		names[e.name().String()] = names[e.name().String()] || gone[e.to]
	}
	out.reports = slices.Clone(d.reports)
	for i := range out.reports {
		t := &out.reports[i].traits
		t.with = slices.DeleteFunc(slices.Clone(t.with), func(s string) bool { return names[s] })
	}
	return &out
}

// errForgotten says why an article is not loaded.
var errForgotten = errors.New("it was forgotten with breachgraph forget and does not come back")

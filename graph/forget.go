package graph

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
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
MATCH (p)<-[:MENTIONS|WRITTEN_BY]-(a:Article)
RETURN DISTINCT a.url AS article`

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
	var rows []map[string]any
	err = b.ask(ctx, articlesOfPerson, node, func(r *neo4j.Record) {
		url := get[string](r, "article")
		b.touched = append(b.touched, url)
		for _, n := range names {
			rows = append(rows, map[string]any{"key": url, "trait": traitWith + " " + n.String()})
		}
	})
	if err != nil {
		return 0, err
	}
	delete(b.entities, b.nodes[person])
	return 1, b.askAll(ctx, statement{scrubTraits, rows, nil}, statement{deleteNodes, numbers(claims), nil})
}

// leaveForgotten leaves out of the batch what was forgotten: articles as a
// whole, of others what they say of a person.
func (b *batch) leaveForgotten(ctx context.Context) error {
	byMark := map[string]ref{}
	for _, d := range b.docs {
		byMark[tombstone(d.self)] = d.self
		for _, n := range d.shared {
			if n.label == labelPerson {
				byMark[tombstone(n.ref)] = n.ref
			}
		}
	}
	var rows []map[string]any
	for _, k := range slices.Sorted(maps.Keys(byMark)) {
		rows = append(rows, map[string]any{"key": k})
	}
	gone := map[ref]bool{}
	err := b.ask(ctx, readTombstones, rows, func(r *neo4j.Record) { gone[byMark[get[string](r, "key")]] = true })
	if err != nil || len(gone) == 0 {
		return err
	}
	var docs []*document
	for _, d := range b.docs {
		if gone[d.self] {
			b.status[d.self.key] = forgottenArticle
			continue
		}
		docs = append(docs, d.without(gone))
	}
	b.docs = docs
	return nil
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
	out.kinds = maps.Clone(d.kinds)
	maps.DeleteFunc(out.kinds, func(r ref, _ extract.Kind) bool { return gone[r] })
	out.reports = slices.Clone(d.reports)
	for i := range out.reports {
		t := &out.reports[i].traits
		t.with = slices.DeleteFunc(slices.Clone(t.with), func(s string) bool {
			return slices.ContainsFunc(slices.Collect(maps.Keys(gone)), func(r ref) bool { return r.String() == s })
		})
	}
	return &out
}

// errForgotten says why an article is not loaded.
var errForgotten = errors.New("it was forgotten with breachgraph forget and does not come back")

package graph

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// An id is made of a name, so two people of one name are one node. A person who
// reads that an article means another one says so by a split in that article:
// there the name means another entity. What names mean in an article comes
// first, and then where resolution leads that.

const (
	// holdArticle keeps an article from being loaded until the transaction ends,
	// whether or not it is there.
	holdArticle = `UNWIND $rows AS row
MERGE (a:Article {url: row.key})
SET a.url = a.url
WITH a WHERE a.extractionHash IS NULL AND NOT EXISTS { (a)--() }
DELETE a`

	// readNamed reads what an article says by a name, wherever that was led.
	readNamed = `UNWIND $rows AS row
MATCH (a:Article {url: row.key})
CALL (a) {
  MATCH (a)-[r:MENTIONS|PUBLISHED_BY|WRITTEN_BY]->(n)
  RETURN r, n, true AS own
  UNION ALL
  MATCH (a)<-[:STATED_IN]-()-[r:SAID_BY|SUBJECT|OBJECT]->(n)
  RETURN r, n, false AS own
}
WITH row, r, n, own WHERE row.label IN labels(n) AND coalesce(r.key, n.id) = row.name
RETURN type(r) AS type, elementId(r) AS relationship, row.name AS name, n.id AS at, own, row.key AS article`

	// readUnused finds an article that does not use a name, and by what names it
	// speaks of the entity that has it for an id.
	readUnused = `MATCH (a:Article {url: $article})
WHERE NOT EXISTS { MATCH (a)-[r:MENTIONS|PUBLISHED_BY|WRITTEN_BY]->(n) WHERE $label IN labels(n) AND coalesce(r.key, n.id) = $name }
RETURN COLLECT { MATCH (a)-[r:MENTIONS|PUBLISHED_BY|WRITTEN_BY]->(n {id: $name}) WHERE $label IN labels(n) RETURN DISTINCT r.key } AS names`
)

func (c corrections) addLead(article string, name, to ref) {
	if c.leads[article] == nil {
		c.leads[article] = map[ref]ref{}
	}
	c.leads[article][name] = to
	c.meant[to] = append(c.meant[to], name)
}

// means is what a name means in an article.
func (c corrections) means(article string, name ref) ref { return cmp.Or(c.leads[article][name], name) }

// blocksOf are the words by which reports are found that mean the organisation
// or product id and call it otherwise.
func (c corrections) blocksOf(id string) []string {
	var out []string
	for _, label := range []string{labelOrganization, labelProduct} {
		for _, name := range c.meant[ref{label, id}] {
			out = append(out, blockOf(name.key))
		}
	}
	return out
}

// meaning is r with the entities that its article's names mean there. Of those
// that the name means elsewhere they are known to be others.
func (c corrections) meaning(r report) report {
	leads := c.leads[r.article]
	if to, ok := leads[ref{labelOrganization, r.victim}]; ok {
		r.victim = to.key
	}
	t := &r.traits
	if len(leads) > 0 {
		blocks := slices.Clone(t.blocks)
		t.subjects, t.mentioned, t.with = slices.Clone(t.subjects), slices.Clone(t.mentioned), slices.Clone(t.with)
		for _, list := range [][]subject{t.subjects, t.mentioned} {
			for i, s := range list {
				to := cmp.Or(leads[ref{labelOrganization, s.id}], leads[ref{labelProduct, s.id}])
				if to.key == "" {
					continue
				}
				list[i] = subject{id: to.key, points: s.points, names: s.names, not: s.id}
				if slices.Contains(blocks, blockOf(s.id)) {
					blocks = append(blocks, blockOf(to.key))
				}
			}
		}
		for i, s := range t.with {
			label, key, _ := strings.Cut(s, ":")
			t.with[i] = c.means(r.article, ref{label, key}).String()
		}
		slices.Sort(blocks)
		slices.Sort(t.with)
		t.blocks, t.with = slices.Compact(blocks), slices.Compact(t.with)
	}
	if len(c.meant) > 0 {
		t.printed = c.printed(*t)
	}
	return r
}

// printed are the traits that reports may have which share some of t, as their
// articles give them.
func (c corrections) printed(t traits) map[string]int {
	out := map[string]int{}
	for _, m := range t.mentioned {
		for _, label := range []string{labelOrganization, labelProduct} {
			for _, name := range c.meant[ref{label, m.id}] {
				out[traitMentioned+" "+name.key] = organizationPoints
			}
		}
	}
	for _, s := range t.with {
		label, key, _ := strings.Cut(s, ":")
		for _, name := range c.meant[ref{label, key}] {
			out[traitWith+" "+name.String()] = withPoints
		}
	}
	return out
}

// meanings leads the names of the batch's articles to what people found them to
// mean there.
func (b *batch) meanings(context.Context) error {
	for i, d := range b.docs {
		if leads := b.rules.leads[d.self.key]; len(leads) > 0 {
			b.docs[i] = d.resolved(leads)
		}
	}
	return nil
}

// beforeLead readies the article of a split in one article, if k is one, for
// its names to be led elsewhere: it is not loaded meanwhile, and the breaches of
// all that it is tied to so far are found anew.
func (b *batch) beforeLead(ctx context.Context, k keptRule) error {
	if k.In == "" {
		return nil
	}
	if err := b.ask(ctx, holdArticle, []map[string]any{{"key": k.In}}, nil); err != nil {
		return err
	}
	b.touched = append(b.touched, k.In)
	return b.touchTied(ctx)
}

// lead moves what an article says by a name to the entity that this means there
// now. One that was forgotten stays so.
func (b *batch) lead(ctx context.Context, article string, name ref, now time.Time) error {
	means := b.rules.means(article, name)
	merged, err := b.readMerged(ctx, map[ref]bool{means: true})
	if err != nil {
		return err
	}
	to := cmp.Or(merged[means], means)
	list, err := b.readNamed(ctx, article, name)
	list = slices.DeleteFunc(list, func(s said) bool { return s.at == to })
	if err != nil || len(list) == 0 {
		return err
	}
	if err := b.makeEntity(ctx, to); err != nil {
		return err
	}
	if err := b.meetEntities(ctx, list[0].at); err != nil {
		return err
	}
	if list, err = b.readNamed(ctx, article, name); err != nil { // again, since nothing can be moved any more
		return err
	}
	if _, err = b.moveSaid(ctx, list, to); err != nil {
		return err
	}
	gone, err := b.forgotten(ctx, map[ref]bool{means: true})
	if err == nil && gone[means] {
		_, err = b.forgetPerson(ctx, to, now)
	}
	return err
}

// readNamed reads what an article says by a name.
func (b *batch) readNamed(ctx context.Context, article string, name ref) ([]said, error) {
	var list []said
	row := []map[string]any{{"key": article, "label": name.label, "name": name.key}}
	err := b.ask(ctx, readNamed, row, func(r *neo4j.Record) { list = append(list, readSaidRow(name.label, r)) })
	return list, err
}

// unused says whether r is a split in an article that does not use the name.
func (db *DB) unused(ctx context.Context, r Rule) ([]Unused, error) {
	if r.In == "" {
		return nil, nil
	}
	of, err := entityRef(r.Of)
	if err != nil {
		return nil, err
	}
	return readRows(ctx, db, readUnused, map[string]any{"article": r.In, "label": of.label, "name": of.key}, func(row *neo4j.Record) Unused {
		return Unused{r, texts(get[[]any](row, "names"))}
	})
}

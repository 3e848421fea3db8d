package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/breachgraph/breachgraph/extract"
)

// maxNamesake is in how many articles a person is looked for who may be two:
// who is named in more is well known, and nobody would read them all.
const maxNamesake = 50

// readNamesakes reads the articles that name people who work for several, with
// what else these articles are about.
const readNamesakes = `MATCH (p:Person)-[w:WORKS_FOR]->(o) WHERE NOT w.denied
WITH p, count(DISTINCT o) AS employers WHERE employers > 1 AND COUNT { (p)<-[:MENTIONS]-() } <= $most
MATCH (p)<-[m:MENTIONS]-(a:Article)
RETURN p.id AS id, coalesce(m.key, p.id) AS name, a.url AS article,
  [(a)-[:REPORTS]->(b) | 'Breach:' + b.id] + [(a)-[:MENTIONS]->(x:Organization) | 'Organization:' + x.id] AS about,
  COLLECT { MATCH (a)<-[:STATED_IN]-(c:Claim {type: 'WORKS_FOR'})-[:SUBJECT]->(p), (c)-[:OBJECT]->(x)
    WHERE c.status <> 'denied' AND c.rejected IS NULL RETURN DISTINCT x.id } AS employers`

// A Namesake is what may be another person under the name of one: some of the
// articles that name him give him other employers than the rest, and share no
// breach and no organisation with them.
type Namesake struct {
	ID        string // of the person who may be two
	Name      string // as an id, that these articles give
	To        string // an id for the other one
	Employers []string
	Articles  []string // their keys
}

// An appearance is one article that names a person.
type appearance struct {
	id, name, article string
	about, employers  []string
}

// Namesakes lists what may be another person under one's name, by id. Nothing is
// done about it: who reads the articles can part them by a split in these.
func (db *DB) Namesakes(ctx context.Context) ([]Namesake, error) {
	found, err := readRows(ctx, db, readNamesakes, map[string]any{"most": maxNamesake}, func(r *neo4j.Record) appearance {
		return appearance{get[string](r, "id"), get[string](r, "name"), get[string](r, "article"), texts(get[[]any](r, "about")), texts(get[[]any](r, "employers"))}
	})
	if err != nil {
		return nil, fmt.Errorf("look for people of one name in %s: %w", db.uri, err)
	}
	return namesakes(found), nil
}

// namesakes parts appearances into groups by what they are about. The group in
// which most articles give an employer is taken for the person.
func namesakes(found []appearance) []Namesake {
	slices.SortFunc(found, func(x, y appearance) int {
		return cmp.Or(cmp.Compare(x.id, y.id), cmp.Compare(x.article, y.article), cmp.Compare(x.name, y.name))
	})
	var out []Namesake
	for len(found) > 0 {
		n := 1
		for n < len(found) && found[n].id == found[0].id {
			n++
		}
		groups := slices.DeleteFunc(connected(found[:n]), func(g []appearance) bool { return len(employersOf(g)) == 0 })
		slices.SortStableFunc(groups, func(x, y []appearance) int { return cmp.Compare(len(y), len(x)) })
		for _, g := range groups[min(1, len(groups)):] {
			out = append(out, parted(g)...)
		}
		found = found[n:]
	}
	return out
}

// connected are appearances in groups that share something, through whatever
// others, each group and all of them in the order of what they begin with.
func connected(list []appearance) [][]appearance {
	var groups [][]appearance
	for _, a := range list {
		joined := []appearance{a}
		var apart [][]appearance
		for _, g := range groups {
			if slices.ContainsFunc(g, func(b appearance) bool { return a.meets(b) }) {
				joined = append(g, joined...)
			} else {
				apart = append(apart, g)
			}
		}
		groups = append(apart, joined)
	}
	for _, g := range groups {
		slices.SortFunc(g, func(x, y appearance) int {
			return cmp.Or(cmp.Compare(x.article, y.article), cmp.Compare(x.name, y.name))
		})
	}
	slices.SortFunc(groups, func(x, y []appearance) int { return cmp.Compare(x[0].article, y[0].article) })
	return groups
}

// meets reports whether two articles are about something in common.
func (a appearance) meets(b appearance) bool {
	return a.article == b.article || shares(a.about, b.about) > 0
}

func employersOf(group []appearance) []string {
	var out []string
	for _, a := range group {
		out = append(out, a.employers...)
	}
	return limited(out, len(out))
}

// parted are the splits that would part a group, one for each name that its
// articles give.
func parted(group []appearance) []Namesake {
	employers := employersOf(group)
	var out []Namesake
	for _, a := range group {
		i := slices.IndexFunc(out, func(n Namesake) bool { return n.Name == a.name })
		if i < 0 {
			i = len(out)
			to := fold(a.id+" of "+employers[0], extract.Person)
			out = append(out, Namesake{ID: a.id, Name: a.name, To: to, Employers: employers})
		}
		out[i].Articles = append(out[i].Articles, a.article)
	}
	return out
}

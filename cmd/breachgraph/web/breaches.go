package web

import (
	"net/http"
	"strings"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
)

type breachesPage struct {
	search
	Breaches []catalog.Breach
}

// breaches answers GET /breaches.
func (s *Site) breaches(r *http.Request) (any, error) {
	p := breachesPage{search: searchOf(r)}
	found, err := s.Catalog.Breaches(r.Context(), p.Words, p.page())
	p.Breaches, p.Next = found.Items, found.Next
	return p, err
}

type breachPage struct {
	catalog.BreachHistory
	Plot    *plot
	Browser string
}

// breach answers GET /breaches/{id}.
func (s *Site) breach(r *http.Request) (any, error) {
	b, err := s.Catalog.Breach(r.Context(), r.PathValue("id"))
	return breachPage{b, plotFigures(b.Figures), s.browser(around("Breach", b.ID))}, err
}

type entitiesPage struct {
	search
	Kinds    []string
	Entities []catalog.Entity
}

// entities answers GET /entities.
func (s *Site) entities(r *http.Request) (any, error) {
	p := entitiesPage{search: searchOf(r), Kinds: catalog.Kinds()}
	found, err := s.Catalog.Entities(r.Context(), p.Words, p.Kind, p.page())
	p.Entities, p.Next = found.Items, found.Next
	return p, err
}

type entityPage struct {
	catalog.EntityFacts
	Browser string
}

// entity answers GET /entities/{label}/{id}.
func (s *Site) entity(r *http.Request) (any, error) {
	e, err := s.Catalog.Entity(r.Context(), r.PathValue("label"), r.PathValue("id"))
	return entityPage{e, s.browser(around(e.Label, e.ID))}, err
}

// browser is a link into Neo4j Browser with a query.
func (s *Site) browser(cypher string) string {
	if s.Browser == nil {
		return ""
	}
	return s.Browser(cypher)
}

// around is a query for what is around a node. label is one of ours.
func around(label, id string) string {
	return "MATCH path = (:" + label + " {id: " + literal(id) + "})-[fact]-() WHERE fact.claims > 0 RETURN path LIMIT 200"
}

// literal writes a text as Cypher does.
func literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

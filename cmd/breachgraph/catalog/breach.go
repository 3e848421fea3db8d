package catalog

import (
	"context"
	"strings"
)

// A Breach is an incident. Its days are as YYYY-MM-DD.
type Breach struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Victims      []Ref    `json:"victims"`
	OccurredFrom string   `json:"occurredFrom,omitempty"`
	OccurredTo   string   `json:"occurredTo,omitempty"`
	Discovered   string   `json:"discovered,omitempty"`
	Disclosed    string   `json:"disclosed,omitempty"`
	Articles     int      `json:"articles"`
	FormerIDs    []string `json:"formerIds"`
}

// A Figure is what one article gives for a breach, and who says so.
type Figure struct {
	ID          string   `json:"id"`
	Published   string   `json:"published,omitempty"` // day
	Unit        string   `json:"unit"`
	Text        string   `json:"text"`
	Value       *float64 `json:"value,omitempty"`
	Low         *float64 `json:"low,omitempty"`
	High        *float64 `json:"high,omitempty"`
	Approx      bool     `json:"approx"`
	Counted     string   `json:"counted,omitempty"`
	Status      string   `json:"status"`
	SaidBy      *Ref     `json:"saidBy,omitempty"` // absent where the article itself does
	Outlet      string   `json:"outlet,omitempty"`
	CorrectedTo []string `json:"correctedTo"`
	Article     string   `json:"article"`
}

// A BreachHistory is a breach with its figures, oldest first, the facts around it
// and the articles that report it.
type BreachHistory struct {
	Breach
	Figures   []Figure  `json:"figures"`
	Facts     []Fact    `json:"facts"` // but those of figures
	Reports   []Article `json:"reports"`
	Truncated bool      `json:"truncated"` // that one of the three is longer
}

const maxFigures, maxReports = 500, 100

const breachColumns = `
RETURN b.id AS id, coalesce(b.name, b.id) AS name,
       COLLECT { MATCH (v:Organization)-[s:SUFFERED {denied: false}]->(b) WITH DISTINCT v ORDER BY v.id
                 RETURN {label: 'Organization', id: v.id, name: v.name} } AS victims,
       b.occurredFrom AS occurredFrom, b.occurredTo AS occurredTo, b.discovered AS discovered, b.disclosed AS disclosed,
       coalesce(b.articles, 0) AS articles, coalesce(b.formerIds, []) AS formerIds`

const breachesFound = `
CALL db.index.fulltext.queryNodes('words', $words, {limit: 5000}) YIELD node AS b, score
WITH b, score
WHERE b:Breach
WITH b, score
ORDER BY score DESC, b.articles DESC, b.id
SKIP $skip LIMIT $most` + breachColumns

const breachesByDay = `
MATCH (b:Breach)
WITH b, coalesce(b.disclosed, b.discovered, b.occurredFrom) AS day
ORDER BY day IS NULL, day DESC, b.articles DESC, b.id
SKIP $skip LIMIT $most
WITH b` + breachColumns

const breachesByArticles = `
MATCH (b:Breach)
WITH b ORDER BY b.articles DESC, b.id
SKIP $skip LIMIT $most
WITH b` + breachColumns

// Breaches returns breaches: those that fit words best, or else those that became
// known last, first.
func (c Catalog) Breaches(ctx context.Context, words string, p Page) (List[Breach], error) {
	if words == "" {
		return list[Breach](ctx, c, breachesByDay, map[string]any{}, p)
	}
	found := search(words, "name", "formerIds")
	if found == "" {
		return List[Breach]{Items: []Breach{}}, nil
	}
	return list[Breach](ctx, c, breachesFound, map[string]any{"words": found}, p)
}

// MostReported returns breaches, those in most articles first.
func (c Catalog) MostReported(ctx context.Context, p Page) (List[Breach], error) {
	return list[Breach](ctx, c, breachesByArticles, map[string]any{}, p)
}

// breachByID finds a breach by the id that it has, or had.
const breachByID = `
CALL () {
  MATCH (b:Breach {id: $id}) RETURN b
  UNION
  CALL db.index.fulltext.queryNodes('words', $quoted) YIELD node AS b RETURN b
}
WITH b
WHERE b:Breach AND (b.id = $id OR $id IN coalesce(b.formerIds, []))
WITH b ORDER BY b.id = $id DESC, b.id LIMIT 1` + breachColumns

const figuresOfBreach = `
MATCH (b:Breach {id: $id})-[h:HAS_FIGURE]->(f:Figure)-[:STATED_IN]->(a:Article)
RETURN f.id AS id, date(a.published) AS published, f.unit AS unit, f.text AS text, f.value AS value, f.low AS low, f.high AS high,
       coalesce(f.approx, false) AS approx, f.counted AS counted, h.status AS status,
       head(COLLECT { MATCH (f)-[:SAID_BY]->(by) WITH by ORDER BY by.id RETURN {label: head(labels(by)), id: by.id, name: by.name} }) AS saidBy,
       head(COLLECT { MATCH (a)-[:PUBLISHED_BY]->(o) RETURN o.name ORDER BY o.id }) AS outlet,
       COLLECT { MATCH (f)-[:SUPERSEDED_BY]->(g:Figure) RETURN g.text AS text ORDER BY text } AS correctedTo, a.url AS article
ORDER BY published IS NULL, published, unit, value, id, status`

const reportsOfBreach = `
MATCH (b:Breach {id: $id})<-[:REPORTS]-(a:Article)
WITH DISTINCT a ORDER BY a.published IS NULL, a.published, a.url LIMIT $most` + articleColumns

// Breach returns a breach by the id that it has or had, with the history of its
// figures. The error wraps [ErrNone] where the graph has none.
func (c Catalog) Breach(ctx context.Context, id string) (BreachHistory, error) {
	b, err := one[Breach](ctx, c, breachByID, map[string]any{"id": id, "quoted": `formerIds:"` + strings.NewReplacer(`"`, " ", `\`, " ").Replace(id) + `"`})
	if err != nil {
		return BreachHistory{}, err
	}
	out := BreachHistory{Breach: b}
	params := map[string]any{"id": b.ID, "most": maxReports + 1}
	var more [3]bool
	if out.Figures, more[0], err = rows[Figure](ctx, c, figuresOfBreach, params, maxFigures); err != nil {
		return out, err
	}
	facts := strings.Replace(strings.ReplaceAll(factsOf, "LABEL", "Breach"), "HAS_FIGURE|", "", 1)
	if out.Facts, more[1], err = rows[Fact](ctx, c, facts, params, maxFacts); err != nil {
		return out, err
	}
	out.Reports, more[2], err = rows[Article](ctx, c, reportsOfBreach, params, maxReports)
	out.Truncated = more[0] || more[1] || more[2]
	return out, err
}

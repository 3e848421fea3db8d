package catalog

import (
	"context"
	"time"
)

// An Article is what the graph knows of one page.
type Article struct {
	URL         string     `json:"url"`
	Title       string     `json:"title,omitempty"`
	Subtitle    string     `json:"subtitle,omitempty"`
	Published   *time.Time `json:"published,omitempty"`
	Fetched     *time.Time `json:"fetched,omitempty"`
	Outlet      string     `json:"outlet,omitempty"`
	Authors     []string   `json:"authors"`
	Language    string     `json:"language,omitempty"`
	Words       int        `json:"words,omitempty"`
	DuplicateOf string     `json:"duplicateOf,omitempty"`
	Capture     string     `json:"capture,omitempty"` // where the archive has it
	Extractor   string     `json:"extractor,omitempty"`
	Claims      int        `json:"claims"`
	Breaches    []Ref      `json:"breaches"`
}

// A Claim is one statement of an article.
type Claim struct {
	ID         string  `json:"id"`
	Type       string  `json:"type"`
	Subject    Ref     `json:"subject"`
	Object     Ref     `json:"object"`
	Status     string  `json:"status"`
	SaidBy     string  `json:"saidBy,omitempty"`
	Confidence float64 `json:"confidence"`
	Sentence   string  `json:"sentence"`
}

// An ArticleClaims is an article with what it claims, in its order.
type ArticleClaims struct {
	Article
	Statements []Claim `json:"statements"`
	Truncated  bool    `json:"truncated"` // that it claims more than maxClaims
}

const maxClaims = 500

// An ArticleFilter says which articles are wanted; its zero value wants all whose
// day is known.
type ArticleFilter struct {
	Words        string    // of the title and the line below it, or beginnings of them
	Since, Until time.Time // published from the one up to before the other; zero means unbounded
}

const articleColumns = `
RETURN a.url AS url, a.title AS title, a.subtitle AS subtitle, a.published AS published, a.fetched AS fetched,
       head(COLLECT { MATCH (a)-[:PUBLISHED_BY]->(o) RETURN o.name ORDER BY o.id }) AS outlet,
       COLLECT { MATCH (a)-[w:WRITTEN_BY]->(:Person) RETURN w.name AS name ORDER BY name } AS authors,
       a.language AS language, a.wordCount AS words, a.duplicateOf AS duplicateOf, a.capture AS capture, a.extractor AS extractor,
       COUNT { (a)<-[:STATED_IN]-(:Claim) } AS claims,
       COLLECT { MATCH (a)-[r:REPORTS]->(b:Breach) WITH b, max(r.primary) AS about ORDER BY about DESC, b.id
                 RETURN {label: 'Breach', id: b.id, name: b.name} } AS breaches`

const articlesFound = `
CALL db.index.fulltext.queryNodes('words', $words, {limit: 20000}) YIELD node AS a, score
WITH a, score
WHERE a:Article AND ($since IS NULL OR a.published >= datetime($since)) AND ($until IS NULL OR a.published < datetime($until))
WITH a, score
ORDER BY score DESC, a.published DESC, a.url
SKIP $skip LIMIT $most` + articleColumns

// articlesByDay leaves the order to the index, however many articles there are.
const articlesByDay = `
MATCH (a:Article)
WHERE a.published >= datetime($since) AND a.published < datetime($until)
WITH a ORDER BY a.published DESC
SKIP $skip LIMIT $most` + articleColumns

// Articles returns articles: those that fit the words best, or else the latest,
// first.
func (c Catalog) Articles(ctx context.Context, f ArticleFilter, p Page) (List[Article], error) {
	if f.Words == "" {
		return list[Article](ctx, c, articlesByDay, map[string]any{"since": timeOr(f.Since, "0001-01-01T00:00:00Z"), "until": timeOr(f.Until, "9999-12-31T00:00:00Z")}, p)
	}
	words := search(f.Words, "title", "subtitle")
	if words == "" {
		return List[Article]{Items: []Article{}}, nil
	}
	return list[Article](ctx, c, articlesFound, map[string]any{"words": words, "since": timeOr(f.Since, nil), "until": timeOr(f.Until, nil)}, p)
}

// timeOr is t as the graph reads it, or else what stands for no time.
func timeOr(t time.Time, none any) any {
	if t.IsZero() {
		return none
	}
	return t.Format(time.RFC3339)
}

const articleByURL = `MATCH (a:Article {url: $url})` + articleColumns

const claimsOfArticle = `
MATCH (a:Article {url: $url})<-[:STATED_IN]-(c:Claim), (s)<-[:SUBJECT]-(c)-[:OBJECT]->(o)
RETURN c.id AS id, c.type AS type,
       {label: head(labels(s)), id: coalesce(s.id, s.name, s.url), name: coalesce(s.label, s.name, s.text, s.title)} AS subject,
       {label: head(labels(o)), id: coalesce(o.id, o.name, o.url), name: coalesce(o.label, o.name, o.text, o.title)} AS object,
       c.status AS status, head(COLLECT { MATCH (c)-[:SAID_BY]->(by) RETURN by.name ORDER BY by.id }) AS saidBy,
       c.confidence AS confidence, c.text AS sentence
ORDER BY c.start, c.end, type, id`

// Article returns an article by its canonical URL, with what it claims. The error
// wraps [ErrNone] where the graph has none.
func (c Catalog) Article(ctx context.Context, url string) (ArticleClaims, error) {
	params := map[string]any{"url": url}
	a, err := one[Article](ctx, c, articleByURL, params)
	if err != nil {
		return ArticleClaims{}, err
	}
	out := ArticleClaims{Article: a}
	out.Statements, out.Truncated, err = rows[Claim](ctx, c, claimsOfArticle, params, maxClaims)
	return out, err
}

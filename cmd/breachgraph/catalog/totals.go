package catalog

import (
	"context"
	"time"
)

// Totals says how much the graph holds.
type Totals struct {
	Articles      int `json:"articles"`
	Breaches      int `json:"breaches"`
	Claims        int `json:"claims"`
	Organizations int `json:"organizations"`
	People        int `json:"people"`
	Groups        int `json:"groups"`
}

// A Day counts the articles that were published on a day, what they claim and the
// breaches that they report.
type Day struct {
	Day      time.Time `json:"day"`
	Articles int       `json:"articles"`
	Claims   int       `json:"claims"`
	Breaches int       `json:"breaches"`
}

// totals asks for nothing but what the database counts anyway: each part is one
// label, all of it.
const totals = `
MATCH (n:Article) RETURN 'articles' AS what, count(n) AS many
UNION ALL MATCH (n:Breach) RETURN 'breaches' AS what, count(n) AS many
UNION ALL MATCH (n:Claim) RETURN 'claims' AS what, count(n) AS many
UNION ALL MATCH (n:Organization) RETURN 'organizations' AS what, count(n) AS many
UNION ALL MATCH (n:Person) RETURN 'people' AS what, count(n) AS many
UNION ALL MATCH (n:Group) RETURN 'groups' AS what, count(n) AS many`

const ofDay = `
MATCH (a:Article)
WHERE a.published >= datetime($since) AND a.published < datetime($until)
`

// The counts of days, from the articles published on them.
const (
	articlesOfDays = ofDay + `RETURN toString(date(a.published)) AS what, count(a) AS many`
	claimsOfDays   = ofDay + `WITH date(a.published) AS day, COUNT { (a)<-[:STATED_IN]-(:Claim) } AS claims
RETURN toString(day) AS what, sum(claims) AS many`
	breachesOfDays = ofDay + `MATCH (a)-[:REPORTS]->(b:Breach)
RETURN toString(date(a.published)) AS what, count(DISTINCT b) AS many`
)

type count struct {
	What string `json:"what"`
	Many int    `json:"many"`
}

// counts runs a query of names and numbers.
func (c Catalog) counts(ctx context.Context, cypher string, params map[string]any) (map[string]int, error) {
	found, _, err := rows[count](ctx, c, cypher, params, 1000)
	out := make(map[string]int, len(found))
	for _, n := range found {
		out[n.What] = n.Many
	}
	return out, err
}

// Totals counts what the graph holds. It takes as long for many articles as for
// few.
func (c Catalog) Totals(ctx context.Context) (Totals, error) {
	n, err := c.counts(ctx, totals, nil)
	return Totals{n["articles"], n["breaches"], n["claims"], n["organizations"], n["people"], n["groups"]}, err
}

// Days counts the days from first on, which is midnight UTC, as many as given. It
// looks at each article of those days.
func (c Catalog) Days(ctx context.Context, first time.Time, many int) ([]Day, error) {
	params := map[string]any{"since": first.Format(time.RFC3339), "until": first.AddDate(0, 0, many).Format(time.RFC3339)}
	var n [3]map[string]int
	for i, cypher := range []string{articlesOfDays, claimsOfDays, breachesOfDays} {
		var err error
		if n[i], err = c.counts(ctx, cypher, params); err != nil {
			return nil, err
		}
	}
	days := make([]Day, many)
	for i := range days {
		day := first.AddDate(0, 0, i)
		key := day.Format(time.DateOnly)
		days[i] = Day{day, n[0][key], n[1][key], n[2][key]}
	}
	return days, nil
}

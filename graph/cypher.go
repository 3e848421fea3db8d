package graph

import (
	"fmt"
	"strings"
)

// Statements are written from the table, with labels and types in the text: the
// database plans each once. All take their rows as $rows and find nodes by
// internal number where they are known, which spares a statement for each pair
// of labels. Nodes that articles share are locked, in the order of their keys,
// by setting a property to itself, before anything that is computed from
// several articles is read: loads at the same time wait for each other and do
// not miss what the other wrote.

// Schema returns the statements that make the constraints and indexes of the
// graph, first the constraints in the order of [Nodes]. They may be run again.
func Schema() []string {
	var constraints, indexes []string
	for _, n := range Nodes() {
		lower := strings.ToLower(n.Label)
		constraints = append(constraints, fmt.Sprintf(
			"CREATE CONSTRAINT %s_%s IF NOT EXISTS FOR (n:%s) REQUIRE n.%s IS UNIQUE", lower, n.Key, n.Label, n.Key))
		for _, p := range n.Props {
			if p.Index {
				indexes = append(indexes, fmt.Sprintf(
					"CREATE INDEX %s_%s IF NOT EXISTS FOR (n:%s) ON (n.%s)", lower, strings.ToLower(p.Name), n.Label, p.Name))
			}
		}
	}
	return append(constraints, indexes...)
}

// doubledKeys lists keys that several nodes of n have.
func doubledKeys(n Node) string {
	return fmt.Sprintf(`MATCH (n:%s) WHERE n.%[2]s IS NOT NULL
WITH n.%[2]s AS key, count(*) AS nodes WHERE nodes > 1
RETURN toString(key) AS key ORDER BY key LIMIT 5`, n.Label, n.Key)
}

// mergeShared finds or makes nodes that articles share, and locks them.
func mergeShared(n Node) string {
	return fmt.Sprintf(`UNWIND $rows AS row
MERGE (n:%s {%s: row.key})
SET n.name = n.name
SET n += row.props
RETURN row.key AS key, elementId(n) AS node, properties(n) AS props, labels(n) AS labels`, n.Label, n.Key)
}

// createOwn makes nodes that belong to one article.
func createOwn(n Node) string {
	return fmt.Sprintf(`UNWIND $rows AS row
CREATE (n:%s {%s: row.key})
SET n += row.props
RETURN row.key AS key, elementId(n) AS node`, n.Label, n.Key)
}

// createEdges makes relationships that belong to one article.
func createEdges(kind string) string {
	return fmt.Sprintf(`UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row.from
MATCH (t) WHERE elementId(t) = row.to
CREATE (s)-[r:%s]->(t)
SET r = row.props
RETURN count(r) AS written`, kind)
}

const (
	// lockArticles also says which articles are there and what was loaded of
	// them.
	lockArticles = `UNWIND $rows AS row
MERGE (a:Article {url: row.key})
SET a.title = a.title
RETURN a.url AS key, elementId(a) AS node, a.extractionHash AS hash`

	unchanged = `UNWIND $rows AS row
MATCH (a:Article {url: row.key}) WHERE a.extractionHash = row.hash
RETURN a.url AS key`

	setProps = `UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.node
SET n += row.props`

	lockNodes = `UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.node
SET n.name = n.name`

	// What articles say of an entity, the same said by several in one row.
	readMentions = `UNWIND $rows AS row
MATCH (n)<-[m:MENTIONS|PUBLISHED_BY|WRITTEN_BY]-(:Article) WHERE elementId(n) = row.node
WITH row.node AS node, m {.*, count: null, first: null} AS said
RETURN node, said, count(*) AS articles`

	// The next ones say what a changed article said before.
	formerFacts = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.node
MATCH (a)<-[:STATED_IN]-(c:Claim), (s)<-[:SUBJECT]-(c)-[:OBJECT]->(o)
RETURN DISTINCT c.fact AS fact, c.type AS type, c.status = 'denied' AS denied, elementId(s) AS from, elementId(o) AS to`

	formerNodes = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.node
MATCH (a)-[:MENTIONS|PUBLISHED_BY|WRITTEN_BY|TAGGED|REPORTS]->(n)
RETURN DISTINCT elementId(n) AS node, labels(n) AS labels`

	formerReports = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.node
MATCH (a)-[r:REPORTS]->(b:Breach)
RETURN a.url AS article, a.published AS published, properties(r) AS report, b.id AS breach`

	clearOwn = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.node
MATCH (a)<-[:STATED_IN]-(n:Claim|Figure)
DETACH DELETE n`

	clearEdges = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.node
MATCH (a)-[r:MENTIONS|PUBLISHED_BY|WRITTEN_BY|TAGGED|REPORTS|LINKS_TO]->()
DELETE r`

	lockVictims = `UNWIND $rows AS row
MATCH (n:Organization {id: row.key})
SET n.name = n.name`

	breachesOfVictims = `UNWIND $rows AS row
MATCH (b:Breach {victim: row.key})
RETURN b.id AS breach, elementId(b) AS node, coalesce(b.formerIds, []) AS former`

	reportsOfVictims = `UNWIND $rows AS row
MATCH (b:Breach {victim: row.key})<-[r:REPORTS]-(a:Article)
RETURN a.url AS article, a.published AS published, properties(r) AS report, b.id AS breach`

	breachesByID = `UNWIND $rows AS row
MATCH (b:Breach {id: row.key})
RETURN b.id AS breach, elementId(b) AS node, coalesce(b.formerIds, []) AS former`

	takenIDs = `UNWIND $rows AS row
MATCH (b:Breach) WHERE b.id STARTS WITH row.key
RETURN b.id AS id`

	setFormerIDs = `UNWIND $rows AS row
MATCH (b) WHERE elementId(b) = row.node
SET b.formerIds = row.former`

	// The next two move what one article says of a breach to another one.
	moveReports = `UNWIND $rows AS row
MATCH (a:Article {url: row.article})-[r:REPORTS {report: row.report}]->(:Breach)
MATCH (b) WHERE elementId(b) = row.node
CREATE (a)-[moved:REPORTS]->(b)
SET moved = properties(r)
DELETE r
RETURN count(moved) AS written`

	moveClaims = `UNWIND $rows AS row
MATCH (:Article {url: row.article})<-[:STATED_IN]-(c:Claim {report: row.report})-[r:SUBJECT|OBJECT]->(old:Breach)
MATCH (b) WHERE elementId(b) = row.node
MATCH (c)-[other:SUBJECT|OBJECT]->(far) WHERE other <> r
WITH c, r, old, b, far, type(r) AS side, c.fact AS was
SET c.fact = replace(c.fact, 'Breach:' + old.id + ' ', 'Breach:' + b.id + ' ')
FOREACH (_ IN CASE side WHEN 'SUBJECT' THEN [1] ELSE [] END | CREATE (c)-[:SUBJECT]->(b))
FOREACH (_ IN CASE side WHEN 'OBJECT' THEN [1] ELSE [] END | CREATE (c)-[:OBJECT]->(b))
DELETE r
RETURN c.type AS type, c.status = 'denied' AS denied, was, c.fact AS fact, side,
  elementId(old) AS old, elementId(b) AS new, elementId(far) AS far`

	// Of two links to one article the first counts.
	linkFrom = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.from
MATCH (b:Article {url: row.url})
MERGE (a)-[r:LINKS_TO]->(b)
ON CREATE SET r.text = row.text`

	// Which articles link to a new one is not indexed: a list cannot be.
	linkTo = `MATCH (a:Article) WHERE any(url IN a.links WHERE url IN $urls)
UNWIND range(0, size(a.links) - 1) AS i
WITH a, a.links[i] AS url, a.linkTexts[i] AS text WHERE url IN $urls
MATCH (b:Article {url: url})
MERGE (a)-[r:LINKS_TO]->(b)
ON CREATE SET r.text = text`

	// A node that nothing is connected to any more is gone.
	sweepNodes = `UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.node AND NOT EXISTS { (n)--() }
DELETE n`
)

// setPart gives nodes the label of a part that they play, or takes it.
func setPart(label string, plays bool) string {
	verb := "SET"
	if !plays {
		verb = "REMOVE"
	}
	return fmt.Sprintf(`UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.node
%s n:%s`, verb, label)
}

// mergeFacts writes facts with what was computed of them.
func mergeFacts(kind string) string {
	return fmt.Sprintf(`UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row.from
MATCH (t) WHERE elementId(t) = row.to
MERGE (s)-[f:%s {denied: row.denied}]->(t)
SET f = row.props
RETURN count(f) AS written`, kind)
}

// deleteFacts deletes facts that no claim backs any more.
func deleteFacts(kind string) string {
	return fmt.Sprintf(`UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row.from
MATCH (t) WHERE elementId(t) = row.to
MATCH (s)-[f:%s {denied: row.denied}]->(t)
DELETE f`, kind)
}

// readFacts computes facts from all claims behind them: the strongest status,
// by its place among [statuses], and of what is particular to a type the word of
// the latest article.
func readFacts() string {
	var b strings.Builder
	b.WriteString(`UNWIND $rows AS row
MATCH (c:Claim {fact: row.key})-[:STATED_IN]->(a:Article)
WITH row, c, a ORDER BY a.published IS NULL, a.published DESC, a.url, c.start, c.id
RETURN row.key AS fact, count(*) AS claims, max(c.confidence) AS confidence,
  date(min(a.published)) AS first, date(max(a.published)) AS last,
  min(CASE c.status`)
	for i, s := range statuses {
		fmt.Fprintf(&b, " WHEN '%s' THEN %d", s, i)
	}
	b.WriteString(" END) AS place")
	for _, p := range particulars() {
		fmt.Fprintf(&b, ",\n  head(collect(c.%[1]s)) AS %[1]s", p)
	}
	return b.String()
}

// particulars are the names of properties that only some types of facts have.
func particulars() []string {
	var out []string
	for _, e := range Edges() {
		if e.Predicate != "" {
			for _, p := range e.Props[len(factProps):] {
				out = append(out, p.Name)
			}
		}
	}
	return out
}

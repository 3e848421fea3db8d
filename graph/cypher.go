package graph

import (
	"fmt"
	"strings"
)

// Statements are written from the table, with labels and types in the text: the
// database plans each once. All take their rows as $rows and find nodes by
// internal number where they are known, which spares a statement for each pair
// of labels. Nodes that articles share are locked, in the order of their keys,
// by setting the key to itself, before anything that is computed from several
// articles is read: loads at the same time wait for each other and do not miss
// what the other wrote. (It has to be the key, which never changes: what a node
// is set to is read before the lock is there.)

// Schema returns the statements that make the constraints and indexes of the
// graph, first the constraints in the order of [Nodes]. They may be run again.
func Schema() []string {
	var constraints, indexes []string
	for _, n := range Nodes() {
		lower := strings.ToLower(n.Label)
		constraints = append(constraints, fmt.Sprintf(
			"CREATE CONSTRAINT %s IF NOT EXISTS FOR (n:%s) REQUIRE n.%s IS UNIQUE", constraintName(n), n.Label, n.Key))
		for _, p := range n.Props {
			if p.Index {
				props := "n." + p.Name
				if p.With != "" {
					props += ", n." + p.With
				}
				indexes = append(indexes, fmt.Sprintf(
					"CREATE INDEX %s_%s IF NOT EXISTS FOR (n:%s) ON (%s)", lower, strings.ToLower(p.Name), n.Label, props))
			}
		}
	}
	for _, e := range Edges() {
		for _, p := range e.Props {
			if p.Index {
				indexes = append(indexes, fmt.Sprintf(
					"CREATE INDEX %s_%s IF NOT EXISTS FOR ()-[r:%s]-() ON (r.%s)", strings.ToLower(e.Type), strings.ToLower(p.Name), e.Type, p.Name))
			}
		}
	}
	for _, x := range TextIndexes() {
		indexes = append(indexes, fmt.Sprintf(
			"CREATE FULLTEXT INDEX %s IF NOT EXISTS FOR (n:%s) ON EACH [n.%s] OPTIONS {indexConfig: {`fulltext.analyzer`: '%s'}}",
			x.Name, strings.Join(x.Labels, "|"), strings.Join(x.Props, ", n."), x.Analyzer))
	}
	return append(constraints, indexes...)
}

func constraintName(n Node) string { return strings.ToLower(n.Label) + "_" + n.Key }

// doubledKeys lists keys that several nodes of n have.
func doubledKeys(n Node) string {
	return fmt.Sprintf(`MATCH (n:%s) WHERE n.%[2]s IS NOT NULL
WITH n.%[2]s AS key, count(*) AS nodes WHERE nodes > 1
RETURN toString(key) AS key ORDER BY key LIMIT 5`, n.Label, n.Key)
}

// mergeShared finds or makes nodes that articles share, and locks them.
func mergeShared(n Node) string {
	return fmt.Sprintf(`UNWIND $rows AS row
MERGE (n:%[1]s {%[2]s: row.key})
SET n.%[2]s = n.%[2]s
SET n += row.props
RETURN row.key AS key, elementId(n) AS node, properties(n) AS props, labels(n) AS labels`, n.Label, n.Key)
}

// createEdges makes relationships that belong to one article.
func createEdges(e Edge) string {
	set := ""
	if len(e.Props) > 0 {
		set = "\nSET r = row.props"
	}
	return fmt.Sprintf(`UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row.from
MATCH (t) WHERE elementId(t) = row.to
CREATE (s)-[r:%s]->(t)%s
RETURN count(r) AS written`, e.Type, set)
}

const (
	// lockArticles also says which articles are there and what was loaded of
	// them.
	lockArticles = `UNWIND $rows AS row
MERGE (a:Article {url: row.key})
SET a.url = a.url
RETURN a.url AS key, elementId(a) AS node, a.extractionHash AS hash`

	unchanged = `UNWIND $rows AS row
MATCH (a:Article {url: row.key}) WHERE a.extractionHash = row.hash
RETURN a.url AS key`

	setProps = `UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.node
SET n += row.props`

	lockNodes = `UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.node AND n.id IS NOT NULL
SET n.id = n.id`

	// What articles say of an entity, the same said by several in one row.
	readMentions = `UNWIND $rows AS row
MATCH (n)<-[m:MENTIONS|PUBLISHED_BY|WRITTEN_BY]-(:Article) WHERE elementId(n) = row.node
WITH row.node AS node, m {.*, count: null, first: null, about: null, acronym: null, key: null} AS said
RETURN node, said, count(*) AS articles`

	createBreaches = `UNWIND $rows AS row
CREATE (n:Breach {id: row.key})
SET n += row.props
RETURN row.key AS key, elementId(n) AS node`

	createFigures = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.article
CREATE (n:Figure {id: row.key})-[:STATED_IN]->(a)
SET n += row.props
RETURN row.key AS key, elementId(n) AS node`

	createClaims = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.article
MATCH (s) WHERE elementId(s) = row.from
MATCH (o) WHERE elementId(o) = row.to
CREATE (n:Claim {id: row.key})-[:STATED_IN]->(a), (n)-[:SUBJECT {key: row.subjectKey}]->(s), (n)-[:OBJECT {key: row.objectKey}]->(o)
SET n += row.props
RETURN row.key AS key, elementId(n) AS node`

	// The next ones say what a changed article said before.
	formerFacts = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.node
MATCH (a)<-[:STATED_IN]-(c:Claim), (s)<-[:SUBJECT]-(c)-[:OBJECT]->(o)
RETURN DISTINCT c.fact AS fact, c.type AS type, c.status = 'denied' AS denied, elementId(s) AS from, elementId(o) AS to`

	formerNodes = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.node
MATCH (a)-[:MENTIONS|PUBLISHED_BY|WRITTEN_BY|TAGGED]->(n)
RETURN DISTINCT elementId(n) AS node, labels(n) AS labels, n.id AS id`

	formerReports = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.node
MATCH (a)-[r:REPORTS]->(b:Breach)
RETURN a.url AS article, a.published AS published, properties(r) AS report, b.id AS breach, elementId(b) AS node`

	clearOwn = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.node
MATCH (a)<-[:STATED_IN]-(n:Claim|Figure)
DETACH DELETE n`

	clearEdges = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.node
MATCH (a)-[r:MENTIONS|PUBLISHED_BY|WRITTEN_BY|TAGGED|REPORTS|LINKS_TO|DUPLICATE_OF]->()
DELETE r`

	// Reports that may be of one incident with others, by the words of traits: of
	// all that share the word those that came out, were discovered or happened
	// at about the same time, or have enough else in common.
	reportsByBlock = `UNWIND $rows AS row
CALL (row) {
  MATCH (a:Article)-[:MENTIONS {about: row.key}]->() RETURN a
  UNION
  MATCH (a:Article)-[:MENTIONS {acronym: row.key}]->() RETURN a
}
WITH row, a
MATCH (a)-[r:REPORTS]->(b:Breach)
WITH row, a, r, b, coalesce(r.disclosed, CASE WHEN r.primary THEN date(a.published) END) AS public
WHERE any(w IN row.public WHERE w[0] <= public <= w[1])
  OR r.primary AND any(w IN row.news WHERE w[0] <= date(a.published) <= w[1])
  OR any(w IN row.discovered WHERE w[0] <= r.discovered <= w[1])
  OR any(w IN row.occurred WHERE coalesce(r.occurredFrom, r.occurredTo) <= w[1] AND (r.occurredTo >= w[0] OR r.occurredFrom >= w[0]))
  OR reduce(points = 0, t IN r.traits | points +
      coalesce(row.points[CASE WHEN t STARTS WITH 'names ' THEN 'names ' + split(t, ' ')[2] ELSE t END], 0)) >=
    CASE WHEN row.undated OR public IS NULL OR any(w IN row.years WHERE w[0] <= public <= w[1]) THEN row.least ELSE row.leastLater END
WITH DISTINCT a, r, b
RETURN a.url AS article, a.published AS published, properties(r) AS report, b.id AS breach, elementId(b) AS node, coalesce(b.formerIds, []) AS former`

	reportsOfBreaches = `UNWIND $rows AS row
MATCH (b:Breach {id: row.key})<-[r:REPORTS]-(a:Article)
RETURN a.url AS article, a.published AS published, properties(r) AS report, b.id AS breach, elementId(b) AS node, coalesce(b.formerIds, []) AS former`

	breachesByID = `UNWIND $rows AS row
MATCH (b:Breach {id: row.key})
RETURN b.id AS breach, elementId(b) AS node, coalesce(b.formerIds, []) AS former`

	takenIDs = `UNWIND $rows AS row
MATCH (b:Breach) WHERE b.id STARTS WITH row.key
RETURN b.id AS id`

	formerIDs = `UNWIND $rows AS row
MATCH (:Organization {id: row.key})-[:SUFFERED]->(b:Breach)
UNWIND b.formerIds AS id
RETURN id`

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
	linkArticles = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.from
MATCH (b:Article {url: row.url})
MERGE (a)-[r:LINKS_TO]->(b)
ON CREATE SET r.text = row.text`

	// The addresses are quoted, for the index takes each for one word.
	linksTo = `CALL db.index.fulltext.queryNodes('` + linkIndex + `', $words) YIELD node AS a
UNWIND range(0, size(a.links) - 1) AS i
WITH a, a.links[i] AS url, a.linkTexts[i] AS text WHERE url IN $urls
RETURN elementId(a) AS from, url, text`

	copyOf = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.from
MATCH (b:Article {url: row.url})
MERGE (a)-[:DUPLICATE_OF]->(b)`

	copiesOf = `UNWIND $rows AS row
MATCH (b:Article {url: row.url})
MATCH (a:Article {duplicateOf: row.url})
MERGE (a)-[:DUPLICATE_OF]->(b)`

	// What an article said before is in the archive. When that is loaded again,
	// version by version, the list comes out as it was.
	keepFormer = `UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.node AND a.capture IS NOT NULL AND a.capture <> coalesce(row.capture, '')
SET a.formerCaptures = [c IN coalesce(a.formerCaptures, []) WHERE c <> a.capture AND c <> coalesce(row.capture, '')] + a.capture`

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

// mergeFacts writes the facts that are new with what was computed of them, and
// finds the others, which are told by a mark until they are written.
func mergeFacts(kind string) string {
	return fmt.Sprintf(`UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row.from
MATCH (t) WHERE elementId(t) = row.to
MERGE (s)-[f:%s {denied: row.denied}]->(t)
ON CREATE SET f = row.props
ON MATCH SET f.%s = true
RETURN row.key AS fact, elementId(f) AS edge, CASE WHEN f.%[2]s THEN properties(f) END AS had`, kind, foundMark)
}

// foundMark is a property of facts that were there, for the time between two
// statements.
const foundMark = "found"

const setFacts = `UNWIND $rows AS row
MATCH ()-[f]->() WHERE elementId(f) = row.edge
SET f = row.props
RETURN count(f) AS written`

// deleteFacts deletes facts that no claim backs any more.
func deleteFacts(kind string) string {
	return fmt.Sprintf(`UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row.from
MATCH (t) WHERE elementId(t) = row.to
MATCH (s)-[f:%s {denied: row.denied}]->(t)
DELETE f`, kind)
}

// readClaims reads all claims behind facts, as far as facts are computed from
// them.
func readClaims() string {
	return `UNWIND $rows AS row
MATCH (c:Claim {fact: row.key})-[:STATED_IN]->(a:Article) WHERE c.rejected IS NULL
RETURN row.key AS fact, c.id AS id, c.start AS start, c {.status, .confidence, .` + strings.Join(particulars(), ", .") + `} AS claim,
  a.url AS article, a.published AS published`
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

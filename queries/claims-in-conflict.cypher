// name: claims-in-conflict
// theme: provenance
// description: What some affirm and others deny: every statement on either side, with its sentence and article.
// param: type string null Type of the fact, such as EXPOSED.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the affirmations that count.
// param: limit integer 100 Rows returned at most.
MATCH (no:Claim {denied: true})
USING INDEX no:Claim(denied, fact)
WHERE no.fact STARTS WITH coalesce(toUpper($type) + ' ', '') AND no.rejected IS NULL
WITH DISTINCT no.fact AS denied
ORDER BY denied
CALL (denied) {
  MATCH (yes:Claim {fact: left(denied, size(denied) - size('denied')) + 'affirmed'})
  WHERE yes.status IN $status AND yes.rejected IS NULL
  RETURN yes.fact AS affirmed
UNION
  // A figure is its article's own: another one of the same value says the same.
  WITH 1 AS go WHERE denied STARTS WITH 'HAS_FIGURE '
  MATCH (b:Breach)<-[:SUBJECT]-(:Claim {fact: denied})-[:OBJECT]->(f:Figure)
  MATCH (b)-[h:HAS_FIGURE]->(g:Figure)
  WHERE h.status IN $status AND NOT h.denied AND g.unit = f.unit AND g.size = f.size
  RETURN 'HAS_FIGURE Breach:' + b.id + ' Figure:' + g.id + ' affirmed' AS affirmed
}
WITH denied, collect(affirmed) AS affirmed
ORDER BY denied
LIMIT $limit
UNWIND affirmed + denied AS fact
MATCH (c:Claim {fact: fact})-[:STATED_IN]->(a:Article), (s)<-[:SUBJECT]-(c)-[:OBJECT]->(o)
WHERE c.rejected IS NULL AND (c.denied OR c.status IN $status)
OPTIONAL MATCH (c)-[:SAID_BY]->(speaker:Person|Organization|Group)
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(outlet:Outlet)
RETURN coalesce(s.name, s.title) AS subject, c.type AS type, coalesce(o.label, o.name, o.text) AS object,
       c.status AS status, coalesce(speaker.name, outlet.name) AS saidBy, c.text AS sentence,
       date(a.published) AS published, a.url AS article
ORDER BY denied, c.denied IS NOT NULL, published, article, c.start, c.id
LIMIT $limit

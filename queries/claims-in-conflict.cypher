// name: claims-in-conflict
// theme: provenance
// description: What some affirm and others deny: every statement on either side, with its sentence and article.
// param: type string null Type of the fact, such as EXPOSED.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the affirmations that count.
// param: limit integer 100 Rows returned at most.
CALL () {
  MATCH (no:Claim {denied: true})
  WHERE no.rejected IS NULL AND ($type IS NULL OR no.type = toUpper($type))
  WITH DISTINCT no.fact AS denied
  WITH denied, left(denied, size(denied) - size('denied')) + 'affirmed' AS affirmed
  WHERE EXISTS { MATCH (yes:Claim {fact: affirmed}) WHERE yes.status IN $status AND yes.rejected IS NULL }
  RETURN denied, affirmed
UNION
  // A figure is its article's own: another one of the same value says the same.
  MATCH (no:Claim {denied: true})
  WHERE no.type = 'HAS_FIGURE' AND no.rejected IS NULL AND ($type IS NULL OR no.type = toUpper($type))
  MATCH (b:Breach)<-[:SUBJECT]-(no)-[:OBJECT]->(f:Figure)
  MATCH (b)-[h:HAS_FIGURE]->(g:Figure)
  WHERE h.status IN $status AND NOT h.denied AND g.unit = f.unit AND g.size = f.size
  RETURN no.fact AS denied, 'HAS_FIGURE Breach:' + b.id + ' Figure:' + g.id + ' affirmed' AS affirmed
}
WITH denied, collect(DISTINCT affirmed) AS affirmed
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

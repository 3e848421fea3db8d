// name: statements-by
// description: What one person, organisation or group says, as articles report it.
// param: speaker string - Name or id of who says it.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
// example: speaker=glass-heron
MATCH (who:Person|Organization|Group)<-[:SAID_BY]-(c:Claim)-[:STATED_IN]->(a:Article)
WHERE c.status IN $status AND ($speaker IN [who.id, who.name] OR $speaker IN who.aliases)
MATCH (s)<-[:SUBJECT]-(c)-[:OBJECT]->(o)
RETURN date(a.published) AS published, coalesce(s.name, s.id, s.url) AS subject, c.type AS type, coalesce(o.label, o.name, o.text, o.id) AS object,
  c.status AS status, c.text AS sentence, a.url AS article
ORDER BY published IS NULL, published DESC, article, c.start, type, object, c.id
LIMIT $limit

// name: claims-in-conflict
// theme: provenance
// description: What some affirm and others deny: every statement on either side, with its sentence and article.
// param: type string null Type of the fact, such as EXPOSED.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the affirmations that count.
// param: limit integer 100 Rows returned at most.
MATCH (denial:Claim {status: 'denied'})-[:SUBJECT]->(s), (denial)-[:OBJECT]->(o)
WHERE $type IS NULL OR denial.type = toUpper($type)
WITH DISTINCT s, o, denial.type AS type
WHERE EXISTS {
  (s)<-[:SUBJECT]-(yes:Claim {type: type})-[:OBJECT]->(o)
  WHERE yes.status IN $status AND yes.status <> 'denied'
}
MATCH (s)<-[:SUBJECT]-(c:Claim {type: type})-[:OBJECT]->(o), (c)-[:STATED_IN]->(a:Article)
WHERE c.status IN $status + 'denied'
OPTIONAL MATCH (c)-[:SAID_BY]->(speaker:Person|Organization|Group)
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(outlet:Outlet)
RETURN coalesce(s.name, s.title) AS subject, type, coalesce(o.label, o.name, o.text) AS object,
       c.status AS status, coalesce(speaker.name, outlet.name) AS saidBy, c.text AS sentence,
       date(a.published) AS published, a.url AS article
ORDER BY subject, type, object, status = 'denied', published, article, c.start, c.id
LIMIT $limit

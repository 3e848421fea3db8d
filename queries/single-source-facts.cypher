// name: single-source-facts
// theme: quality
// description: Facts other than figures of which one sentence alone says so, with it: what to check before it is relied on.
// param: breach string null Id or name of a breach, or id of its victim; facts that touch it.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
// example: breach=t-mobile
MATCH (b:Breach)-[f:SUFFERED|ATTACKED|EXPOSED|USED|INVESTIGATES|DISCOVERED]-(x)
WHERE f.claims = 1 AND f.status IN $status
  AND ($since IS NULL OR f.last >= $since)
  AND ($breach IS NULL OR toLower($breach) IN [name IN [b.id, b.name, b.victim] + coalesce(b.formerIds, []) | toLower(name)])
MATCH (b)<-[:SUBJECT|OBJECT]-(c:Claim)-[:SUBJECT|OBJECT]->(x), (c)-[:STATED_IN]->(a:Article)
WHERE c.type = type(f) AND (c.status = 'denied') = f.denied
RETURN b.id AS breach, type(f) AS type, coalesce(x.label, x.name, x.text) AS what, f.status AS status,
       f.confidence AS confidence, c.text AS sentence, a.url AS article
ORDER BY breach, type, what, article, c.start, c.id
LIMIT $limit

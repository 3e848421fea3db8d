// name: low-confidence-facts
// theme: quality
// description: Facts about breaches that the extractor is least sure of, least sure first, with their sentences.
// param: below float 0.6 Highest confidence of the facts.
// param: breach string null Id or name of a breach, or id of its victim.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 50 Rows returned at most.
MATCH (b:Breach)-[f:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|INVESTIGATES|DISCOVERED]-(x)
WHERE f.confidence <= $below AND f.status IN $status
  AND ($breach IS NULL OR toLower($breach) IN [name IN [b.id, b.name, b.victim] + coalesce(b.formerIds, []) | toLower(name)])
WITH b, f, x
ORDER BY f.confidence, b.id, type(f), coalesce(x.id, x.name), f.status
LIMIT $limit
MATCH (b)<-[:SUBJECT|OBJECT]-(c:Claim)-[:SUBJECT|OBJECT]->(x), (c)-[:STATED_IN]->(a:Article)
WHERE c.type = type(f) AND (c.status = 'denied') = f.denied
RETURN f.confidence AS confidence, b.id AS breach, type(f) AS type, coalesce(x.label, x.name, x.text) AS what,
       f.status AS status, c.text AS sentence, a.url AS article
ORDER BY confidence, breach, type, what, article, c.start, c.id
LIMIT $limit

// name: single-source-facts
// theme: quality
// description: Facts other than figures of which one sentence alone says so, with it: what to check before it is relied on.
// param: breach string null Id or name of a breach, or id of its victim; facts that touch it.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
// example: breach=t-mobile
CALL () {
  WITH 1 AS go WHERE $breach IS NULL
  MATCH (b:Breach) RETURN b
  UNION MATCH (b:Breach {id: toLower($breach)}) RETURN b
  UNION MATCH (b:Breach {victim: toLower($breach)}) RETURN b
  UNION
  WITH '"' + replace(replace($breach, '"', ' '), '\\', ' ') + '"' AS words WHERE words IS NOT NULL
  CALL db.index.fulltext.queryNodes('words', 'name:' + words + ' formerIds:' + words) YIELD node AS b RETURN b
}
WITH b
WHERE $breach IS NULL OR b:Breach AND toLower($breach) IN [name IN [b.id, b.name, b.victim] + coalesce(b.formerIds, []) | toLower(name)]
WITH b ORDER BY b.id
MATCH (b)-[f:SUFFERED|ATTACKED|EXPOSED|USED|INVESTIGATES|DISCOVERED]-(x)
WHERE f.claims = 1 AND f.status IN $status
  AND ($since IS NULL OR f.last >= $since)
WITH b, f, x, [end IN [startNode(f), endNode(f)] |
     CASE WHEN end:Organization THEN 'Organization' ELSE head(labels(end)) END + ':' + coalesce(end.id, end.name)] AS ends
MATCH (c:Claim {fact: type(f) + ' ' + ends[0] + ' ' + ends[1] + CASE WHEN f.denied THEN ' denied' ELSE ' affirmed' END})-[:STATED_IN]->(a:Article)
WHERE c.rejected IS NULL
RETURN b.id AS breach, type(f) AS type, coalesce(x.label, x.name, x.text) AS what, f.status AS status,
       f.confidence AS confidence, c.text AS sentence, a.url AS article
ORDER BY breach, type, what, article, c.start, c.id
LIMIT $limit

// name: low-confidence-facts
// theme: quality
// description: Facts about breaches that the extractor is least sure of, least sure first, with their sentences.
// scans: Every fact about a breach, where none is named.
// param: below float 0.6 Highest confidence of the facts.
// param: breach string null Id or name of a breach, or id of its victim.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 50 Rows returned at most.
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
MATCH (b)-[f:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|INVESTIGATES|DISCOVERED]-(x)
WHERE f.confidence <= $below AND f.status IN $status
WITH b, f, x
ORDER BY f.confidence, b.id, type(f), coalesce(x.id, x.name), f.status
LIMIT $limit
WITH b, f, x, [end IN [startNode(f), endNode(f)] |
     CASE WHEN end:Organization THEN 'Organization' ELSE head(labels(end)) END + ':' + coalesce(end.id, end.name)] AS ends
MATCH (c:Claim {fact: type(f) + ' ' + ends[0] + ' ' + ends[1] + CASE WHEN f.denied THEN ' denied' ELSE ' affirmed' END})-[:STATED_IN]->(a:Article)
WHERE c.rejected IS NULL
RETURN f.confidence AS confidence, b.id AS breach, type(f) AS type, coalesce(x.label, x.name, x.text) AS what,
       f.status AS status, c.text AS sentence, a.url AS article
ORDER BY confidence, breach, type, what, article, c.start, c.id
LIMIT $limit

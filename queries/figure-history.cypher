// name: figure-history
// theme: figures
// description: The figures of a breach in the order in which they were reported: who said each, and which later one took its place.
// param: breach string null Id or name of a breach, or id of its victim.
// param: unit string null Unit of the figures, such as people, records or USD.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 200 Rows returned at most.
// example: breach=t-mobile unit=people
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
MATCH (b)-[h:HAS_FIGURE]->(f:Figure)-[:STATED_IN]->(a:Article)
WHERE h.status IN $status
  AND ($unit IS NULL OR f.unit = $unit)
OPTIONAL MATCH (f)-[:SAID_BY]->(speaker:Person|Organization|Group)
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(outlet:Outlet)
RETURN b.id AS breach, date(a.published) AS published, f.unit AS unit, f.text AS figure,
       f.value AS value, f.low AS low, f.high AS high, f.approx AS approx, f.counted AS counted,
       h.status AS status, coalesce(speaker.name, outlet.name) AS saidBy,
       COLLECT {
         MATCH (f)-[:SUPERSEDED_BY]->(g:Figure)-[:STATED_IN]->(later:Article)
         WITH g.text + coalesce(', ' + toString(date(later.published)), '') AS text
         RETURN text ORDER BY text
       } AS supersededBy,
       a.url AS article
ORDER BY breach, published, unit, value, figure, f.id, status
LIMIT $limit

// name: data-denied
// theme: data
// description: Kinds of data that were said not to be exposed, by whom and in which words, and whether others affirm it.
// param: breach string null Id or name of a breach, or id of its victim.
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
MATCH (b)-[no:EXPOSED {denied: true}]->(d:DataType)
MATCH (c:Claim {fact: 'EXPOSED Breach:' + b.id + ' DataType:' + d.name + ' denied'})-[:STATED_IN]->(a:Article)
WHERE c.rejected IS NULL
OPTIONAL MATCH (c)-[:SAID_BY]->(speaker:Person|Organization|Group)
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(outlet:Outlet)
OPTIONAL MATCH (b)-[yes:EXPOSED {denied: false}]->(d)
RETURN b.id AS breach, d.label AS data, coalesce(speaker.name, outlet.name) AS deniedBy, c.text AS sentence,
       yes.status AS affirmed, date(a.published) AS published, a.url AS article
ORDER BY breach, data, published, article, c.start, c.id
LIMIT $limit

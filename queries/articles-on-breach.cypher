// name: articles-on-breach
// theme: media
// description: Articles that report a breach, oldest first, with outlet and authors.
// param: breach string null Id or name of a breach, or id of its victim.
// param: since date null Leave out articles published before this day.
// param: limit integer 100 Rows returned at most.
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
MATCH (a:Article)-[r:REPORTS]->(b)
WHERE $since IS NULL OR date(a.published) >= $since
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(o:Outlet)
RETURN b.id AS breach, date(a.published) AS published, o.name AS outlet, a.title AS title,
       COLLECT { MATCH (a)-[w:WRITTEN_BY]->(:Person) RETURN w.name AS author ORDER BY author } AS authors,
       r.primary AS primary, a.url AS article
ORDER BY breach, published, article, r.report
LIMIT $limit

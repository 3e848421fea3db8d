// name: articles-on-breach
// theme: media
// description: Articles that report a breach, oldest first, with outlet and authors.
// param: breach string null Id or name of a breach, or id of its victim.
// param: since date null Leave out articles published before this day.
// param: limit integer 100 Rows returned at most.
MATCH (a:Article)-[r:REPORTS]->(b:Breach)
WHERE ($since IS NULL OR date(a.published) >= $since)
  AND ($breach IS NULL OR toLower($breach) IN [name IN [b.id, b.name, b.victim] + coalesce(b.formerIds, []) | toLower(name)])
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(o:Outlet)
RETURN b.id AS breach, date(a.published) AS published, o.name AS outlet, a.title AS title,
       COLLECT { MATCH (a)-[w:WRITTEN_BY]->(:Person) RETURN w.name AS author ORDER BY author } AS authors,
       r.primary AS primary, a.url AS article
ORDER BY breach, published, article, r.report
LIMIT $limit

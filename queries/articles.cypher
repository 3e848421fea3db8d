// name: articles
// description: Articles that tell of a breach, the latest first.
// param: breach string "" Id of one breach; empty for all.
// param: outlet string "" Name or id of the outlet; empty for all.
// param: since date 1970-01-01 Leave out what no article has stated since this day.
// param: limit integer 50 Rows returned at most.
MATCH (a:Article)-[r:REPORTS]->(b:Breach)
WHERE $breach IN ['', b.id] AND coalesce(date(a.published) >= $since, true)
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(o:Outlet)
WITH a, r, b, o WHERE $outlet = '' OR $outlet IN [o.name, o.id]
RETURN date(a.published) AS published, o.name AS outlet, a.title AS title, b.id AS breach, r.primary AS mainly, a.url AS article
ORDER BY published IS NULL, published DESC, article, breach
LIMIT $limit

// name: copies
// theme: media
// description: Articles that copy another one, with what they copy; what a copy says is not counted again.
// param: outlet string null Name, alias or id of the outlet that published the copy.
// param: since date null Leave out copies published before this day.
// param: limit integer 100 Rows returned at most.
MATCH (a:Article)-[:DUPLICATE_OF]->(original:Article)
WHERE $since IS NULL OR date(a.published) >= $since
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(o:Outlet)
OPTIONAL MATCH (original)-[:PUBLISHED_BY]->(from:Outlet)
WITH a, original, o, from
WHERE $outlet IS NULL OR toLower($outlet) IN [name IN [o.id, o.name] + coalesce(o.aliases, []) | toLower(name)]
RETURN o.name AS outlet, date(a.published) AS published, a.title AS title, a.url AS article, from.name AS original, original.url AS copied
ORDER BY published IS NULL, published DESC, article, copied
LIMIT $limit

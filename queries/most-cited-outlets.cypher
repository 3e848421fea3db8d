// name: most-cited-outlets
// theme: media
// description: Publications that articles rest on, by how many articles cite them and of how many outlets.
// param: since date null Leave out articles published before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 25 Rows returned at most.
MATCH (a:Article)-[c:CITES]->(o:Outlet)
WHERE c.status IN $status
  AND ($since IS NULL OR date(a.published) >= $since)
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(citing:Outlet)
WITH o, count(DISTINCT a) AS articles, count(DISTINCT citing) AS outlets, max(date(a.published)) AS last
RETURN o.name AS outlet, articles, outlets, last
ORDER BY articles DESC, outlets DESC, outlet, o.id
LIMIT $limit

// name: most-cited-outlets
// theme: media
// description: Publications that articles rest on, by how many articles cite them, and on how many sites these are.
// param: since date null Leave out articles published before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 25 Rows returned at most.
MATCH (a:Article)-[c:CITES]->(o:Outlet)
WHERE c.status IN $status
  AND ($since IS NULL OR date(a.published) >= $since)
// An article's site tells as much as its outlet, which is a walk through all that it is connected to.
WITH o, count(DISTINCT a) AS articles, count(DISTINCT split(a.url, '/')[2]) AS sites, max(date(a.published)) AS last
RETURN o.name AS outlet, articles, sites, last
ORDER BY articles DESC, sites DESC, outlet, o.id
LIMIT $limit

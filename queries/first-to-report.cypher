// name: first-to-report
// theme: media
// description: Outlets by how often they were the first to report a breach that several articles tell of.
// param: since date null Leave out breaches that were first reported before this day.
// param: limit integer 50 Rows returned at most.
MATCH (b:Breach)<-[:REPORTS]-(a:Article)-[:PUBLISHED_BY]->(o:Outlet)
WHERE b.articles > 1 AND a.published IS NOT NULL
WITH b, a, o
ORDER BY a.published, a.url
WITH b, collect({outlet: o, day: date(a.published)})[0] AS earliest
WHERE $since IS NULL OR earliest.day >= $since
WITH earliest.outlet AS o, count(b) AS firsts, max(earliest.day) AS last
RETURN o.name AS outlet, firsts, last
ORDER BY firsts DESC, outlet, o.id
LIMIT $limit

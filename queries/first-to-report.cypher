// name: first-to-report
// theme: media
// description: Outlets by how often they were the first to report a breach that several articles tell of.
// scans: Every report of a breach that several articles tell of.
// param: since date null Leave out breaches that were first reported before this day.
// param: limit integer 50 Rows returned at most.
MATCH (b:Breach)
WHERE b.articles > 1
CALL (b) {
  MATCH (b)<-[:REPORTS]-(a:Article)
  WHERE a.published IS NOT NULL
  RETURN a
  ORDER BY a.published, a.url
  LIMIT 1
}
WITH a, date(a.published) AS day
WHERE $since IS NULL OR day >= $since
MATCH (a)-[:PUBLISHED_BY]->(o:Outlet)
WITH o, count(*) AS firsts, max(day) AS last
RETURN o.name AS outlet, firsts, last
ORDER BY firsts DESC, outlet, o.id
LIMIT $limit

// name: cited-outlets
// description: Outlets and others whose work articles rest on, the most cited first.
// param: since date 1970-01-01 Leave out what no article has stated since this day.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
MATCH (a:Article)-[c:CITES]->(o:Organization)
WHERE c.status IN $status AND coalesce(c.last >= $since, true)
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(publisher:Outlet)
WITH o, a, publisher ORDER BY publisher.name
WITH o, count(DISTINCT a) AS articles, collect(DISTINCT publisher.name) AS citedBy
RETURN o.name AS outlet, articles, citedBy
ORDER BY articles DESC, outlet, o.id
LIMIT $limit

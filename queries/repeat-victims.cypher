// name: repeat-victims
// description: Organisations that suffered more than one breach, those with most first.
// param: since date 1970-01-01 Leave out what no article has stated since this day.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
MATCH (o:Organization)-[s:SUFFERED]->(b:Breach)
WHERE s.status IN $status AND coalesce(s.last >= $since, true)
WITH o, b, coalesce(b.disclosed, s.first) AS known ORDER BY known, b.id
WITH o, collect(b.id) AS breaches, min(known) AS first, max(known) AS last
WHERE size(breaches) > 1
RETURN o.name AS company, size(breaches) AS count, first, last, breaches
ORDER BY count DESC, last IS NULL, last DESC, company, o.id
LIMIT $limit

// name: breaches-by-company
// description: Breaches that organisations suffered, how firmly that is stated and by how many claims, the latest first.
// param: company string "" Name or id of one organisation; empty for all.
// param: since date 1970-01-01 Leave out what no article has stated since this day.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
// example: company=T-Mobile
MATCH (o:Organization)-[s:SUFFERED]->(b:Breach)
WHERE s.status IN $status AND coalesce(s.last >= $since, true)
  AND ($company = '' OR $company IN [o.name, o.id] OR o.id = replace(toLower($company), ' ', '-') OR $company IN o.aliases)
RETURN o.name AS company, b.id AS breach, b.name AS name, coalesce(b.disclosed, s.first) AS known,
  b.articles AS articles, s.status AS status, s.claims AS claims
ORDER BY known IS NULL, known DESC, company, breach
LIMIT $limit

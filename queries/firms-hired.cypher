// name: firms-hired
// description: Firms that organisations engaged, what for and after which breaches.
// param: company string "" Name or id of one organisation; empty for all.
// param: since date 1970-01-01 Leave out what no article has stated since this day.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
MATCH (o:Organization)-[h:HIRED]->(f:Organization)
WHERE h.status IN $status AND coalesce(h.last >= $since, true)
  AND ($company = '' OR $company IN [o.name, o.id] OR o.id = replace(toLower($company), ' ', '-') OR $company IN o.aliases)
RETURN f.name AS firm, o.name AS hiredBy, h.purpose AS purpose, h.first AS known, h.status AS status,
  COLLECT {
    MATCH (o)<-[:SUBJECT]-(c:Claim {type: 'HIRED'})-[:OBJECT]->(f), (c)-[:STATED_IN]->(:Article)-[:REPORTS {primary: true}]->(b:Breach)
    RETURN DISTINCT b.id AS id ORDER BY id
  } AS breaches
ORDER BY firm, hiredBy, f.id, o.id
LIMIT $limit

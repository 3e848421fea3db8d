// name: people
// description: People and for whom they act in what office.
// param: company string "" Name or id of one organisation; empty for all.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
MATCH (p:Person)-[w:WORKS_FOR]->(o:Organization)
WHERE w.status IN $status
  AND ($company = '' OR $company IN [o.name, o.id] OR o.id = replace(toLower($company), ' ', '-') OR $company IN o.aliases)
RETURN p.name AS person, w.title AS title, o.name AS organisation, w.last AS lastStated, w.claims AS claims
ORDER BY organisation, person, o.id, p.id
LIMIT $limit

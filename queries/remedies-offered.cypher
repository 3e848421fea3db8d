// name: remedies-offered
// description: What organisations offered to those affected, by whom provided and for how long.
// param: company string "" Name or id of one organisation; empty for all.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
MATCH (o:Organization)-[f:OFFERED]->(r:Remedy)
WHERE f.status IN $status
  AND ($company = '' OR $company IN [o.name, o.id] OR o.id = replace(toLower($company), ' ', '-') OR $company IN o.aliases)
OPTIONAL MATCH (provider:Organization {id: f.provider})
RETURN o.name AS company, r.label AS remedy, provider.name AS provider, f.duration AS duration, f.status AS status, f.first AS known
ORDER BY company, remedy, o.id
LIMIT $limit

// name: fines-and-suits
// description: Who fined whom and how much, and who took whom to court.
// param: company string "" Name or id of one organisation; empty for all.
// param: since date 1970-01-01 Leave out what no article has stated since this day.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
MATCH (who)-[f:FINED|SUED]->(o:Organization)
WHERE f.status IN $status AND coalesce(f.last >= $since, true)
  AND ($company = '' OR $company IN [o.name, o.id] OR o.id = replace(toLower($company), ' ', '-') OR $company IN o.aliases)
RETURN toLower(type(f)) AS what, who.name AS by, o.name AS company, f.amount AS amount, f.currency AS currency, f.status AS status, f.first AS known
ORDER BY known IS NULL, known DESC, company, what, by, who.id
LIMIT $limit

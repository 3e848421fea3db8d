// name: lawsuits-and-fines
// theme: firms
// description: Who sued or fined whom, and for how much.
// param: company string null Name, alias or id of the organisation sued or fined.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
MATCH (x:Person|Organization)-[f:SUED|FINED]->(c:Organization)
WHERE f.status IN $status
  AND ($since IS NULL OR f.last >= $since)
  AND ($company IS NULL OR toLower($company) IN [name IN [c.id, c.name] + coalesce(c.aliases, []) | toLower(name)])
RETURN c.name AS company, type(f) AS type, x.name AS by, f.amount AS amount, f.currency AS currency,
       f.status AS status, f.first AS first, f.last AS last
ORDER BY first IS NULL, first DESC, company, type, by, c.id, x.id, status
LIMIT $limit

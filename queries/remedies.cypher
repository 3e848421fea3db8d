// name: remedies
// theme: firms
// description: What was offered to those affected, by whom, for how long and through which provider.
// param: company string null Name, alias or id of the organisation that offered.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
// example: company=t-mobile
MATCH (c:Organization)-[o:OFFERED]->(r:Remedy)
WHERE o.status IN $status
  AND ($since IS NULL OR o.last >= $since)
  AND ($company IS NULL OR toLower($company) IN [name IN [c.id, c.name] + coalesce(c.aliases, []) | toLower(name)])
OPTIONAL MATCH (provider:Organization {id: o.provider})
RETURN c.name AS company, r.label AS remedy, provider.name AS provider, o.duration AS duration,
       o.status AS status, o.claims AS claims, o.first AS first
ORDER BY company, remedy, c.id, r.name, status
LIMIT $limit

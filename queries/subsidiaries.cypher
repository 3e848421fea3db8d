// name: subsidiaries
// theme: victims
// description: Which company belongs to which, and how many breaches each suffered.
// param: company string null Name, alias or id of either.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
MATCH (c:Organization)-[s:SUBSIDIARY_OF]->(p:Organization)
WHERE s.status IN $status
  AND ($company IS NULL
    OR toLower($company) IN [name IN [p.id, p.name] + coalesce(p.aliases, []) | toLower(name)]
    OR toLower($company) IN [name IN [c.id, c.name] + coalesce(c.aliases, []) | toLower(name)])
RETURN p.name AS parent, c.name AS subsidiary, s.status AS status, s.claims AS claims,
       COUNT { (p)-[x:SUFFERED]->(:Breach) WHERE x.status IN $status } AS parentBreaches,
       COUNT { (c)-[x:SUFFERED]->(:Breach) WHERE x.status IN $status } AS subsidiaryBreaches
ORDER BY parent, subsidiary, p.id, c.id, status
LIMIT $limit

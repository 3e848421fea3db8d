// name: investigators
// theme: firms
// description: Who looks into which breach: firms, agencies and people.
// param: by string null Name, alias or id of a person or organisation.
// param: breach string null Id or name of a breach, or id of its victim.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
MATCH (x:Person|Organization)-[i:INVESTIGATES]->(b:Breach)
WHERE i.status IN $status
  AND ($since IS NULL OR i.last >= $since)
  AND ($by IS NULL OR toLower($by) IN [name IN [x.id, x.name] + coalesce(x.aliases, []) | toLower(name)])
  AND ($breach IS NULL OR toLower($breach) IN [name IN [b.id, b.name, b.victim] + coalesce(b.formerIds, []) | toLower(name)])
RETURN x.name AS investigator,
       COLLECT { UNWIND labels(x) AS label RETURN label ORDER BY label } AS labels,
       b.id AS breach,
       COLLECT {
         MATCH (v:Organization)-[s:SUFFERED {denied: false}]->(b) WHERE s.status <> 'possible'
         RETURN DISTINCT v.name AS victim ORDER BY victim
       } AS victims,
       i.status AS status, i.claims AS claims, i.first AS first, i.last AS last
ORDER BY investigator, first IS NULL, first DESC, breach, x.id, status
LIMIT $limit

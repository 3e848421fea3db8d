// name: data-exposed
// description: Kinds of data that got into other hands in each breach, with the figures that count them.
// param: breach string null Id or name of a breach, or id of its victim.
// param: data string null Canonical value or label of a kind of data, such as ssn.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 200 Rows returned at most.
// example: breach=t-mobile
MATCH (b:Breach)-[e:EXPOSED]->(d:DataType)
WHERE e.status IN $status
  AND ($since IS NULL OR e.last >= $since)
  AND ($data IS NULL OR toLower($data) IN [d.name, toLower(d.label)])
  AND ($breach IS NULL OR toLower($breach) IN [name IN [b.id, b.name, b.victim] + coalesce(b.formerIds, []) | toLower(name)])
RETURN b.id AS breach, d.label AS data, e.status AS status,
       EXISTS { (b)-[:EXPOSED {denied: true}]->(d) } AS denied,
       COLLECT {
         MATCH (b)-[h:HAS_FIGURE]->(f:Figure) WHERE h.status IN $status AND d.name IN f.of
         RETURN DISTINCT f.text AS figure ORDER BY figure
       } AS figures,
       e.claims AS claims, e.first AS first
ORDER BY breach, data, d.name, status
LIMIT $limit

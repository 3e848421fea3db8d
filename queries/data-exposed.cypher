// name: data-exposed
// description: Kinds of data that each breach exposed; with status=denied those that were not.
// param: breach string "" Id of one breach; empty for all.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
// example: breach=t-mobile-2021-08
MATCH (b:Breach)-[x:EXPOSED]->(d:DataType)
WHERE x.status IN $status AND $breach IN ['', b.id]
RETURN b.id AS breach, d.label AS data, x.status AS status, x.claims AS claims,
  EXISTS { (b)-[:EXPOSED {denied: true}]->(d) } AS denied
ORDER BY breach, data
LIMIT $limit

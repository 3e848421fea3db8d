// name: alleged-attackers
// description: Who is said, or says, to have carried out which breach, and how firmly.
// param: breach string "" Id of one breach; empty for all.
// param: since date 1970-01-01 Leave out what no article has stated since this day.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
MATCH (who)-[x:ATTACKED]->(b:Breach)
WHERE x.status IN $status AND coalesce(x.last >= $since, true) AND $breach IN ['', b.id]
RETURN who.name AS attacker, head(labels(who)) AS kind, b.id AS breach, b.name AS name, x.status AS status, x.role AS role,
  EXISTS { (who)-[:ATTACKED {denied: true}]->(b) } AS denied, x.claims AS claims
ORDER BY breach, attacker, who.id
LIMIT $limit

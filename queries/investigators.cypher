// name: investigators
// description: Who investigates which breach.
// param: breach string "" Id of one breach; empty for all.
// param: since date 1970-01-01 Leave out what no article has stated since this day.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
MATCH (who)-[i:INVESTIGATES]->(b:Breach)
WHERE i.status IN $status AND coalesce(i.last >= $since, true) AND $breach IN ['', b.id]
RETURN who.name AS investigator, [label IN labels(who) WHERE label <> 'Organization'] AS labels, b.id AS breach, b.name AS name,
  i.status AS status, i.first AS known
ORDER BY known IS NULL, known DESC, breach, investigator, who.id
LIMIT $limit

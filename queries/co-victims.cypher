// name: co-victims
// theme: victims
// description: Pairs of organisations that suffered one breach, or breaches that one attacker is said to be behind.
// param: company string null Name, alias or id of one of the two.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
CALL () {
  WITH 1 AS go WHERE $company IS NULL
  MATCH (c:Organization)-[:SUFFERED]->(:Breach) RETURN DISTINCT c
  UNION MATCH (c:Organization {id: toLower($company)}) RETURN c
  UNION
  WITH '"' + replace(replace($company, '"', ' '), '\\', ' ') + '"' AS words WHERE words IS NOT NULL
  CALL db.index.fulltext.queryNodes('words', 'name:' + words + ' aliases:' + words) YIELD node AS c RETURN c
}
WITH c
WHERE $company IS NULL OR toLower($company) IN [name IN [c.id, c.name] + coalesce(c.aliases, []) | toLower(name)]
WITH c ORDER BY c.name, c.id
CALL (c) {
  MATCH (c)-[s:SUFFERED]->(b:Breach)<-[t:SUFFERED]-(other:Organization)
  WHERE s.status IN $status AND t.status IN $status
  RETURN other, 'breach' AS shared, b.name AS through, b.id AS id
UNION
  MATCH (c)-[s:SUFFERED]->(:Breach)<-[x:ATTACKED]-(attacker:Person|Group)
  WHERE s.status IN $status AND x.status IN $status
  WITH DISTINCT c, attacker
  MATCH (attacker)-[y:ATTACKED]->(b:Breach)
  WHERE y.status IN $status AND NOT EXISTS { (c)-[:SUFFERED]->(b) }
  WITH DISTINCT attacker, b
  MATCH (b)<-[t:SUFFERED]-(other:Organization)
  WHERE t.status IN $status
  RETURN other, 'attacker' AS shared, attacker.name AS through, attacker.id AS id
}
WITH c, other, shared, through, id
WHERE c.id < other.id OR $company IS NOT NULL AND c <> other
RETURN c.name AS company, other.name AS coVictim, shared, through
ORDER BY c.name, c.id, coVictim, shared DESC, through, other.id, id
LIMIT $limit

// name: co-victims
// theme: victims
// description: Pairs of organisations that suffered one breach, or breaches that one attacker is said to be behind.
// param: company string null Name, alias or id of one of the two.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
MATCH (c:Organization)
WHERE EXISTS { (c)-[:SUFFERED]->(:Breach) }
  AND ($company IS NULL OR toLower($company) IN [name IN [c.id, c.name] + coalesce(c.aliases, []) | toLower(name)])
CALL (c) {
  MATCH (c)-[s:SUFFERED]->(b:Breach)<-[t:SUFFERED]-(other:Organization)
  WHERE s.status IN $status AND t.status IN $status
  RETURN other, 'breach' AS shared, b.name AS through, b.id AS id
UNION
  MATCH (c)-[s:SUFFERED]->(:Breach)<-[x:ATTACKED]-(attacker:Person|Group),
        (attacker)-[y:ATTACKED]->(:Breach)<-[t:SUFFERED]-(other:Organization)
  WHERE all(fact IN [s, x, y, t] WHERE fact.status IN $status)
  RETURN other, 'attacker' AS shared, attacker.name AS through, attacker.id AS id
}
WITH c, other, shared, through, id
WHERE c.id < other.id OR $company IS NOT NULL AND c <> other
RETURN c.name AS company, other.name AS coVictim, shared, through
ORDER BY company, coVictim, shared DESC, through, c.id, other.id, id
LIMIT $limit

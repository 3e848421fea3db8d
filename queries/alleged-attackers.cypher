// name: alleged-attackers
// theme: people
// description: Who is said to have carried out a breach, what they did, how firm that is and whether it is also denied.
// param: attacker string null Name, alias or id of a person or group.
// param: breach string null Id or name of a breach, or id of its victim.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
// example: breach=t-mobile
CALL () {
  WITH 1 AS go WHERE $breach IS NULL
  MATCH (b:Breach) RETURN b
  UNION MATCH (b:Breach {id: toLower($breach)}) RETURN b
  UNION MATCH (b:Breach {victim: toLower($breach)}) RETURN b
  UNION
  WITH '"' + replace(replace($breach, '"', ' '), '\\', ' ') + '"' AS words WHERE words IS NOT NULL
  CALL db.index.fulltext.queryNodes('words', 'name:' + words + ' formerIds:' + words) YIELD node AS b RETURN b
}
WITH b
WHERE $breach IS NULL OR b:Breach AND toLower($breach) IN [name IN [b.id, b.name, b.victim] + coalesce(b.formerIds, []) | toLower(name)]
MATCH (x:Person|Group)-[a:ATTACKED]->(b)
WHERE a.status IN $status
  AND ($since IS NULL OR a.last >= $since)
  AND ($attacker IS NULL OR toLower($attacker) IN [name IN [x.id, x.name] + coalesce(x.aliases, []) | toLower(name)])
WITH x, a, b
ORDER BY a.first IS NULL, a.first DESC, b.id, x.name, x.id, a.status
LIMIT $limit
RETURN x.name AS attacker, a.role AS role, b.id AS breach,
       COLLECT {
         MATCH (v:Organization)-[s:SUFFERED {denied: false}]->(b) WHERE s.status <> 'possible'
         RETURN DISTINCT v.name AS victim ORDER BY victim
       } AS victims,
       a.status AS status, EXISTS { (x)-[:ATTACKED {denied: true}]->(b) } AS denied,
       a.claims AS claims, a.first AS first, a.last AS last
ORDER BY first IS NULL, first DESC, breach, attacker, x.id, status
LIMIT $limit

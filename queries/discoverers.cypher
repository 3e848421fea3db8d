// name: discoverers
// theme: people
// description: Who found a breach, researchers, firms and victims themselves, and for whom they work.
// param: by string null Name, alias or id of a person or organisation.
// param: breach string null Id or name of a breach, or id of its victim.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
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
MATCH (x:Person|Organization)-[d:DISCOVERED]->(b)
WHERE d.status IN $status
  AND ($since IS NULL OR d.last >= $since)
  AND ($by IS NULL OR toLower($by) IN [name IN [x.id, x.name] + coalesce(x.aliases, []) | toLower(name)])
WITH x, d, b
ORDER BY d.first IS NULL, d.first DESC, b.id, x.name, x.id, d.status
LIMIT $limit
RETURN x.name AS discoverer,
       COLLECT {
         MATCH (x)-[w:WORKS_FOR]->(o:Organization) WHERE w.status IN $status
         RETURN DISTINCT o.name AS employer ORDER BY employer
       } AS employers,
       b.id AS breach, EXISTS { (x)-[:SUFFERED {denied: false}]->(b) } AS victim,
       b.discovered AS discovered, d.status AS status, d.first AS first
ORDER BY first IS NULL, first DESC, breach, discoverer, x.id, status
LIMIT $limit

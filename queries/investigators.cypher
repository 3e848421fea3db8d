// name: investigators
// theme: firms
// description: Who looks into which breach: firms, agencies and people.
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
MATCH (x:Person|Organization)-[i:INVESTIGATES]->(b)
WHERE i.status IN $status
  AND ($since IS NULL OR i.last >= $since)
  AND ($by IS NULL OR toLower($by) IN [name IN [x.id, x.name] + coalesce(x.aliases, []) | toLower(name)])
WITH x, i, b
ORDER BY x.name, i.first IS NULL, i.first DESC, b.id, x.id, i.status
LIMIT $limit
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

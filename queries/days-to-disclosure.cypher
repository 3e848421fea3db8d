// name: days-to-disclosure
// theme: time
// description: How long breaches went on unnoticed and how long after that nobody was told, longest silence first.
// param: breach string null Id or name of a breach, or id of its victim.
// param: since date null Leave out breaches disclosed before this day.
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
WITH b, duration.inDays(b.discovered, b.disclosed).days AS daysSilent
WHERE daysSilent IS NOT NULL AND ($since IS NULL OR b.disclosed >= $since)
WITH b, daysSilent
ORDER BY daysSilent DESC, b.id
LIMIT $limit
RETURN b.id AS breach,
       COLLECT {
         MATCH (v:Organization)-[s:SUFFERED {denied: false}]->(b) WHERE s.status <> 'possible'
         RETURN DISTINCT v.name AS victim ORDER BY victim
       } AS victims,
       b.occurredFrom AS began, b.discovered AS discovered, b.disclosed AS disclosed,
       duration.inDays(b.occurredFrom, b.discovered).days AS daysUnnoticed, daysSilent
ORDER BY daysSilent DESC, breach
LIMIT $limit

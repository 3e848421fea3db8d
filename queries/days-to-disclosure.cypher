// name: days-to-disclosure
// theme: time
// description: How long breaches went on unnoticed and how long after that nobody was told, longest silence first.
// param: breach string null Id or name of a breach, or id of its victim.
// param: since date null Leave out breaches disclosed before this day.
// param: limit integer 100 Rows returned at most.
MATCH (b:Breach)
WHERE b.discovered IS NOT NULL AND b.disclosed IS NOT NULL
  AND ($since IS NULL OR b.disclosed >= $since)
  AND ($breach IS NULL OR toLower($breach) IN [name IN [b.id, b.name, b.victim] + coalesce(b.formerIds, []) | toLower(name)])
RETURN b.id AS breach,
       COLLECT {
         MATCH (v:Organization)-[s:SUFFERED {denied: false}]->(b) WHERE s.status <> 'possible'
         RETURN DISTINCT v.name AS victim ORDER BY victim
       } AS victims,
       b.occurredFrom AS began, b.discovered AS discovered, b.disclosed AS disclosed,
       duration.inDays(b.occurredFrom, b.discovered).days AS daysUnnoticed,
       duration.inDays(b.discovered, b.disclosed).days AS daysSilent
ORDER BY daysSilent DESC, breach
LIMIT $limit

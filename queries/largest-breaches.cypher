// name: largest-breaches
// theme: figures
// description: Breaches by their largest figure in one unit, whoever gives it; figures that were corrected are left out.
// param: unit string people Unit of the figures, such as people, accounts, records or bytes.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 25 Rows returned at most.
// example: status=confirmed,reported
MATCH (b:Breach)-[h:HAS_FIGURE]->(f:Figure {unit: $unit})
WHERE h.status IN $status
  AND ($since IS NULL OR h.last >= $since)
  AND NOT EXISTS { (f)-[:SUPERSEDED_BY]->(:Figure) }
WITH b, h, f, coalesce(f.value, f.high, f.low) AS size
WHERE size IS NOT NULL
WITH b, h, f, size
ORDER BY size DESC, f.id, h.status
WITH b, max(size) AS most, collect(f)[0] AS f, collect(h.status)[0] AS status
OPTIONAL MATCH (f)-[:SAID_BY]->(speaker:Person|Organization|Group)
RETURN b.id AS breach,
       COLLECT {
         MATCH (v:Organization)-[s:SUFFERED {denied: false}]->(b) WHERE s.status <> 'possible'
         RETURN DISTINCT v.name AS victim ORDER BY victim
       } AS victims,
       most, f.text AS figure, status, speaker.name AS saidBy
ORDER BY most DESC, breach
LIMIT $limit

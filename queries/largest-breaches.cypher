// name: largest-breaches
// theme: figures
// description: Breaches by their largest figure in one unit, whoever gives it; figures that were corrected are left out.
// param: unit string people Unit of the figures, such as people, accounts, records or bytes.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 25 Rows returned at most.
// example: status=confirmed,reported
MATCH (f:Figure)<-[h:HAS_FIGURE]-(b:Breach)
WHERE f.size >= 0 AND f.unit = $unit AND h.status IN $status
  AND ($since IS NULL OR h.last >= $since)
  AND NOT EXISTS { (f)-[:SUPERSEDED_BY]->(:Figure) }
WITH f, b
ORDER BY f.size DESC, b.id
WITH DISTINCT b
LIMIT $limit
CALL (b) {
  MATCH (b)-[h:HAS_FIGURE]->(f:Figure)
  WHERE f.size >= 0 AND f.unit = $unit AND h.status IN $status
    AND ($since IS NULL OR h.last >= $since)
    AND NOT EXISTS { (f)-[:SUPERSEDED_BY]->(:Figure) }
  RETURN f, h
  ORDER BY f.size DESC, f.id, h.status
  LIMIT 1
}
OPTIONAL MATCH (f)-[:SAID_BY]->(speaker:Person|Organization|Group)
RETURN b.id AS breach,
       COLLECT {
         MATCH (v:Organization)-[s:SUFFERED {denied: false}]->(b) WHERE s.status <> 'possible'
         RETURN DISTINCT v.name AS victim ORDER BY victim
       } AS victims,
       f.size AS most, f.text AS figure, h.status AS status, speaker.name AS saidBy
ORDER BY most DESC, breach
LIMIT $limit

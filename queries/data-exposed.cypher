// name: data-exposed
// theme: data
// description: Kinds of data that got into other hands in each breach, and whether that is also denied.
// param: breach string null Id or name of a breach, or id of its victim.
// param: data string null Canonical value or label of a kind of data, such as ssn.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 200 Rows returned at most.
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
WITH b ORDER BY b.id
MATCH (b)-[e:EXPOSED]->(d:DataType)
WHERE e.status IN $status
  AND ($since IS NULL OR e.last >= $since)
  AND ($data IS NULL OR toLower($data) IN [d.name, toLower(d.label)])
RETURN b.id AS breach, d.label AS data, e.status AS status, e.claims AS claims,
       EXISTS { (b)-[:EXPOSED {denied: true}]->(d) } AS denied
ORDER BY breach, data, d.name, status
LIMIT $limit

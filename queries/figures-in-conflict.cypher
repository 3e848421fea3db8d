// name: figures-in-conflict
// theme: figures
// description: The largest figure that each party gives for a breach, where parties differ; figures that were corrected are left out.
// param: breach string null Id or name of a breach, or id of its victim.
// param: units list<string> people,accounts,records Units of the figures.
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
WITH b ORDER BY b.id
CALL (b) {
  MATCH (b)-[h:HAS_FIGURE]->(f:Figure)-[:STATED_IN]->(a:Article)
  WHERE h.status IN $status AND f.unit IN $units
    AND NOT EXISTS { (f)-[:SUPERSEDED_BY]->(:Figure) }
  OPTIONAL MATCH (f)-[:SAID_BY]->(speaker:Person|Organization|Group)
  OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(outlet:Outlet)
  WITH f, h, a, coalesce(speaker.name, outlet.name, a.url) AS saidBy
  ORDER BY f.size DESC, a.published, f.id, h.status
  WITH f.unit AS unit, saidBy, max(f.size) AS most, collect([f.text, h.status, a.url])[0] AS largest
  WITH unit, collect([saidBy, most] + largest) AS parties, count(DISTINCT most) AS different
  WHERE different > 1
  UNWIND parties AS party
  RETURN unit, party
}
RETURN b.id AS breach, unit, party[0] AS saidBy, party[1] AS most,
       party[2] AS figure, party[3] AS status, party[4] AS article
ORDER BY breach, unit, most DESC, saidBy
LIMIT $limit

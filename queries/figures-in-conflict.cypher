// name: figures-in-conflict
// theme: figures
// description: The largest figure that each party gives for a breach, where parties differ; figures that were corrected are left out.
// param: breach string null Id or name of a breach, or id of its victim.
// param: units list<string> people,accounts,records Units of the figures.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
MATCH (b:Breach)-[h:HAS_FIGURE]->(f:Figure)-[:STATED_IN]->(a:Article)
WHERE h.status IN $status AND f.unit IN $units
  AND NOT EXISTS { (f)-[:SUPERSEDED_BY]->(:Figure) }
  AND ($breach IS NULL OR toLower($breach) IN [name IN [b.id, b.name, b.victim] + coalesce(b.formerIds, []) | toLower(name)])
OPTIONAL MATCH (f)-[:SAID_BY]->(speaker:Person|Organization|Group)
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(outlet:Outlet)
WITH b, f, h, a, coalesce(speaker.name, outlet.name, a.url) AS saidBy, coalesce(f.value, f.high, f.low) AS size
ORDER BY size DESC, a.published, f.id, h.status
WITH b, f.unit AS unit, saidBy, max(size) AS most, collect([f.text, h.status, a.url])[0] AS largest
WITH b, unit, collect([saidBy, most] + largest) AS parties, count(DISTINCT most) AS different
WHERE different > 1
UNWIND parties AS party
RETURN b.id AS breach, unit, party[0] AS saidBy, party[1] AS most,
       party[2] AS figure, party[3] AS status, party[4] AS article
ORDER BY breach, unit, most DESC, saidBy
LIMIT $limit

// name: figure-history
// theme: figures
// description: How the figures of a breach changed: what each article gave, who said it and what it was corrected to.
// param: breach string null Id or name of a breach, or id of its victim.
// param: unit string null Unit of the figures, such as people, records or USD.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 200 Rows returned at most.
// example: breach=t-mobile unit=people
MATCH (b:Breach)-[h:HAS_FIGURE]->(f:Figure)-[:STATED_IN]->(a:Article)
WHERE h.status IN $status
  AND ($unit IS NULL OR f.unit = $unit)
  AND ($breach IS NULL OR toLower($breach) IN [name IN [b.id, b.name, b.victim] + coalesce(b.formerIds, []) | toLower(name)])
OPTIONAL MATCH (f)-[:SAID_BY]->(speaker:Person|Organization|Group)
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(outlet:Outlet)
RETURN b.id AS breach, date(a.published) AS published, f.unit AS unit, f.text AS figure,
       f.value AS value, f.low AS low, f.high AS high, f.approx AS approx, f.counted AS counted,
       h.status AS status, coalesce(speaker.name, outlet.name) AS saidBy,
       COLLECT { MATCH (f)-[:SUPERSEDED_BY]->(g:Figure) RETURN g.text AS text ORDER BY text } AS correctedTo,
       a.url AS article
ORDER BY breach, published, unit, value, figure, f.id, status
LIMIT $limit

// name: figure-history
// description: How the figures of a breach changed: each with its day, who said it and what corrected it.
// param: breach string - Id of the breach, as breaches-by-company shows it.
// param: unit string "" Unit of the figures, such as people or records; empty for all.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
// example: breach=harrowgate-outfitters-2023-03 unit=people
MATCH (b:Breach {id: $breach})-[h:HAS_FIGURE]->(f:Figure)-[:STATED_IN]->(a:Article)
WHERE h.status IN $status AND $unit IN ['', f.unit]
OPTIONAL MATCH (f)-[:SAID_BY]->(who)
OPTIONAL MATCH (f)-[:SUPERSEDED_BY]->(correction:Figure)
RETURN date(a.published) AS published, f.text AS figure, f.value AS value, f.low AS low, f.high AS high, f.unit AS unit,
  h.status AS status, who.name AS saidBy, correction.text AS correctedTo, a.url AS article
ORDER BY published, a.url, coalesce(f.value, f.low, f.high) DESC, figure, f.id, correctedTo
LIMIT $limit

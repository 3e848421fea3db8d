// name: largest-breaches
// description: Breaches by the largest number that is stated of them.
// param: unit string people Unit of the number, such as people, accounts or records.
// param: since date 1970-01-01 Leave out what no article has stated since this day.
// param: status string[] confirmed,reported How firmly it must be stated; add claimed or alleged to see those too.
// param: limit integer 50 Rows returned at most.
MATCH (b:Breach)-[h:HAS_FIGURE]->(f:Figure {unit: $unit})
WHERE h.status IN $status AND coalesce(h.last >= $since, true)
WITH b, h, f, coalesce(f.value, f.high, f.low) AS number ORDER BY number DESC, f.id
WITH b, head(collect({text: f.text, number: number, status: h.status})) AS most
WHERE most.number IS NOT NULL
RETURN b.id AS breach, b.name AS name, most.number AS number, most.text AS figure, most.status AS status
ORDER BY number DESC, breach
LIMIT $limit

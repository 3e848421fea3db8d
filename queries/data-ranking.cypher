// name: data-ranking
// description: Kinds of data by how many breaches exposed them, and by how many it is denied.
// param: since date 1970-01-01 Leave out what no article has stated since this day.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
MATCH (b:Breach)-[x:EXPOSED]->(d:DataType)
WHERE coalesce(x.last >= $since, true)
WITH d, count(DISTINCT CASE WHEN x.status IN $status THEN b END) AS breaches, count(DISTINCT CASE WHEN x.denied THEN b END) AS denied
RETURN d.label AS data, breaches, denied
ORDER BY breaches DESC, denied DESC, data
LIMIT $limit

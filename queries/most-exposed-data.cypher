// name: most-exposed-data
// theme: data
// description: Kinds of data by the number of breaches that exposed them.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 50 Rows returned at most.
MATCH (b:Breach)-[e:EXPOSED]->(d:DataType)
WHERE e.status IN $status
  AND ($since IS NULL OR e.last >= $since)
WITH d, count(DISTINCT b) AS breaches, sum(e.claims) AS claims, max(e.last) AS last
RETURN d.label AS data, breaches, claims, last
ORDER BY breaches DESC, claims DESC, data, d.name
LIMIT $limit

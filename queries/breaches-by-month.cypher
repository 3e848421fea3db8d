// name: breaches-by-month
// theme: time
// description: Breaches by the month in which they became known, with the victims of each month.
// param: since date null Leave out breaches that became known before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 120 Rows returned at most.
MATCH (c:Organization)-[s:SUFFERED]->(b:Breach)
WHERE s.status IN $status
WITH b, c, coalesce(b.disclosed, s.first) AS known
WHERE known IS NOT NULL AND ($since IS NULL OR known >= $since)
WITH b, min(known) AS known, collect(DISTINCT c.name) AS names
UNWIND names AS name
WITH date.truncate('month', known) AS month, b, name
ORDER BY name
WITH month, count(DISTINCT b) AS breaches, collect(DISTINCT name) AS victims
RETURN month, breaches, victims
ORDER BY month DESC
LIMIT $limit

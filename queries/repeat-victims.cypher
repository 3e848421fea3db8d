// name: repeat-victims
// theme: victims
// description: Companies named as the victim of more than one breach, most recent first.
// param: since date null Leave out breaches that became known before this day.
// param: least integer 2 Fewest breaches of a company.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 25 Rows returned at most.
// example: since=2020-01-01
MATCH (c:Organization)-[s:SUFFERED]->(b:Breach)
WHERE s.status IN $status
WITH c, b, coalesce(b.disclosed, s.first) AS known
WHERE $since IS NULL OR known >= $since
WITH c, count(DISTINCT b) AS breaches, min(known) AS earliest, max(known) AS latest
WHERE breaches >= $least
RETURN c.name AS company, breaches, earliest, latest
ORDER BY latest IS NULL, latest DESC, company, c.id
LIMIT $limit

// name: sectors-hit
// theme: victims
// description: Industries by the number of breaches that companies of theirs suffered, where the industry is known.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 50 Rows returned at most.
MATCH (c:Organization)-[s:SUFFERED]->(b:Breach)
WHERE c.sector IS NOT NULL AND s.status IN $status
  AND ($since IS NULL OR s.last >= $since)
WITH toLower(c.sector) AS sector, count(DISTINCT b) AS breaches, count(DISTINCT c) AS companies, max(s.last) AS last
RETURN sector, breaches, companies, last
ORDER BY breaches DESC, companies DESC, sector
LIMIT $limit

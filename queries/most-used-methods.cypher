// name: most-used-methods
// theme: methods
// description: Methods, malware and vulnerabilities by the number of breaches that they were used in.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 50 Rows returned at most.
MATCH (b:Breach)-[u:USED]->(m:Method|Malware|Vulnerability)
WHERE u.status IN $status
  AND ($since IS NULL OR u.last >= $since)
WITH m, count(DISTINCT b) AS breaches, sum(u.claims) AS claims, max(u.last) AS last
RETURN coalesce(m.label, m.name) AS method, m.attack AS technique, breaches, claims, last
ORDER BY breaches DESC, claims DESC, method, coalesce(m.id, m.name)
LIMIT $limit

// name: methods-used
// description: Ways in which breaches were done, with their technique in MITRE ATT&CK, those used most first.
// param: since date 1970-01-01 Leave out what no article has stated since this day.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
MATCH (b:Breach)-[u:USED]->(m:Method|Malware|Vulnerability)
WHERE u.status IN $status AND coalesce(u.last >= $since, true)
WITH m, b ORDER BY b.id
WITH m, collect(DISTINCT b.id) AS breaches
RETURN coalesce(m.label, m.name) AS method, head(labels(m)) AS kind, m.attack AS attack, size(breaches) AS count, breaches[..10] AS examples
ORDER BY count DESC, method, kind
LIMIT $limit

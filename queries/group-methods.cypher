// name: group-methods
// theme: methods
// description: What groups and people who are said to have attacked used, over all their breaches.
// param: attacker string null Name, alias or id of the group or person.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
MATCH (g:Group|Person)-[t:ATTACKED]->(b:Breach)-[u:USED]->(m:Method|Malware|Vulnerability)
WHERE t.status IN $status AND u.status IN $status
  AND ($since IS NULL OR u.last >= $since)
  AND ($attacker IS NULL OR toLower($attacker) IN [name IN [g.id, g.name] + coalesce(g.aliases, []) | toLower(name)])
WITH g, m, count(DISTINCT b) AS breaches, max(u.last) AS last
RETURN g.name AS attacker, coalesce(m.label, m.name) AS method, m.attack AS technique, m.cve AS cve, breaches, last
ORDER BY attacker, breaches DESC, method, g.id, coalesce(m.id, m.name)
LIMIT $limit

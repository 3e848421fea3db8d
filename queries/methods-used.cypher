// name: methods-used
// theme: methods
// description: How each breach was done: methods, malware and vulnerabilities, with the ATT&CK technique where there is one.
// param: method string null Name or id of a method, malware or vulnerability, such as sql_injection.
// param: breach string null Id or name of a breach, or id of its victim.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
CALL () {
  WITH 1 AS go WHERE $breach IS NULL
  MATCH (b:Breach) RETURN b
  UNION MATCH (b:Breach {id: toLower($breach)}) RETURN b
  UNION MATCH (b:Breach {victim: toLower($breach)}) RETURN b
  UNION
  WITH '"' + replace(replace($breach, '"', ' '), '\\', ' ') + '"' AS words WHERE words IS NOT NULL
  CALL db.index.fulltext.queryNodes('words', 'name:' + words + ' formerIds:' + words) YIELD node AS b RETURN b
}
WITH b
WHERE $breach IS NULL OR b:Breach AND toLower($breach) IN [name IN [b.id, b.name, b.victim] + coalesce(b.formerIds, []) | toLower(name)]
WITH b ORDER BY b.id
MATCH (b)-[u:USED]->(m:Method|Malware|Vulnerability)
WHERE u.status IN $status
  AND ($since IS NULL OR u.last >= $since)
  AND ($method IS NULL OR toLower($method) IN [name IN [m.id, m.name, m.label, m.cve] + coalesce(m.aliases, []) | toLower(name)])
RETURN b.id AS breach, coalesce(m.label, m.name) AS method, m.attack AS technique, m.cve AS cve,
       u.status AS status, u.claims AS claims, u.first AS first
ORDER BY breach, method, coalesce(m.id, m.name), status
LIMIT $limit

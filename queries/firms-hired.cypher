// name: firms-hired
// theme: firms
// description: Firms that were hired, by whom and for what, with the breaches in whose reports the hiring stands.
// param: company string null Name, alias or id of the organisation that hired.
// param: firm string null Name, alias or id of the firm.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
// example: company=t-mobile
MATCH (c:Organization)-[h:HIRED]->(f:Organization)
WHERE h.status IN $status
  AND ($since IS NULL OR h.last >= $since)
  AND ($company IS NULL OR toLower($company) IN [name IN [c.id, c.name] + coalesce(c.aliases, []) | toLower(name)])
  AND ($firm IS NULL OR toLower($firm) IN [name IN [f.id, f.name] + coalesce(f.aliases, []) | toLower(name)])
WITH c, h, f
ORDER BY h.first IS NULL, h.first DESC, c.name, f.name, c.id, f.id, h.status
LIMIT $limit
RETURN f.name AS firm, c.name AS hiredBy, h.purpose AS purpose, h.first AS known, h.status AS status,
       COLLECT {
         MATCH (claim:Claim {fact: 'HIRED Organization:' + c.id + ' Organization:' + f.id + CASE WHEN h.denied THEN ' denied' ELSE ' affirmed' END}),
               (claim)-[:STATED_IN]->(:Article)-[:REPORTS {primary: true}]->(b:Breach)
         WHERE claim.status IN $status AND claim.rejected IS NULL
         RETURN DISTINCT b.id AS breach ORDER BY breach
       } AS breaches
ORDER BY known IS NULL, known DESC, hiredBy, firm, c.id, f.id, status
LIMIT $limit

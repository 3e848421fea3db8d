// name: breaches-by-company
// theme: victims
// description: Breaches of each company, latest first, with when they became known and how many articles report them.
// param: company string null Name, alias or id of the victim.
// param: since date null Leave out breaches that became known before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 100 Rows returned at most.
MATCH (c:Organization)-[s:SUFFERED]->(b:Breach)
WHERE s.status IN $status
  AND ($company IS NULL OR toLower($company) IN [name IN [c.id, c.name] + coalesce(c.aliases, []) | toLower(name)])
WITH c, s, b, coalesce(b.disclosed, s.first) AS known
WHERE $since IS NULL OR known >= $since
RETURN c.name AS company, b.id AS breach, b.name AS name, known,
       b.articles AS articles, s.status AS status, s.claims AS claims
ORDER BY company, known IS NULL, known DESC, breach, c.id, status
LIMIT $limit

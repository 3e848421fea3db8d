// name: people
// theme: people
// description: People and their parts: whom they work for and as what, what they attacked, found, look into or took to court.
// param: person string null Name, alias or id of the person.
// param: of string null Name, alias or id of the organisation or breach.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 200 Rows returned at most.
// example: person=mike-sievert
MATCH (p:Person)-[f:WORKS_FOR|ATTACKED|INVESTIGATES|DISCOVERED|SUED]->(x:Organization|Breach)
WHERE f.status IN $status
  AND ($since IS NULL OR f.last >= $since)
  AND ($person IS NULL OR toLower($person) IN [name IN [p.id, p.name] + coalesce(p.aliases, []) | toLower(name)])
  AND ($of IS NULL OR toLower($of) IN [name IN [x.id, x.name] + coalesce(x.aliases, []) | toLower(name)])
RETURN p.name AS person, type(f) AS part, coalesce(f.title, f.role) AS role, x.name AS of,
       f.status AS status, f.claims AS claims, f.first AS first, f.last AS last
ORDER BY person, part, of, p.id, x.id, status
LIMIT $limit

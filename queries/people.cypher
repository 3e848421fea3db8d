// name: people
// theme: people
// description: People and their parts: whom they work for and as what, what they attacked, found, look into or took to court.
// param: person string null Name, alias or id of the person.
// param: of string null Name, alias or id of the organisation or breach.
// param: since date null Leave out what was last reported before this day.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 200 Rows returned at most.
// example: person=mike-sievert
CALL () {
  MATCH (p:Person)-[f:WORKS_FOR|ATTACKED|INVESTIGATES|DISCOVERED|SUED]->(x:Organization|Breach)
  WHERE $of IS NULL AND p.name >= ''
    AND f.status IN $status
    AND ($since IS NULL OR f.last >= $since)
    AND ($person IS NULL OR toLower($person) IN [name IN [p.id, p.name] + coalesce(p.aliases, []) | toLower(name)])
  RETURN p, f, x ORDER BY p.name, type(f), x.name, p.id, x.id, f.status LIMIT $limit
  UNION
  CALL () {
    MATCH (x:Organization {id: toLower($of)}) RETURN x
    UNION MATCH (x:Breach {id: toLower($of)}) RETURN x
    UNION
    WITH '"' + replace(replace($of, '"', ' '), '\\', ' ') + '"' AS words WHERE words IS NOT NULL
    CALL db.index.fulltext.queryNodes('words', 'name:' + words + ' aliases:' + words) YIELD node AS x RETURN x
  }
  WITH x
  WHERE x:Organization|Breach AND toLower($of) IN [name IN [x.id, x.name] + coalesce(x.aliases, []) | toLower(name)]
  MATCH (p:Person)-[f:WORKS_FOR|ATTACKED|INVESTIGATES|DISCOVERED|SUED]->(x)
  WHERE f.status IN $status
    AND ($since IS NULL OR f.last >= $since)
    AND ($person IS NULL OR toLower($person) IN [name IN [p.id, p.name] + coalesce(p.aliases, []) | toLower(name)])
  RETURN p, f, x
}
RETURN p.name AS person, type(f) AS part, coalesce(f.title, f.role) AS role, x.name AS of,
       f.status AS status, f.claims AS claims, f.first AS first, f.last AS last
ORDER BY person, part, of, p.id, x.id, status
LIMIT $limit

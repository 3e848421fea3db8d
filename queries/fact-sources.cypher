// name: fact-sources
// theme: provenance
// description: The sentences behind facts, each with who says so and a link to the article.
// param: subject string - Name, alias or id of what the fact is about; of CITES the URL of the article.
// param: type string null Type of the fact, such as HIRED.
// param: object string null Name, alias or id of what stands at its other end.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 50 Rows returned at most.
// example: subject=t-mobile type=HIRED object=mandiant
CALL () {
  MATCH (n:Organization {id: toLower($subject)}) RETURN n
  UNION MATCH (n:Person {id: toLower($subject)}) RETURN n
  UNION MATCH (n:Group {id: toLower($subject)}) RETURN n
  UNION MATCH (n:Breach {id: toLower($subject)}) RETURN n
  UNION MATCH (n:Article {url: $subject}) RETURN n
  UNION
  WITH '"' + replace(replace($subject, '"', ' '), '\\', ' ') + '"' AS words
  CALL db.index.fulltext.queryNodes('words', 'name:' + words + ' aliases:' + words) YIELD node AS n RETURN n
}
WITH n AS s
WHERE toLower($subject) IN [name IN [s.id, s.name, s.url] + coalesce(s.aliases, []) | toLower(name)]
MATCH (s)<-[:SUBJECT]-(c:Claim)-[:OBJECT]->(o), (c)-[:STATED_IN]->(a:Article)
WHERE c.status IN $status AND c.rejected IS NULL
  AND ($type IS NULL OR c.type = toUpper($type))
  AND ($object IS NULL OR toLower($object) IN [name IN [o.id, o.name, o.label, o.text] + coalesce(o.aliases, []) | toLower(name)])
WITH s, c, o, a
ORDER BY a.published IS NULL, a.published DESC, a.url, c.start, c.end, c.id
LIMIT $limit
OPTIONAL MATCH (c)-[:SAID_BY]->(speaker:Person|Organization|Group)
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(outlet:Outlet)
RETURN coalesce(s.name, s.title) AS subject, c.type AS type, coalesce(o.label, o.name, o.text) AS object,
       c.status AS status, coalesce(speaker.name, outlet.name) AS saidBy, c.text AS sentence,
       date(a.published) AS published, a.url AS article
ORDER BY a.published IS NULL, a.published DESC, article, c.start, c.end, c.id
LIMIT $limit

// name: fact-sources
// theme: provenance
// description: The sentences behind facts, each with who says so and a link to the article.
// param: subject string null Name, alias or id of what the fact is about.
// param: type string null Type of the fact, such as HIRED.
// param: object string null Name, alias or id of what stands at its other end.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 50 Rows returned at most.
// example: subject=t-mobile type=HIRED object=mandiant
MATCH (c:Claim)-[:SUBJECT]->(s), (c)-[:OBJECT]->(o), (c)-[:STATED_IN]->(a:Article)
WHERE c.status IN $status
  AND ($type IS NULL OR c.type = toUpper($type))
  AND ($subject IS NULL OR toLower($subject) IN [name IN [s.id, s.name, s.url] + coalesce(s.aliases, []) | toLower(name)])
  AND ($object IS NULL OR toLower($object) IN [name IN [o.id, o.name, o.label, o.text] + coalesce(o.aliases, []) | toLower(name)])
OPTIONAL MATCH (c)-[:SAID_BY]->(speaker:Person|Organization|Group)
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(outlet:Outlet)
RETURN coalesce(s.name, s.title) AS subject, c.type AS type, coalesce(o.label, o.name, o.text) AS object,
       c.status AS status, coalesce(speaker.name, outlet.name) AS saidBy, c.text AS sentence,
       date(a.published) AS published, a.url AS article
ORDER BY published IS NULL, published DESC, article, c.start, c.end, type, subject, object, c.id
LIMIT $limit

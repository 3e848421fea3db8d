// name: statements-by
// theme: people
// description: What a person, organisation or group says or denies, sentence by sentence, latest first.
// param: speaker string - Name, alias or id of who says it.
// param: status list<string> confirmed,reported,claimed,alleged,denied Statuses of the claims that count; possible is another.
// param: limit integer 100 Rows returned at most.
// example: speaker=john-binns
CALL () {
  MATCH (n:Organization {id: toLower($speaker)}) RETURN n
  UNION MATCH (n:Person {id: toLower($speaker)}) RETURN n
  UNION MATCH (n:Group {id: toLower($speaker)}) RETURN n
  UNION
  WITH '"' + replace(replace($speaker, '"', ' '), '\\', ' ') + '"' AS words
  CALL db.index.fulltext.queryNodes('words', 'name:' + words + ' aliases:' + words) YIELD node AS n RETURN n
}
WITH n AS x
WHERE toLower($speaker) IN [name IN [x.id, x.name] + coalesce(x.aliases, []) | toLower(name)]
MATCH (x)<-[:SAID_BY]-(c:Claim)-[:STATED_IN]->(a:Article)
WHERE c.status IN $status
WITH x, c, a
ORDER BY a.published IS NULL, a.published DESC, a.url, c.start, c.end, c.id
LIMIT $limit
MATCH (s)<-[:SUBJECT]-(c)-[:OBJECT]->(o)
RETURN x.name AS speaker, coalesce(s.name, s.title) AS subject, c.type AS type,
       coalesce(o.label, o.name, o.text) AS object, c.status AS status, c.text AS sentence,
       date(a.published) AS published, a.url AS article
ORDER BY a.published IS NULL, a.published DESC, article, c.start, c.end, c.id
LIMIT $limit

// name: data-denied
// theme: data
// description: Kinds of data that were said not to be exposed, by whom and in which words, and whether others affirm it.
// param: breach string null Id or name of a breach, or id of its victim.
// param: limit integer 100 Rows returned at most.
// example: breach=t-mobile
MATCH (b:Breach)<-[:SUBJECT]-(c:Claim {type: 'EXPOSED', status: 'denied'})-[:OBJECT]->(d:DataType),
      (c)-[:STATED_IN]->(a:Article)
WHERE ($breach IS NULL OR toLower($breach) IN [name IN [b.id, b.name, b.victim] + coalesce(b.formerIds, []) | toLower(name)])
OPTIONAL MATCH (c)-[:SAID_BY]->(speaker:Person|Organization|Group)
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(outlet:Outlet)
OPTIONAL MATCH (b)-[yes:EXPOSED {denied: false}]->(d)
RETURN b.id AS breach, d.label AS data, coalesce(speaker.name, outlet.name) AS deniedBy, c.text AS sentence,
       yes.status AS affirmed, date(a.published) AS published, a.url AS article
ORDER BY breach, data, published, article, c.start, c.id
LIMIT $limit

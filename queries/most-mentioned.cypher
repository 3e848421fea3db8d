// name: most-mentioned
// theme: overview
// description: Entities by the number of articles that mention them.
// param: label string null Label of the entities, such as Company, Person, Group or Malware.
// param: since date null Leave out articles published before this day.
// param: limit integer 50 Rows returned at most.
// example: label=Person
MATCH (a:Article)-[m:MENTIONS]->(n)
WHERE ($since IS NULL OR date(a.published) >= $since)
  AND ($label IS NULL OR $label IN labels(n))
WITH n, count(DISTINCT a) AS articles, sum(m.count) AS mentions, max(date(a.published)) AS last
RETURN n.name AS name,
       COLLECT { UNWIND labels(n) AS label RETURN label ORDER BY label } AS labels,
       articles, mentions, last
ORDER BY articles DESC, mentions DESC, name, labels, n.id
LIMIT $limit

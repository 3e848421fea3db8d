// name: most-mentioned
// theme: overview
// description: Entities by the number of articles that mention them.
// scans: Every mention of the entities that it lists; with a day, all articles since.
// param: label string null Label of the entities, such as Company, Person, Group or Malware.
// param: since date null Leave out articles published before this day.
// param: limit integer 50 Rows returned at most.
// example: label=Person
CALL () {
  // How many mentions a node has the database knows without reading them.
  WITH 1 AS go WHERE $since IS NULL
  MATCH (n:Organization|Person|Group|Malware|Vulnerability|Product|Place)
  WHERE $label IS NULL OR $label IN labels(n)
  WITH n, COUNT { (n)<-[:MENTIONS]-() } AS mentioned
  ORDER BY mentioned DESC, n.id
  LIMIT $limit
  MATCH (n)<-[m:MENTIONS]-(a:Article)
  RETURN n, m, a
UNION ALL
  WITH $since AS day WHERE day IS NOT NULL
  MATCH (a:Article)-[m:MENTIONS]->(n)
  WHERE a.published >= datetime({date: day}) AND ($label IS NULL OR $label IN labels(n))
  RETURN n, m, a
}
WITH n, count(DISTINCT a) AS articles, sum(m.count) AS mentions, max(date(a.published)) AS last
RETURN n.name AS name,
       COLLECT { UNWIND labels(n) AS label RETURN label ORDER BY label } AS labels,
       articles, mentions, last
ORDER BY articles DESC, mentions DESC, name, labels, n.id
LIMIT $limit

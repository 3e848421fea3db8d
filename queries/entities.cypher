// name: entities
// description: Named things by how many articles mention them.
// param: label string "" Label, such as Company, Person, Group or Malware; empty for all.
// param: since date 1970-01-01 Leave out what no article has stated since this day.
// param: limit integer 50 Rows returned at most.
// example: label=Group
MATCH (a:Article)-[m:MENTIONS]->(e)
WHERE coalesce(date(a.published) >= $since, true) AND ($label = '' OR $label IN labels(e))
RETURN e.name AS name, e.id AS id, [label IN labels(e) WHERE label <> 'Organization'] AS labels, count(a) AS articles, sum(m.count) AS mentions
ORDER BY articles DESC, mentions DESC, name, id, labels
LIMIT $limit

// name: fact-sources
// description: The sentences behind one fact: what each article says, who says so there, and the link.
// param: subject string - Name or id of where the relationship starts.
// param: type string - Type of the relationship, such as ATTACKED.
// param: object string - Name or id of where it ends.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
// example: subject=john-binns type=ATTACKED object=t-mobile-2021-08
MATCH (c:Claim {type: toUpper($type)})-[:SUBJECT]->(s), (c)-[:OBJECT]->(o), (c)-[:STATED_IN]->(a:Article)
WHERE c.status IN $status AND $subject IN [s.id, s.name, s.url] AND $object IN [o.id, o.name, o.label]
OPTIONAL MATCH (c)-[:SAID_BY]->(who)
RETURN date(a.published) AS published, c.status AS status, who.name AS saidBy, c.text AS sentence, a.url AS article
ORDER BY published, article, c.start, c.id
LIMIT $limit

// name: claims-in-conflict
// description: What is stated by some and denied by others, with the names of both.
// param: breach string "" Id of one breach; empty for all.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
MATCH (s)-[no:SUFFERED|ATTACKED|EXPOSED|USED|HIRED|INVESTIGATES|DISCOVERED|WORKS_FOR|SUBSIDIARY_OF|OFFERED|FINED|SUED {denied: true}]->(o)
MATCH (s)-[yes {denied: false}]->(o)
WHERE type(yes) = type(no) AND yes.status IN $status AND $breach IN ['', s.id, o.id]
WITH s, yes, no, o, type(no) AS fact
RETURN coalesce(s.name, s.id) AS subject, fact, coalesce(o.label, o.name) AS object, yes.status AS status,
  COLLECT {
    MATCH (s)<-[:SUBJECT]-(c:Claim {type: fact})-[:OBJECT]->(o), (c)-[:SAID_BY]->(who)
    WHERE c.status <> 'denied'
    RETURN DISTINCT who.name AS name ORDER BY name
  } AS statedBy,
  COLLECT {
    MATCH (s)<-[:SUBJECT]-(c:Claim {type: fact})-[:OBJECT]->(o), (c)-[:SAID_BY]->(who)
    WHERE c.status = 'denied'
    RETURN DISTINCT who.name AS name ORDER BY name
  } AS deniedBy,
  coalesce(s.id, s.url) AS subjectId
ORDER BY subject, fact, object, subjectId
LIMIT $limit

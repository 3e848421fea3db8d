// name: neighbourhood
// theme: overview
// description: The facts around an entity or breach, as a graph for Neo4j Browser, nearest first.
// param: entity string - Name, alias or id of an entity or breach.
// param: hops integer 2 Facts between the entity and the farthest node, at most 3.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 200 Rows returned at most.
// example: entity=t-mobile
CALL () {
  MATCH (n:Organization {id: toLower($entity)}) RETURN n
  UNION MATCH (n:Person {id: toLower($entity)}) RETURN n
  UNION MATCH (n:Group {id: toLower($entity)}) RETURN n
  UNION MATCH (n:Breach {id: toLower($entity)}) RETURN n
  UNION MATCH (n:Malware {id: toLower($entity)}) RETURN n
  UNION MATCH (n:Vulnerability {id: toLower($entity)}) RETURN n
  UNION MATCH (n:Product {id: toLower($entity)}) RETURN n
  UNION MATCH (n:Place {id: toLower($entity)}) RETURN n
  UNION
  WITH '"' + replace(replace($entity, '"', ' '), '\\', ' ') + '"' AS words
  CALL db.index.fulltext.queryNodes('words', 'name:' + words + ' aliases:' + words) YIELD node AS n RETURN n
}
WITH n
WHERE toLower($entity) IN [name IN [n.id, n.name] + coalesce(n.aliases, []) | toLower(name)]
// What is farther is looked for where what is near does not fill the answer.
WITH n, COUNT { (n)-[f:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|HIRED|INVESTIGATES|DISCOVERED|WORKS_FOR|SUBSIDIARY_OF|OFFERED|FINED|SUED]-() WHERE f.status IN $status } AS near
CALL (n, near) {
  MATCH path = (n) RETURN path
UNION
  WITH 1 AS go WHERE $hops >= 1
  MATCH path = (n)-[f:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|HIRED|INVESTIGATES|DISCOVERED|WORKS_FOR|SUBSIDIARY_OF|OFFERED|FINED|SUED]-()
  WHERE f.status IN $status
  RETURN path
UNION
  WITH 1 AS go WHERE $hops >= 2 AND near < $limit
  // Half of all breaches meet in "name" and "phishing": what lies beyond is no neighbour.
  MATCH path = (n)-[f:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|HIRED|INVESTIGATES|DISCOVERED|WORKS_FOR|SUBSIDIARY_OF|OFFERED|FINED|SUED]-(x)-[g:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|HIRED|INVESTIGATES|DISCOVERED|WORKS_FOR|SUBSIDIARY_OF|OFFERED|FINED|SUED]-()
  WHERE f.status IN $status AND g.status IN $status AND NOT x:DataType AND NOT x:Method AND NOT x:Remedy
  RETURN path
UNION
  WITH 1 AS go WHERE $hops >= 3 AND near < $limit AND near + COUNT {
    (n)-[f:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|HIRED|INVESTIGATES|DISCOVERED|WORKS_FOR|SUBSIDIARY_OF|OFFERED|FINED|SUED]-(x)-[g:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|HIRED|INVESTIGATES|DISCOVERED|WORKS_FOR|SUBSIDIARY_OF|OFFERED|FINED|SUED]-()
    WHERE f.status IN $status AND g.status IN $status AND NOT x:DataType AND NOT x:Method AND NOT x:Remedy
  } < $limit
  MATCH path = (n)-[f:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|HIRED|INVESTIGATES|DISCOVERED|WORKS_FOR|SUBSIDIARY_OF|OFFERED|FINED|SUED]-(x)-[g:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|HIRED|INVESTIGATES|DISCOVERED|WORKS_FOR|SUBSIDIARY_OF|OFFERED|FINED|SUED]-(y)-[h:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|HIRED|INVESTIGATES|DISCOVERED|WORKS_FOR|SUBSIDIARY_OF|OFFERED|FINED|SUED]-()
  WHERE f.status IN $status AND g.status IN $status AND h.status IN $status
    AND NOT x:DataType AND NOT x:Method AND NOT x:Remedy AND NOT y:DataType AND NOT y:Method AND NOT y:Remedy
  RETURN path
}
RETURN path
ORDER BY length(path), [node IN nodes(path) | coalesce(node.id, node.name)],
         [fact IN relationships(path) | type(fact) + ' ' + fact.status]
LIMIT $limit

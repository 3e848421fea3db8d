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
  CALL db.index.fulltext.queryNodes('words', '"' + replace(replace($entity, '"', ' '), '\\', ' ') + '"') YIELD node AS n RETURN n
}
WITH n
WHERE toLower($entity) IN [name IN [n.id, n.name] + coalesce(n.aliases, []) | toLower(name)]
MATCH path = (n)-[:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|HIRED|INVESTIGATES|DISCOVERED|WORKS_FOR
                   |SUBSIDIARY_OF|OFFERED|FINED|SUED*0..3]-()
WHERE length(path) <= $hops
  AND all(fact IN relationships(path) WHERE fact.status IN $status)
  // Half of all breaches meet in "name" and "phishing": what lies beyond is no neighbour.
  AND none(node IN nodes(path)[1..-1] WHERE node:DataType OR node:Method OR node:Remedy)
RETURN path
ORDER BY length(path), [node IN nodes(path) | coalesce(node.id, node.name)],
         [fact IN relationships(path) | type(fact) + ' ' + fact.status]
LIMIT $limit

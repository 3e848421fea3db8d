// name: neighbourhood
// description: What the graph states about one node, as nodes and relationships to look at in Neo4j Browser.
// param: id string - Id of an organisation, person, group, breach or other named thing.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
// example: id=owen-pryce
CALL () {
  MATCH (n:Organization {id: $id}) RETURN n
  UNION MATCH (n:Person {id: $id}) RETURN n
  UNION MATCH (n:Group {id: $id}) RETURN n
  UNION MATCH (n:Breach {id: $id}) RETURN n
  UNION MATCH (n:Malware {id: $id}) RETURN n
  UNION MATCH (n:Vulnerability {id: $id}) RETURN n
}
MATCH (n)-[f]-(other)
WHERE f.status IN $status
RETURN n, f, other
ORDER BY type(f), coalesce(other.id, other.name, other.url)
LIMIT $limit

// name: find
// description: Entities and breaches whose name, alias or id holds some text, those in most articles first.
// param: text string - Part of a name, in upper or lower case.
// param: limit integer 50 Rows returned at most.
// example: text=mobile
CALL () {
  MATCH (n:Organization) RETURN n
  UNION MATCH (n:Person) RETURN n
  UNION MATCH (n:Group) RETURN n
  UNION MATCH (n:Breach) RETURN n
  UNION MATCH (n:Malware) RETURN n
  UNION MATCH (n:Vulnerability) RETURN n
  UNION MATCH (n:Product) RETURN n
  UNION MATCH (n:Place) RETURN n
}
WITH n
WHERE any(name IN [n.id, n.name] + coalesce(n.aliases, []) WHERE toLower(name) CONTAINS toLower($text))
RETURN n.name AS name, n.id AS id,
       COLLECT { UNWIND labels(n) AS label RETURN label ORDER BY label } AS labels,
       coalesce(n.aliases, []) AS aliases, COUNT { (n)<-[:MENTIONS|REPORTS]-(:Article) } AS articles
ORDER BY articles DESC, name, id, labels
LIMIT $limit

// name: co-victims
// description: Organisations that were hit together with one, or by the same attackers.
// param: company string - Name or id of the organisation.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
// example: company=Harrowgate
MATCH (o:Organization)-[s:SUFFERED]->(b:Breach)
WHERE s.status IN $status
  AND ($company IN [o.name, o.id] OR o.id = replace(toLower($company), ' ', '-') OR $company IN o.aliases)
CALL (o, b) {
  MATCH (b)<-[t:SUFFERED]-(victim:Organization)
  WHERE t.status IN $status
  RETURN victim, b AS hit, 'same breach' AS link
  UNION
  MATCH (b)<-[x:ATTACKED]-(who)-[y:ATTACKED]->(hit:Breach)<-[t:SUFFERED]-(victim:Organization)
  WHERE x.status IN $status AND y.status IN $status AND t.status IN $status
  RETURN victim, hit, 'attacked by ' + who.name AS link
}
WITH o, victim, hit, link WHERE victim <> o
RETURN DISTINCT victim.name AS company, hit.id AS breach, link
ORDER BY company, breach, link
LIMIT $limit

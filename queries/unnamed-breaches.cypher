// name: unnamed-breaches
// theme: quality
// description: Breaches whose victim nobody names, or of which only a possible or denied one is named, with what tells of them.
// param: since date null Leave out breaches of which no article was published since this day.
// param: limit integer 100 Rows returned at most.
MATCH (b:Breach)<-[:REPORTS]-(a:Article)
WHERE NOT EXISTS { (b)<-[s:SUFFERED]-(:Organization) WHERE NOT s.status IN ['possible', 'denied'] }
  AND ($since IS NULL OR date(a.published) >= $since)
RETURN b.id AS breach, b.name AS name, date(a.published) AS published, a.title AS title, a.url AS article
ORDER BY breach, published IS NULL, published, article
LIMIT $limit

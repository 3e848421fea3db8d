// name: article-claims
// theme: provenance
// description: All that one article claims, sentence by sentence in its order.
// param: article string - Canonical URL of the article.
// param: limit integer 500 Rows returned at most.
// example: article=https://zdnet.com/article/t-mobile-ceo-apologizes-for-massive-hack-announces-cybersecurity-deal-with-mandiant
MATCH (a:Article {url: $article})<-[:STATED_IN]-(c:Claim), (s)<-[:SUBJECT]-(c)-[:OBJECT]->(o)
OPTIONAL MATCH (c)-[:SAID_BY]->(speaker:Person|Organization|Group)
RETURN coalesce(s.name, s.title) AS subject, c.type AS type, coalesce(o.label, o.name, o.text) AS object,
       c.status AS status, speaker.name AS saidBy, c.confidence AS confidence, c.text AS sentence
ORDER BY c.start, c.end, type, subject, object, c.id
LIMIT $limit

// name: breach-timeline
// description: What happened and what was said of a breach, day by day.
// param: breach string - Id of the breach, as breaches-by-company shows it.
// param: status string[] confirmed,reported,claimed,alleged How firmly it must be stated; add possible or denied to see those too.
// param: limit integer 50 Rows returned at most.
// example: breach=harrowgate-outfitters-2023-03
MATCH (b:Breach {id: $breach})
CALL (b) {
  UNWIND [[b.occurredFrom, 'began'], [b.occurredTo, 'ended'], [b.discovered, 'discovered'], [b.disclosed, 'disclosed']] AS step
  RETURN step[0] AS day, 1 AS place, step[1] AS event, null AS what, null AS article
  UNION ALL
  MATCH (b)<-[:REPORTS]-(a:Article)
  RETURN date(a.published) AS day, 2 AS place, 'article' AS event, a.title AS what, a.url AS article
  UNION ALL
  MATCH (b)-[h:HAS_FIGURE]->(f:Figure)-[:STATED_IN]->(a:Article)
  WHERE h.status IN $status
  RETURN date(a.published) AS day, 3 AS place, 'figure, ' + h.status AS event, f.text AS what, a.url AS article
  UNION ALL
  MATCH (who)-[x:ATTACKED|INVESTIGATES|DISCOVERED]->(b)
  WHERE x.status IN $status
  RETURN x.first AS day, 4 AS place, toLower(type(x)) + ', ' + x.status AS event, who.name AS what, null AS article
}
WITH day, place, event, what, article WHERE day IS NOT NULL
RETURN day, event, what, article
ORDER BY day, place, event, what, article
LIMIT $limit

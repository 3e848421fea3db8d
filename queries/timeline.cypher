// name: timeline
// theme: time
// description: What happened in a breach and what was said of it when, day by day.
// param: breach string - Id or name of a breach, or id of its victim.
// param: status list<string> confirmed,reported,claimed,alleged Statuses of the facts that count; possible and denied are others.
// param: limit integer 500 Rows returned at most.
// example: breach=t-mobile
CALL () {
  MATCH (b:Breach {id: toLower($breach)}) RETURN b
  UNION MATCH (b:Breach {victim: toLower($breach)}) RETURN b
  UNION
  WITH '"' + replace(replace($breach, '"', ' '), '\\', ' ') + '"' AS words
  CALL db.index.fulltext.queryNodes('words', 'name:' + words + ' formerIds:' + words) YIELD node AS b RETURN b
}
WITH b
WHERE b:Breach AND toLower($breach) IN [name IN [b.id, b.name, b.victim] + coalesce(b.formerIds, []) | toLower(name)]
CALL (b) {
  UNWIND [[b.occurredFrom, 'began'], [b.occurredTo, 'ended'],
          [b.discovered, 'discovered'], [b.disclosed, 'disclosed']] AS date
  RETURN date[0] AS day, 'breach' AS kind, date[1] AS event, null AS what, null AS status
UNION
  MATCH (b)<-[:REPORTS]-(a:Article)
  RETURN date(a.published) AS day, 'article' AS kind, a.title AS event, a.url AS what, null AS status
UNION
  MATCH (b)-[f:SUFFERED|ATTACKED|EXPOSED|USED|HAS_FIGURE|INVESTIGATES|DISCOVERED]-(x)
  WHERE f.status IN $status
  RETURN f.first AS day, 'first said' AS kind, type(f) AS event, coalesce(x.label, x.name, x.text) AS what, f.status AS status
}
WITH b, day, kind, event, what, status
WHERE day IS NOT NULL
RETURN b.id AS breach, day, kind, event, what, status
ORDER BY breach, day, kind = 'first said', kind DESC, event, what, status
LIMIT $limit

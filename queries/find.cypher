// name: find
// theme: overview
// description: Entities, breaches and articles of which a name or the title has words that begin like all of these, those in most articles first.
// param: text string - Words or beginnings of words, in upper or lower case, with accents or without.
// param: limit integer 50 Rows returned at most.
// example: text=mobile
// What means something to the full-text index is taken for a space.
WITH [word IN split(reduce(text = toLower($text), mark IN split('+ - & | ! ( ) { } [ ] ^ " ~ * ? : \\ / < > =', ' ') | replace(text, mark, ' ')), ' ')
      WHERE word <> ''] AS words
WHERE size(words) > 0
CALL db.index.fulltext.queryNodes('words', reduce(all = '', word IN words | all + '+(' + word + ' ' + word + '*) '), {limit: 1000})
YIELD node AS n
RETURN coalesce(n.name, n.title) AS name, coalesce(n.id, n.url) AS id,
       COLLECT { UNWIND labels(n) AS label RETURN label ORDER BY label } AS labels,
       coalesce(n.aliases, []) AS aliases, COUNT { (n)<-[:MENTIONS|REPORTS]-(:Article) } AS articles
ORDER BY articles DESC, name, id, labels
LIMIT $limit

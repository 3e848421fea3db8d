// name: figures-in-conflict
// description: Breaches whose largest figure differs by who states it: confirmed, reported by the press, claimed by others.
// param: unit string people Unit of the figures.
// param: limit integer 50 Rows returned at most.
MATCH (b:Breach)-[h:HAS_FIGURE]->(f:Figure {unit: $unit})
WHERE h.status IN ['confirmed', 'reported', 'claimed', 'alleged']
WITH b, h.status AS status, max(coalesce(f.value, f.high, f.low)) AS most
WITH b, max(CASE status WHEN 'confirmed' THEN most END) AS confirmed, max(CASE status WHEN 'reported' THEN most END) AS reported,
  max(CASE WHEN status IN ['claimed', 'alleged'] THEN most END) AS claimed, count(DISTINCT most) AS different
WHERE different > 1
RETURN b.id AS breach, confirmed, reported, claimed
ORDER BY coalesce(claimed, reported, confirmed) DESC, breach
LIMIT $limit

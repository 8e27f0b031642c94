// Codes below a chapter whose PART_OF does not lead to one; at most $limit with where it leads, and how many.
MATCH (c:IcdCode)
WHERE coalesce(c.level, '') <> 'chapter' AND NOT EXISTS { (c)-[:PART_OF*1..12]->(:IcdCode {level: 'chapter'}) }
WITH c
ORDER BY c.id
WITH collect(c) AS every
RETURN size(every) AS total, [c IN every[..$limit] | {
  subject: [c.id],
  top: coalesce(COLLECT {
    MATCH (c)-[:PART_OF*0..12]->(top:IcdCode) WHERE NOT EXISTS { (top)-[:PART_OF]->() } RETURN top.id ORDER BY top.id LIMIT 1
  }[0], 'a circle')
}] AS listed

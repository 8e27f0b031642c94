// The next $limit vectors behind the id $after whose node is gone or has no English name any more.
MATCH (v:Vector)
WHERE v.id > $after AND NOT EXISTS {
  MATCH (n:Entity {id: v.id})
  WHERE n.name_en IS NOT NULL OR n.synonyms_en IS NOT NULL
}
RETURN v.id AS id
ORDER BY id
LIMIT $limit

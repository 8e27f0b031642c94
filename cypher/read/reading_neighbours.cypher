// What a role leads to from each of $ids: at most $limit for each, strongest first, after the place $key, $after.
// START, EDGE and END stand for kinds; kg/reading puts direction, strength and conditions where the comments are.
UNWIND $ids AS parent
MATCH (a:START {id: parent})
CALL (a) {
  MATCH (a)-[r:EDGE]-(b:END)
  WITH r, b, 0.0 /* strength */ AS strength
  WHERE ($after IS NULL OR strength < $key OR (strength = $key AND b.id > $after)) /* conditions */
  RETURN r, b, strength
  ORDER BY strength DESC, b.id
  LIMIT $limit
}
RETURN parent, properties(r) AS edge, b.id AS id, 'END' AS kind, properties(b) AS properties, strength

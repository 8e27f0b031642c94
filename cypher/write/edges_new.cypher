// Make the edges of $rows (place of start and end in $ids, evidence, its ids, place in $common, claims) of KIND, a kind
// of edge; return how many. None is made when one of $ids is not there. $common has sources and licences. The properties
// of the kind are put where the comment is.
CALL () {
  UNWIND $ids AS id
  MATCH (n:Entity {id: id})
  RETURN collect(n) AS nodes
}
WITH nodes
WHERE size(nodes) = size($ids)
UNWIND $rows AS row
WITH nodes[row[0]] AS a, nodes[row[1]] AS b, row
CREATE (a)-[r:KIND {
  id: $ids[row[0]] + '/KIND/' + $ids[row[1]], told: row[2], evidence: row[3], sources: $common[row[4]][0],
  licences: $common[row[4]][1], since: $seq /* claims */
}]->(b)
RETURN count(r) AS number

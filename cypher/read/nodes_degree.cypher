// How many present edges each of the nodes of $ids has.
UNWIND $ids AS id
MATCH (n:Entity {id: id})
RETURN n.id AS id, COUNT { (n)-[r]-() WHERE r.until IS NULL } AS degree

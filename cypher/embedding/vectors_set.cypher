// Keep the vectors of $rows (id, label, hash, embedding), each under its one label of $labels.
UNWIND $rows AS row
MERGE (v:Vector {id: row.id})
REMOVE v:$($labels)
SET v:$(row.label), v.hash = row.hash
WITH v, row
CALL db.create.setNodeVectorProperty(v, 'embedding', row.embedding)
RETURN count(v) AS number

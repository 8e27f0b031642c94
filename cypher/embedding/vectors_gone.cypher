// Take the vectors of $ids out.
MATCH (v:Vector)
WHERE v.id IN $ids
DELETE v
RETURN count(*) AS number

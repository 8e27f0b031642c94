// Take the evidence of $ids away.
MATCH (e:Evidence)
WHERE e.id IN $ids
DELETE e

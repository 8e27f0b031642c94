// Diseases ($ids, or all when it is null) with the weight of each symptom that something speaks for; null is no weight.
MATCH (d:Disease)-[r:HAS_SYMPTOM]->(s:Symptom)
WHERE ($ids IS NULL OR d.id IN $ids) AND size(r.sources) > 0
WITH d, r, s
ORDER BY d.id, s.id
RETURN d.id AS id, d.name AS name, collect({id: s.id, name: s.name, weight: r.weight}) AS symptoms
ORDER BY id

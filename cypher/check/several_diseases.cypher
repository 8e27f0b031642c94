// Codes that more than one disease is recorded under, with those diseases and the sources that say so.
MATCH (d:Disease)-[r:CODED_AS]->(c:IcdCode)
WHERE size(r.sources) > 0
WITH c, d, r
ORDER BY d.id
WITH c, collect({id: d.id, name: d.name, sources: r.sources}) AS diseases
WHERE size(diseases) > 1
RETURN c.id AS code, c.name AS name, diseases
ORDER BY code

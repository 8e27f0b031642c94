// The diseases that are recorded under one of $codes (ids of codes), with the code.
MATCH (code:IcdCode)<-[:CODED_AS]-(n:Disease)
WHERE code.id IN $codes
RETURN code.id AS code, n.id AS id, 'Disease' AS kind, properties(n) AS properties
ORDER BY code, id
LIMIT 50

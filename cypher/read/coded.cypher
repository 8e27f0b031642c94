// The diseases that are recorded under each of $codes (ids of codes), with the weight of who says so.
MATCH (code:IcdCode)<-[:CODED_AS]-(n:Disease)
WHERE code.id IN $codes
RETURN code.id AS code, n.id AS id, n.authority AS authority

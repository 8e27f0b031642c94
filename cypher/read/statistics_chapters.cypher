// How many diseases are recorded in each chapter of the code system $system, in the order of the chapters' codes.
MATCH (n:IcdCode {level: 'chapter', system: $system})
RETURN n.id AS id, 'IcdCode' AS kind, properties(n) AS properties,
       COUNT { MATCH (d:Disease)-[:CODED_AS]->(:IcdCode)-[:PART_OF*0..8]->(n) RETURN DISTINCT d } AS number
ORDER BY COLLECT { MATCH (part:IcdCode)-[:PART_OF]->(n) RETURN part.id ORDER BY part.id LIMIT 1 }[0], id

// Diseases without any symptom; at most $limit, and how many.
MATCH (d:Disease)
WHERE NOT EXISTS { (d)-[:HAS_SYMPTOM]->(:Symptom) }
WITH {subject: [d.id], name: d.name} AS found
ORDER BY found.subject[0]
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed

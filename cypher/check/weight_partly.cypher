// Diseases of which some symptoms have a weight and others none; at most $limit, and how many.
MATCH (d:Disease)-[r:HAS_SYMPTOM]->(:Symptom)
WHERE size(r.sources) > 0
WITH d, count(r) AS number, count(r.weight) AS weighted
WHERE 0 < weighted < number
WITH {subject: [d.id], name: d.name, number: number, unweighted: number - weighted} AS found
ORDER BY found.subject[0]
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed

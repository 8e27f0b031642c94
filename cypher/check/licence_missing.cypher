// Edges of $kinds without evidence, or with evidence of which no licence is told; at most $limit, and how many.
MATCH (:Entity)-[r]->(:Entity)
WHERE type(r) IN $kinds
  AND (coalesce(size(r.evidence), 0) = 0 OR coalesce(size(r.licences), 0) = 0 OR any(text IN r.licences WHERE trim(text) = ''))
WITH {subject: [r.id], what: CASE WHEN coalesce(size(r.evidence), 0) = 0 THEN 'no evidence' ELSE 'evidence without a licence' END} AS found
ORDER BY found.subject[0]
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed

// Every licence that evidence on edges of $kinds has.
MATCH (:Entity)-[r]->(:Entity)
WHERE type(r) IN $kinds
UNWIND r.licences AS licence
RETURN DISTINCT licence
ORDER BY licence

// Cross-references that several nodes of a kind claim; at most $limit, and how many.
MATCH (n:Entity)
WHERE size(n.xrefs) > 0
UNWIND n.xrefs AS xref
WITH [label IN labels(n) WHERE label <> 'Entity'][0] AS kind, xref, n.id AS id
ORDER BY id
WITH kind, xref, collect(id) AS ids
WHERE size(ids) > 1
WITH {subject: [kind, xref], kind: kind, xref: xref, number: size(ids), ids: ids[..$shown]} AS found
ORDER BY found.kind, found.xref
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed

// Edges of $kinds with properties that $known (names by kind) lacks or values outside $bounds (rules by kind); at most $limit, and how many.
MATCH (:Entity)-[r]->(:Entity)
WHERE type(r) IN $kinds
WITH r, type(r) AS kind
WITH r, kind,
     [key IN keys(r) WHERE NOT key IN $known[kind]] +
     [rule IN $bounds[kind] WHERE r[rule.name] IS NOT NULL AND
       NOT coalesce(CASE WHEN rule.choices IS NULL THEN rule.minimum <= r[rule.name] <= rule.maximum
                         ELSE r[rule.name] IN rule.choices END, false) | rule.name] AS wrong
WHERE size(wrong) > 0
WITH {subject: [r.id], kind: kind, wrong: wrong[..$shown]} AS found
ORDER BY found.subject[0]
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed

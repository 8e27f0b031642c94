// Nodes with properties that $known (names by kind) lacks or values outside $bounds (rules by kind); at most $limit, and how many.
MATCH (n:Entity)
WITH n, coalesce([label IN labels(n) WHERE label <> 'Entity'][0], '') AS kind
WITH n, kind,
     [key IN keys(n) WHERE NOT key IN coalesce($known[kind], [])] +
     [rule IN coalesce($bounds[kind], []) WHERE n[rule.name] IS NOT NULL AND
       NOT coalesce(CASE WHEN rule.choices IS NULL THEN rule.minimum <= n[rule.name] <= rule.maximum
                         ELSE n[rule.name] IN rule.choices END, false) | rule.name] AS wrong
WHERE size(wrong) > 0
WITH {subject: [n.id], kind: kind, wrong: wrong[..$shown]} AS found
ORDER BY found.subject[0]
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed

// Change sets that were begun and not finished; at most $limit, and how many.
MATCH (c:ChangeSet {status: 'open'})
WITH {subject: [c.id], title: c.title, by: c.by, at: c.at} AS found
ORDER BY found.subject[0]
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed

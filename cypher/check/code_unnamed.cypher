// Codes that are called by the code itself; at most $limit, and how many.
MATCH (c:IcdCode)
WHERE c.name = c.id OR c.name = split(c.id, ':')[1]
WITH {subject: [c.id]} AS found
ORDER BY found.subject[0]
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed

// What each change set says of its sources (JSON).
MATCH (c:ChangeSet)
WHERE c.about IS NOT NULL
RETURN c.about AS about
ORDER BY c.seq

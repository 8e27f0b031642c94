// The unfinished change set made from $key, if there is one, and the number that its next batch gets.
MATCH (c:ChangeSet {key: $key, status: 'open'})
RETURN c.id AS id, c.seq AS seq, c.at AS at, c.parent AS parent,
       coalesce(reduce(most = 0, n IN COLLECT { MATCH (b:ChangeBatch {change_set: c.id}) RETURN b.number } |
         CASE WHEN n > most THEN n ELSE most END), 0) + 1 AS next

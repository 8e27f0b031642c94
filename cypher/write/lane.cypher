// Hold the lane $number for this transaction, so that whoever comes after a writer that died can wait for its last one.
MERGE (l:Lane {number: $number})
SET l.held = coalesce(l.held, 0) + 1

// The batch $number or the first after it of the change set $change_set, with its changes (JSON, packed by zlib).
MATCH (b:ChangeBatch {change_set: $change_set})
WHERE b.number >= $number
RETURN b.number AS number, b.changes AS changes
ORDER BY b.number
LIMIT 1

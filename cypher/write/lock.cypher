// Lock the graph for one writer; return where it stands, and a time later than all before ($now: microseconds).
MATCH (meta:Meta {id: 'meta'})
SET meta.lock = meta.lock + 1
WITH meta
SET meta.clock = CASE WHEN $now > coalesce(meta.clock, 0) THEN $now ELSE meta.clock + 1 END
RETURN meta.head AS head, meta.seq AS seq, meta.clock AS clock, meta.lock AS lock

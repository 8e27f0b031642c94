// Keep the $degrees (JSON) that were counted when there were $things.
MATCH (meta:Meta {id: 'meta'})
SET meta.degrees = $degrees, meta.degrees_of = $things

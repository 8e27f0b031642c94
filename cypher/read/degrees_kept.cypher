// Where the graph stands, how many things it holds (from the counts that the server keeps), and the degrees that were
// counted last, with how many things there were then.
MATCH (meta:Meta {id: 'meta'})
RETURN
  coalesce(meta.head, '') AS release,
  COUNT { MATCH (:Entity) } + COUNT { MATCH ()-->() } AS things,
  meta.degrees AS degrees,
  meta.degrees_of AS counted

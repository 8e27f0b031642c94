// Where the graph stands, and how far the change sets are that are being written now.
MATCH (meta:Meta {id: 'meta'})
RETURN meta.head AS head, meta.seq AS seq,
       COLLECT { MATCH (c:ChangeSet {status: 'open'})
                 RETURN c.id + ' ' + COUNT { MATCH (b:ChangeBatch {change_set: c.id}) } ORDER BY c.id } AS open

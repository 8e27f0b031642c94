// The newest $limit entries of the log, newest first: decisions, and the change sets that no decision stands behind.
CALL () {
  MATCH (d:Decision)
  WHERE d.at > ''
  RETURN d.at AS at, d.by AS by, d.step AS step, d.title AS title, d.note AS note,
         d.proposal AS proposal, d.change_set AS change_set
  ORDER BY d.at DESC
  LIMIT $limit
UNION ALL
  MATCH (c:ChangeSet)
  WHERE c.at > '' AND c.kind = 'import'
  RETURN c.at AS at, c.by AS by, c.kind AS step, c.title AS title, '' AS note,
         null AS proposal, c.id AS change_set
  ORDER BY c.at DESC
  LIMIT $limit
}
RETURN at, by, step, title, note, proposal, change_set
ORDER BY at DESC
LIMIT $limit

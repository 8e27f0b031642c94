// By which model the vectors were made; no row when there are none.
MATCH (s:VectorState {id: 'vectors'})
RETURN s.model AS model

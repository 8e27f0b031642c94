// The vectors are whole, and made by $model.
MERGE (s:VectorState {id: 'vectors'})
SET s.model = $model
RETURN s.model AS model

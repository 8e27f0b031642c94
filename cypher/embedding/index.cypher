// The nearest vectors of the nodes of KIND; 384 numbers each, as all-MiniLM-L6-v2 makes them.
CREATE VECTOR INDEX meaning_KIND IF NOT EXISTS FOR (v:KINDVector) ON (v.embedding)
OPTIONS {indexConfig: {`vector.dimensions`: 384, `vector.similarity_function`: 'cosine'}}

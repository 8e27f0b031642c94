// Names and synonyms of every language are found by full text; lists are paged by name; the log by its order.
CREATE FULLTEXT INDEX names IF NOT EXISTS FOR (n:Entity)
  ON EACH [n.name_en, n.name_ru, n.synonyms_en, n.synonyms_ru]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-no-stop-words'}};
CREATE INDEX disease_name IF NOT EXISTS FOR (n:Disease) ON (n.name);
CREATE INDEX symptom_name IF NOT EXISTS FOR (n:Symptom) ON (n.name);
CREATE INDEX drug_name IF NOT EXISTS FOR (n:Drug) ON (n.name);
CREATE INDEX drug_atc IF NOT EXISTS FOR (n:Drug) ON (n.atc);
CREATE INDEX evidence_edge IF NOT EXISTS FOR (n:Evidence) ON (n.edge);
CREATE INDEX change_set_seq IF NOT EXISTS FOR (n:ChangeSet) ON (n.seq);
CREATE INDEX change_set_key IF NOT EXISTS FOR (n:ChangeSet) ON (n.key);
CREATE INDEX change_batch_set IF NOT EXISTS FOR (n:ChangeBatch) ON (n.change_set);
CREATE INDEX proposal_status IF NOT EXISTS FOR (n:Proposal) ON (n.status);

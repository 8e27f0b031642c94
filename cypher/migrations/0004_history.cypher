// Evidence lies on its edge, one writer at a time keeps edges unique, and earlier versions and other ids are kept.
DROP CONSTRAINT evidence_id IF EXISTS;
DROP INDEX evidence_edge IF EXISTS;
DROP CONSTRAINT has_symptom_id IF EXISTS;
DROP CONSTRAINT treats_id IF EXISTS;
DROP CONSTRAINT contraindicated_for_id IF EXISTS;
DROP CONSTRAINT causes_id IF EXISTS;
DROP CONSTRAINT in_class_id IF EXISTS;
DROP CONSTRAINT resembles_id IF EXISTS;
DROP CONSTRAINT is_a_id IF EXISTS;
DROP CONSTRAINT interacts_with_id IF EXISTS;
DROP CONSTRAINT coded_as_id IF EXISTS;
DROP CONSTRAINT part_of_id IF EXISTS;
CREATE CONSTRAINT gone_id IF NOT EXISTS FOR (n:Gone) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT alias_key IF NOT EXISTS FOR (n:Alias) REQUIRE n.key IS UNIQUE;
CREATE INDEX alias_id IF NOT EXISTS FOR (n:Alias) ON (n.id);
CREATE INDEX alias_of IF NOT EXISTS FOR (n:Alias) ON (n.of);
CREATE INDEX past_id IF NOT EXISTS FOR (n:Past) ON (n.id);
CREATE INDEX change_set_status IF NOT EXISTS FOR (n:ChangeSet) ON (n.status);

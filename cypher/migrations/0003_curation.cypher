// Decisions are append-only; proposals are found by what they ask for, and the log is read by time.
CREATE CONSTRAINT decision_id IF NOT EXISTS FOR (n:Decision) REQUIRE n.id IS UNIQUE;
CREATE INDEX decision_at IF NOT EXISTS FOR (n:Decision) ON (n.at);
CREATE INDEX change_set_at IF NOT EXISTS FOR (n:ChangeSet) ON (n.at);
CREATE INDEX proposal_key IF NOT EXISTS FOR (n:Proposal) ON (n.key);
CREATE INDEX proposal_at IF NOT EXISTS FOR (n:Proposal) ON (n.at);

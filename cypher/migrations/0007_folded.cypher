// A name is looked for without regard to case, so it is kept folded too; any part of it is found by runs of three characters.
MATCH (n:Entity|Gone|Past)
WHERE n.name IS NOT NULL AND n.folded IS NULL
CALL (n) { SET n.folded = toLower(n.name) } IN TRANSACTIONS OF 10000 ROWS;
CREATE TEXT INDEX disease_folded IF NOT EXISTS FOR (n:Disease) ON (n.folded);
CREATE TEXT INDEX symptom_folded IF NOT EXISTS FOR (n:Symptom) ON (n.folded);
CREATE TEXT INDEX drug_folded IF NOT EXISTS FOR (n:Drug) ON (n.folded);
CREATE TEXT INDEX drug_class_folded IF NOT EXISTS FOR (n:DrugClass) ON (n.folded);
CREATE TEXT INDEX side_effect_folded IF NOT EXISTS FOR (n:SideEffect) ON (n.folded);
CREATE TEXT INDEX icd_code_folded IF NOT EXISTS FOR (n:IcdCode) ON (n.folded);

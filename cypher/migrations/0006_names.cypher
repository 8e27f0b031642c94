// Lists of every kind are paged by name, and what is typed is looked up as the beginning of a name.
CREATE INDEX drug_class_name IF NOT EXISTS FOR (n:DrugClass) ON (n.name);
CREATE INDEX side_effect_name IF NOT EXISTS FOR (n:SideEffect) ON (n.name);
CREATE INDEX icd_code_name IF NOT EXISTS FOR (n:IcdCode) ON (n.name);

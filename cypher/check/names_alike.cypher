// Names that several nodes of a kind have, case and spaces aside, in one of $languages; codes have their code instead.
MATCH (n:Entity)
WHERE NOT n:IcdCode
UNWIND $languages AS language
WITH n, language, n['name_' + language] AS name
WHERE name IS NOT NULL
WITH [label IN labels(n) WHERE label <> 'Entity'][0] AS kind, language, n.id AS id,
     reduce(plain = '', word IN [word IN split(toLower(name), ' ') WHERE word <> ''] | plain + ' ' + word) AS plain
ORDER BY id
WITH kind, language, plain, collect(id) AS ids
WHERE size(ids) > 1
WITH {subject: [kind, language, trim(plain)], kind: kind, language: language, name: trim(plain), number: size(ids),
      ids: ids[..$shown]} AS found
ORDER BY found.kind, found.language, found.name
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed

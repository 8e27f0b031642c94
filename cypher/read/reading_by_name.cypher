// The nodes of $kind whose name or synonym in one of $languages is exactly $folded (lower case), found by $phrase.
CALL db.index.fulltext.queryNodes('names', $phrase) YIELD node AS n
WHERE $kind IN labels(n)
WITH n,
     any(language IN $languages WHERE toLower(n['name_' + language]) = $folded) AS named,
     any(language IN $languages WHERE any(word IN n['synonyms_' + language] WHERE toLower(word) = $folded)) AS called
WHERE named OR called
RETURN n.id AS id, $kind AS kind, properties(n) AS properties, named
ORDER BY named DESC, id
LIMIT 50

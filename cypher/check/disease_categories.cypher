// Diseases recorded under more than one three-character category of one code system; at most $limit, and how many.
MATCH (d:Disease)-[r:CODED_AS]->(c:IcdCode)
WHERE c.level IN ['category', 'subcategory'] AND size(r.sources) > 0
WITH d, c.system AS system, left(split(c.id, ':')[1], 3) AS category
WITH DISTINCT d, system, category
ORDER BY category
WITH d, system, collect(category) AS categories
WHERE size(categories) > 1
WITH {subject: [d.id, system], name: d.name, number: size(categories), categories: categories[..$shown]} AS found
ORDER BY found.subject[0], found.subject[1]
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed

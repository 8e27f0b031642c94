// How many neighbours a role has from each of $ids. START, EDGE and END stand for kinds.
UNWIND $ids AS parent
MATCH (a:START {id: parent})
RETURN parent, COUNT { MATCH (a)-[r:EDGE]-(b:END) WHERE true /* conditions */ } AS number

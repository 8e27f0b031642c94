// Lock the operation $id and return its kept result, or null when it was never finished.
MERGE (operation:Operation {id: $id})
ON CREATE SET operation.at = datetime()
SET operation.tried = coalesce(operation.tried, 0) + 1
RETURN operation.result AS result

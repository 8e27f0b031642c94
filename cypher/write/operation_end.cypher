// Keep the $result (JSON) of the operation $id.
MATCH (operation:Operation {id: $id})
SET operation.result = $result

"""What every resolver is handed: the graph, who asks, and the loaders of this one request."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import DocumentNode
from strawberry import Info

from graphql_api.access.keys import ApiKey, Principal
from graphql_api.jobs.desk import NoteDesk
from graphql_api.telling import Teller
from graphql_api.types.loaders import Loaders
from kg.graph import Graph


@dataclass(slots=True)
class Context:
    """One request: what it may use, who asks, its document once parsed, and the keys of the service for an admin."""

    graph: Graph
    principal: Principal
    notes: NoteDesk
    loaders: Loaders
    request_id: str
    document: DocumentNode
    keys: tuple[ApiKey, ...] = ()
    teller: Teller | None = None


GraphInfo = Info[Context, None]

"""The lock on every field at the top of the schema: each says which role it needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension

from graphql_api.access.keys import Role
from graphql_api.context import GraphInfo
from graphql_api.problems import FORBIDDEN, ApiError


class Needs(FieldExtension):
    """Lets a field be run by holders of a key of this role or a higher one."""

    def __init__(self, role: Role) -> None:
        self.role = role

    async def resolve_async(
        self, next_: Callable[..., Awaitable[Any]], source: Any, info: GraphInfo, **kwargs: Any
    ) -> Any:
        principal = info.context.principal
        if principal.role < self.role:
            needed = self.role.name.lower()
            raise ApiError(
                FORBIDDEN,
                f"`{info.field_name}` needs the role {needed}; {principal.name} is {principal.role.name.lower()}.",
                hint="Send a key of that role as `Authorization: Bearer KEY`."
                if principal.named
                else "This service has no API keys; set MKG_API_KEYS to curate over GraphQL.",
            )
        return await next_(source, info, **kwargs)


def locked(role: Role, resolver: Callable[..., Awaitable[Any]], *, description: str, graphql_type: Any = None) -> Any:
    """Return a field that runs an asynchronous resolver for holders of that role or a higher one."""
    return strawberry.field(resolver, description=description, graphql_type=graphql_type, extensions=[Needs(role)])


def locks(definition: Any) -> Mapping[str, Role | None]:
    """Return the role that each field of a top type needs, None for one without a lock."""
    return {
        item.python_name: next((lock.role for lock in item.extensions if isinstance(lock, Needs)), None)
        for item in definition.fields
    }

"""Who holds a key: what an admin may see, without the keys."""

from __future__ import annotations

import strawberry

from graphql_api.access.keys import ApiKey, Role
from graphql_api.context import GraphInfo

strawberry.enum(Role, name="AccessRole", description="What a key allows.")


@strawberry.type(description="The holder of an API key. Holders of tokens of an OIDC issuer are not listed.")
class KeyHolder:
    name: str
    role: Role
    last_day: str | None = strawberry.field(description="The last day on which the key works, if it ends.")

    @classmethod
    def of(cls, key: ApiKey) -> KeyHolder:
        """Return the holder of a key."""
        until = key.until.isoformat() if key.until else None
        return cls(name=key.name, role=key.role, last_day=until)


async def key_holders(info: GraphInfo) -> list[KeyHolder]:
    """Return the holders of all configured keys, by name."""
    return [KeyHolder.of(key) for key in sorted(info.context.keys, key=lambda key: key.name)]

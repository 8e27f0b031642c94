"""The GraphQL schema, and its text as it stands in `schema.graphql`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from graphql_api.access.locks import locks
from graphql_api.jobs.fields import Subscription
from graphql_api.types.graph_types import ENTITIES
from graphql_api.types.mutations import Mutation
from graphql_api.types.queries import Query


class Parsed(SchemaExtension):
    """Hands over the document that was parsed, measured and validated already."""

    def on_parse(self) -> Iterator[None]:
        self.execution_context.graphql_document = self.execution_context.context.document
        self.execution_context.validation_rules = ()
        yield


class Schema(strawberry.Schema):
    """A schema that leaves telling and logging of errors to the endpoint, which knows the request."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Do nothing; the default would write every refusal to the log as a traceback."""


@cache
def schema() -> strawberry.Schema:
    """Return the schema; every field at its top has a lock, or this raises TypeError."""
    for top in (Query, Mutation, Subscription):
        open_fields = [name for name, role in locks(top.__strawberry_definition__).items() if role is None]
        if open_fields:
            raise TypeError(f"{top.__name__} has fields without a role: {', '.join(open_fields)}")
    types = list(ENTITIES.values())
    return Schema(query=Query, mutation=Mutation, subscription=Subscription, types=types, extensions=[Parsed])


def sdl() -> str:
    """Return the schema in the schema definition language, as `schema.graphql` holds it."""
    return schema().as_str().rstrip() + "\n"


def main() -> None:
    """Write `schema.graphql` into the folder that this is run in."""
    Path("schema.graphql").write_text(sdl(), "utf-8")


if __name__ == "__main__":
    main()

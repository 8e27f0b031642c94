"""Pages of lists: which part is wanted, and the connections that hold it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import strawberry

from graphql_api.arguments.common import DEFAULT_FIRST, checked_first
from graphql_api.arguments.cursors import place_of
from graphql_api.arguments.naming import described, made
from graphql_api.problems import BAD_USER_INPUT, ApiError
from graphql_api.types.interfaces import Counter, NumberAggregate, PageInfo, Summarizer
from kg.reading import Order, Page, Window
from kg.schema import Property


def window_of(
    name: str, order: Order, first: int | None, after: str | None, last: int | None, before: str | None
) -> Window:
    """Return the wanted part of the list of that name: forward by `first` and `after`, backward by `last` and `before`.

    Raises ApiError when they are mixed, out of bounds, or when a cursor is none of this list.
    """
    if last is not None:
        if first is not None or after is not None:
            raise ApiError(
                BAD_USER_INPUT, "`last` and `before` go backward, `first` and `after` forward.", hint="Give one pair."
            )
        return Window(checked_first(last, "last"), place_of(name, order, before), backward=True)
    if before is not None:
        raise ApiError(BAD_USER_INPUT, "`before` needs `last`.", hint="Say how many items before it: `last: 20`.")
    return Window(checked_first(DEFAULT_FIRST if first is None else first), place_of(name, order, after))


def page_info(page: Page[Any], cursors: Sequence[str]) -> PageInfo:
    """Return where a page lies in its list; on the side it was reached from, the cursor tells that there is more."""
    return PageInfo(
        has_next_page=page.behind,
        has_previous_page=page.before,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


def aggregate_type(title: str, properties: Sequence[Property], of: str) -> Any:
    """Return the type of what a whole list comes to: its size and the spread of each number."""
    fields: dict[str, tuple[Any, Any]] = {"count": (int, strawberry.field(description="Size of the whole list."))}
    for item in properties:
        if item.numeric:
            fields[item.name] = (NumberAggregate, strawberry.field(description=described(item)))
    return strawberry.type(made(f"{title}Aggregate", (), fields, {}), description=f"What a list of {of} comes to.")


def connection_type(name: str, edge: Any, node: Any, aggregate: Any, meaning: str) -> Any:
    """Return the type of a page with these edges; its list is counted and summed up only when that is selected."""

    def nodes(self: Any) -> Any:
        return [item.node for item in self.edges]

    async def total_count(self: Any) -> int:
        return await self.counter()

    async def aggregated(self: Any) -> Any:
        found = await self.summarizer()
        numbers = {name: NumberAggregate.of(spread) for name, spread in found.numbers.items()}
        return aggregate(count=found.count, **numbers)

    fields = {
        "edges": (list[edge], None),
        "page_info": (PageInfo, None),
        "counter": (strawberry.Private[Counter], None),
        "summarizer": (strawberry.Private[Summarizer], None),
    }
    methods = {
        "nodes": strawberry.field(nodes, graphql_type=list[node], description="The nodes alone."),
        "total_count": strawberry.field(total_count, description="Size of the whole list; counted only when selected."),
        "aggregate": strawberry.field(
            aggregated, graphql_type=aggregate, description="What the whole list comes to; reckoned only when selected."
        ),
    }
    return strawberry.type(made(name, (), fields, methods), description=meaning)

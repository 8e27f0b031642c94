"""Asks the graph about any number of ids, some at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any, Final, LiteralString

from kg.statements import fixed
from kg.store import Store

AT_ONCE: Final = 10_000
SECONDS: Final = 120.0


async def asked(
    store: Store, name: LiteralString, ids: Iterable[str], parameter: str = "ids"
) -> AsyncIterator[tuple[Callable[[str], str], dict[str, Any]]]:
    """Yield the rows of a statement that is asked for some ids at a time.

    Beside a row comes what gives for an id in it the same id as it was asked for: of a million, one string is kept.
    """
    for some in chunks(ids, AT_ONCE):
        own = {key: key for key in some}
        for row in await store.read(fixed(name, **{parameter: some}), deadline=SECONDS):
            yield partial(_same, own), row


def _same(own: Mapping[str, str], key: str) -> str:
    return own.get(key, key)


def chunks(items: Iterable[str], size: int) -> Iterator[list[str]]:
    """Yield the items in lists of that size, the last one shorter."""
    waiting = iter(items)
    while some := list(islice(waiting, size)):
        yield some

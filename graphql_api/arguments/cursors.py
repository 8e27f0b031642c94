"""Cursors: the place of an item in the order of a list, as opaque text that needs no memory on the server."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any, Final

import orjson

from graphql_api.problems import BAD_USER_INPUT, ApiError
from kg.reading import Key, Order, Place

_LONGEST: Final = 4000


def cursor_of(name: str, place: Place) -> str:
    """Return the cursor of a place in the list of that name (`orders.list_name`)."""
    return encoded([name, *place.keys, place.id])


def encoded(parts: Sequence[Any]) -> str:
    """Return the parts of a place as text; a cursor shows nobody how it is made."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def place_of(name: str, order: Order, cursor: str | None) -> Place | None:
    """Return the place that a cursor tells in the list of that name; None for no cursor.

    Raises ApiError when it was not made by such a list in this order.
    """
    if cursor is None:
        return None
    parts = decoded(cursor)
    if not isinstance(parts, list) or len(parts) != 1 + len(order.keys) or parts[0] != name:
        raise refused()
    values: Sequence[Any] = parts[1:]
    # A text key in a list sorted by a number, or the reverse, was made by hand.
    if not all(_fits(key, value) for key, value in zip(order.keys, values, strict=True)):
        raise refused()
    return Place(tuple(_number(value) for value in values[:-1]), values[-1])


def _fits(key: Key, value: Any) -> bool:
    if value is None:
        return not key.always
    if key.numeric:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _number(value: Any) -> Any:
    # A whole number that does not fit into the database's own would stop the driver.
    return float(value) if isinstance(value, int) else value


def decoded(cursor: str) -> Any:
    """Return the parts of a cursor; raises ApiError when it holds none."""
    if len(cursor) > _LONGEST:
        raise refused()
    try:
        return orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise refused() from error


def refused() -> ApiError:
    """Return the error for a cursor that was not made by the list it is given to."""
    return ApiError(
        BAD_USER_INPUT,
        "The cursor does not belong to this list.",
        hint="Take `endCursor` (or `startCursor`, to go backward) of a page asked for with the same `orderBy`.",
    )

"""Cursors: the place of an item in the order of a list, as opaque text that needs no memory on the server."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

import orjson

from graphql_api.problems import BAD_USER_INPUT, ApiError
from kg.reading import Place

_LONGEST: Final = 2000


def cursor_of(order: str, place: Place) -> str:
    """Return the cursor of a place in the list that is sorted by `order`."""
    return base64.urlsafe_b64encode(orjson.dumps([order, place.key, place.id])).decode().rstrip("=")


def place_of(order: str, cursor: str | None) -> Place | None:
    """Return the place that a cursor tells; None for no cursor.

    Raises ApiError when it was not made by this list in this order.
    """
    if cursor is None:
        return None
    parts = _decoded(cursor)
    if not isinstance(parts, list) or len(parts) != 3 or parts[0] != order:
        raise _refused()
    key, node_id = parts[1], parts[2]
    if isinstance(key, bool) or not isinstance(key, str | int | float) or not isinstance(node_id, str):
        raise _refused()
    # A text key in a list sorted by a number, or the reverse, was made by hand.
    if isinstance(key, str) != (order.lstrip("-") in ("name", "id")):
        raise _refused()
    return Place(key, node_id)


def _decoded(cursor: str) -> Any:
    if len(cursor) > _LONGEST:
        raise _refused()
    try:
        return orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise _refused() from error


def _refused() -> ApiError:
    return ApiError(
        BAD_USER_INPUT,
        "The cursor in `after` does not belong to this list.",
        hint="Take `endCursor` of the page before, asked for with the same `orderBy`.",
    )

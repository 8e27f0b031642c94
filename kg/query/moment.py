"""The change set that `as of` names: how a statement finds it, and the refusal when it is none or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, LiteralString

from kg.errors import AmbiguousName, QueryError, UnknownName

# The change set that was named: by its id, or by the beginning of one that no other begins with.
MOMENT: Final[LiteralString] = (
    "CALL () {\n"
    "  MATCH (c:ChangeSet) WHERE c.id STARTS WITH $as_of OR c.id STARTS WITH 'CS:' + $as_of\n"
    "  WITH c ORDER BY c.id <> $as_of, c.seq LIMIT 3\n"
    "  RETURN collect(c) AS moments\n"
    "}\n"
    "WITH [c IN moments | c.id] AS moments, moments[0].id AS release,\n"
    "  CASE WHEN size(moments) = 1 OR moments[0].id = $as_of THEN moments[0].seq END AS moment"
)


def check_moment(asked: str, moments: Sequence[str], place: str | None = None) -> None:
    """Raise UnknownName when `as of` names no change set of these, or AmbiguousName when it begins several."""
    if asked in moments or len(moments) == 1:
        return
    error: QueryError = UnknownName(f"there is no change set {asked!r}", hint="`mkg review log` lists them.")
    if moments:
        error = AmbiguousName(
            f"several change sets begin with {asked!r}",
            candidates=tuple((found, found) for found in moments),
            hint=f"Write more of it: {', '.join(moments)}.",
        )
    error.place = place
    raise error

"""The change set that `as of` names: how a statement finds it, and the refusal when it is none or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, LiteralString

from kg.errors import AmbiguousName, QueryError, UnknownName


def named_moment(asked: LiteralString, scope: LiteralString = "") -> LiteralString:
    """Return the clauses that find the change set whose id is `asked`, or the only one whose id begins with it.

    They name the ids of those that may be meant `moments`, the first of them `release`, and its number `moment`, which
    is null when none or several are meant. `scope` is what a subquery has to know of `asked`.
    """
    return (
        f"CALL ({scope}) {{\n"
        f"  MATCH (c:ChangeSet) WHERE c.id STARTS WITH {asked} OR c.id STARTS WITH 'CS:' + {asked}\n"
        f"  WITH c ORDER BY c.id <> {asked}, c.seq LIMIT 3\n"
        "  RETURN collect(c) AS moments\n"
        "}\n"
        "WITH [c IN moments | c.id] AS moments, moments[0].id AS release,\n"
        f"  CASE WHEN size(moments) = 1 OR moments[0].id = {asked} THEN moments[0].seq END AS moment"
    )


MOMENT: Final[LiteralString] = named_moment("$as_of")


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

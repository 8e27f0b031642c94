"""Ids made of a code or a name, which go to the one thing that they can mean; ids are numbers. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from kg.identity.groups import Groups
from kg.identity.told import EXACT, Told


def given(groups: Groups, candidates: Told, now: Sequence[int]) -> list[tuple[int, list[int]]]:
    """Give each id made of a code or a name to the one thing that it can mean; return those that may mean several."""
    waiting: dict[int, list[int]] = {}
    for key, one in zip(candidates.left, candidates.right, strict=True):
        waiting.setdefault(key, []).append(now[one])
    before = -1
    # One that is given makes things one, which may leave another with one thing to mean.
    while len(waiting) != before:
        before = len(waiting)
        left: dict[int, list[int]] = {}
        for key, some in sorted(waiting.items()):
            top = groups.top(key)
            things = {groups.top(one): one for one in sorted(some, reverse=True)}
            things.pop(top, None)
            if len(things) > 1:
                left[key] = sorted(things.values())
            elif things and groups.is_made(top):
                (one,) = things.values()
                groups.join(key, one, EXACT)
        waiting = left
    return sorted(waiting.items())

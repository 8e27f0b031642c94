"""How a change set is taken back, and what stands in the way. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from kg.changes import Change, State
from kg.errors import StepRefused

_SHOWN: Final = 10


def taken_back(changes: Iterable[Change]) -> list[Change]:
    """Return what takes all these changes back: each thing once, from how they left it to how they found it."""
    found: dict[str, Change] = {}
    for change in changes:
        first = found.get(change.id, change)
        found[change.id] = Change(change.target, change.id, first.before, change.after)
    return [change.undone() for change in found.values() if change.before != change.after]


def conflicts(wanted: Sequence[Change], current: Mapping[str, State]) -> list[str]:
    """Return a line for each thing that is no longer as the change set left it; none when all can be taken back."""
    return [
        f"{change.id}: {_difference(change.before, current.get(change.id))}"
        for change in wanted
        if current.get(change.id) != change.before
    ]


def check_unchanged(later: Sequence[str]) -> None:
    """Raise StepRefused with the first of these lines, each of a thing that was changed later; none is no hindrance."""
    if later:
        more = f"\n… and {len(later) - _SHOWN} more" if len(later) > _SHOWN else ""
        raise StepRefused(
            "it cannot be taken back, because of what was changed later",
            place="\n".join(later[:_SHOWN]) + more,
            hint="Take back the later change sets first: `mkg review log` lists them.",
        )


def _difference(left: State | None, now: State | None) -> str:
    """Say in a few words what was done to a thing since it was left like this."""
    if left is None:
        return "was made again"
    if now is None:
        return "was taken away"
    if "of" in now:
        return f"stands for {now['of']} now, not {left['of']}"
    if "evidence" in now:
        return _evidence_difference(left, now)
    for language in sorted({*left["names"], *now["names"]}):
        before, after = left["names"].get(language), now["names"].get(language)
        if before != after:
            return f"its name in {language} is {after!r} now, not {before!r}"
    changed = sorted(name for name in now if now[name] != left.get(name))
    return f"{', '.join(changed)} changed"


def _evidence_difference(left: State, now: State) -> str:
    before = _change_sets(left)
    after = _change_sets(now)
    words = [f"{number} was added by {after[number]}" for number in sorted(after.keys() - before.keys())]
    words += [f"{number} was taken away" for number in sorted(before.keys() - after.keys())]
    return ", ".join(words) or "its evidence changed"


def _change_sets(edge: State) -> dict[str, Any]:
    return {item["id"]: item["change_set"] for item in edge["evidence"]}

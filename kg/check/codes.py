"""One code, several diseases: which of them is meant by the code, when that can be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.changes import authority_of
from kg.check.finding import Finding, finding
from kg.check.rules import SHOWN

RULE = "code-shared"
MEANING = (
    "several diseases are recorded under one code: a note when one of them is meant, a warning when none stands out"
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A disease recorded under a code, and the authority of the strongest source that says so."""

    id: str
    name: str
    authority: int


def shared_codes(rows: Iterable[Mapping[str, Any]], parents: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Yield a finding for each code (`code`, `name`, `diseases`) that several diseases are recorded under.

    `parents` are the diseases that each disease is a special case of.
    """
    for row in rows:
        diseases = [
            Recorded(item["id"], item["name"], max(map(authority_of, item["sources"]))) for item in row["diseases"]
        ]
        told = f"{len(diseases)} diseases are recorded under {row['code']} ({row['name']})"
        found = meant(row["name"], diseases, parents)
        if found is not None:
            one, why = found
            message = f"{told}; meant is {one.id} ({one.name}): {why}"
            yield finding(RULE, "note", row["code"], message, f"Nothing, if that is right; ask for it by {one.id}.")
            continue
        named = ", ".join(f"{item.id} ({item.name})" for item in diseases[:SHOWN])
        more = f" and {len(diseases) - SHOWN} more" if len(diseases) > SHOWN else ""
        fix = "Say which is meant: propose CODED_AS for it as a curator; what a curator says counts most."
        yield finding(RULE, "warning", row["code"], f"{told}, and none stands out: {named}{more}", fix)


def meant(name: str, diseases: Sequence[Recorded], parents: Mapping[str, Sequence[str]]) -> tuple[Recorded, str] | None:
    """Return the one disease that a code of that name means and the reason, or None.

    The reasons, best first: a source of more authority than those of the others says so; it alone is called what the
    code is called; the others are special cases of it.
    """
    most = max(item.authority for item in diseases)
    above = {item.id: _above(item.id, parents) for item in diseases}
    ways = (
        ("a source of more authority says so", [item for item in diseases if item.authority == most]),
        ("it has the name of the code", [item for item in diseases if _plain(item.name) == _plain(name)]),
        (
            "the others are special cases of it",
            [item for item in diseases if all(item is other or item.id in above[other.id] for other in diseases)],
        ),
    )
    return next(((chosen[0], why) for why, chosen in ways if len(chosen) == 1), None)


def _above(start: str, parents: Mapping[str, Sequence[str]]) -> set[str]:
    """Return everything that a disease is a special case of, near or far, without itself."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found - {start}


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())

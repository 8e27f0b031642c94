"""Goes through the whole graph by rules and tells what a person should look at."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from kg.check import codes
from kg.check.finding import SEVERITIES, Finding, Severity, finding, sorted_findings
from kg.check.rules import RULES, SHOWN
from kg.errors import QueryError
from kg.load.cycles import closing_edges
from kg.statements import fixed
from kg.store import Store
from kg.values import edge_id

LISTED: Final = 100
"""How many findings of one rule are listed, if nothing else is asked for."""

CYCLE: Final = "cycle"
_CYCLE_MEANING: Final = "things are special cases, or parts, of themselves"
# On a server that others use as well; a rule on its own takes a second or two.
_DEADLINE: Final = 300.0

Progress = Callable[[str, int, int], None]

# Every rule: its name, how grave its findings are at most, and what one of them is.
ALL_RULES: Final[tuple[tuple[str, Severity, str], ...]] = (
    (CYCLE, "error", _CYCLE_MEANING),
    (codes.RULE, "warning", codes.MEANING),
    *((rule.name, rule.severity, rule.meaning) for rule in RULES),
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many findings of that severity a rule has; only the first of them are listed."""

    rule: str
    severity: Severity
    total: int


@dataclass(frozen=True, slots=True)
class GraphReport:
    """What was found: every rule that found something with the full count, and the findings that are listed.

    `head` is the change set that the graph stood at, `seconds` wall time.
    """

    head: str
    counts: tuple[Count, ...]
    findings: tuple[Finding, ...]
    seconds: float

    def total(self, severity: Severity) -> int:
        """Return how many findings of that severity there are, listed or not."""
        return sum(count.total for count in self.counts if count.severity == severity)


def _silent(what: str, done: int, total: int) -> None:
    del what, done, total


async def check_graph(
    store: Store, *, rules: Collection[str] = (), limit: int = LISTED, progress: Progress = _silent
) -> GraphReport:
    """Return what is to be found by these rules, or by all; at most `limit` findings of each are listed.

    Raises QueryError for a rule that does not exist, or a StoreError.
    """
    names = [name for name, _, _ in ALL_RULES]
    for rule in rules:
        if rule not in names:
            raise QueryError(f"there is no rule {rule!r}", hint=f"Rules: {', '.join(names)}.")
    wanted = [name for name in names if name in rules or not rules]
    start = time.monotonic()
    check = _Check(store, limit)
    for number, name in enumerate(wanted):
        progress("checking", number, len(wanted))
        await check.rule(name)
    progress("checking", len(wanted), len(wanted))
    ready = await store.read(fixed("read/ready"))
    counts = sorted(check.counts, key=lambda count: (SEVERITIES.index(count.severity), count.rule))
    head = ready[0]["head"] if ready else ""
    return GraphReport(head, tuple(counts), sorted_findings(check.findings), time.monotonic() - start)


class _Check:
    """Collects counts and findings rule by rule."""

    def __init__(self, store: Store, limit: int) -> None:
        self._store = store
        self._limit = limit
        self._edges: dict[str, list[tuple[str, str]]] | None = None
        self.counts: list[Count] = []
        self.findings: list[Finding] = []

    async def rule(self, name: str) -> None:
        if name == CYCLE:
            self._take(circles(await self._trees()))
        elif name == codes.RULE:
            rows = await self._read("check/several_diseases")
            parents: dict[str, list[str]] = {}
            for start, end in (await self._trees()).get("IS_A", ()) if rows else ():
                parents.setdefault(start, []).append(end)
            self._take(codes.shared_codes(rows, parents))
        else:
            await self._listed(name)

    async def _listed(self, name: str) -> None:
        rule = next(rule for rule in RULES if rule.name == name)
        (row,) = await self._read(rule.statement, limit=self._limit, shown=SHOWN, **rule.values)
        if row["total"]:
            self.counts.append(Count(name, rule.severity, row["total"]))
            self.findings += map(rule.finding, row["listed"])

    def _take(self, found: Iterable[Finding]) -> None:
        told = sorted_findings(found)
        for severity in SEVERITIES:
            some = [item for item in told if item.severity == severity]
            if some:
                self.counts.append(Count(some[0].rule, severity, len(some)))
                self.findings += some[: self._limit]

    async def _trees(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Return the edges from narrower to wider things by kind, in the order of their ends."""
        if self._edges is None:
            self._edges = {}
            for row in await self._read("check/tree"):
                self._edges.setdefault(row["kind"], []).append((row["start"], row["end"]))
            for edges in self._edges.values():
                edges.sort()
        return self._edges

    async def _read(self, name: LiteralString, **values: Any) -> list[dict[str, Any]]:
        return await self._store.read(fixed(name, **values), deadline=_DEADLINE)


def circles(trees: Mapping[str, Sequence[tuple[str, str]]]) -> list[Finding]:
    """Return a finding for each edge, in the order given, that closes a circle of edges of its kind."""
    return [
        finding(
            CYCLE,
            "error",
            edge_id(kind, *edges[at]),
            f"closes a circle of {kind}: {_way(circle)}",
            "Propose evidence against the edge that is wrong, or undo the load that brought it.",
        )
        for kind, edges in trees.items()
        for at, circle in closing_edges(edges)
    ]


def _way(circle: Sequence[str]) -> str:
    shown = circle if len(circle) <= SHOWN else (*circle[: SHOWN - 1], "…", circle[-1])
    return " → ".join(shown)

"""Which cases become rows, in which language and words: by shares and limits, none twice, the same for one seed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.errors import NothingToTell, TooFewRows
from generator.instructions.builders import BUILDERS, Material
from generator.instructions.case import Case
from generator.instructions.render import Worded, render
from generator.instructions.shares import Share, Shares
from generator.instructions.wordings import Wordings
from generator.seeds import derive


@dataclass(frozen=True, slots=True)
class Planned:
    """A row to be written: a case, its language, and how many times it was asked in other words before."""

    case: Case
    language: str
    turn: int


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows in order. `empty` are builders that the graph has nothing for; `short` says what others lacked."""

    rows: tuple[Planned, ...]
    empty: tuple[str, ...]
    short: Mapping[str, int]

    @property
    def by_builder(self) -> Mapping[str, int]:
        """How many rows each builder has."""
        return Counter(row.case.builder for row in self.rows)


@dataclass(slots=True)
class Planner:
    """Takes rows from the builders until there are as many as were asked for."""

    material: Material
    wordings: Wordings
    shares: Shares
    count: int
    seed: int
    named: bool = False  # the builders were chosen by name, so none may be empty
    _seen: set[bytes] = field(default_factory=set[bytes])
    _about: Counter[str] = field(default_factory=Counter[str])

    def plan(self) -> Plan:
        """Return the rows. Raises TooFewRows, which names the builder that ran dry, and NothingToTell."""
        sources, empty = self._sources()
        quotas = spread({name: self.shares.builders[name].share for name in sources}, self.count)
        rows: list[Planned] = []
        short: dict[str, int] = {}
        for name, quota in quotas.items():
            taken = self._take(name, sources[name], quota)
            rows += taken
            if len(taken) < quota:
                short[name] = quota - len(taken)
        if short and self.shares.when_dry == "refuse":
            raise self._dry(short, quotas)
        waiting = [name for name in quotas if name not in short]
        while len(rows) < self.count and waiting:
            # One at a time from each in turn, so that what one lacks is borne by all.
            for name in tuple(waiting):
                more = self._take(name, sources[name], 1) if len(rows) < self.count else []
                rows += more
                if not more and len(rows) < self.count:
                    waiting.remove(name)
        if len(rows) < self.count:
            raise self._dry(short or {"all builders": self.count - len(rows)}, quotas)
        rows.sort(key=lambda row: derive(self.seed, "order", row.case.builder, row.case.key, row.language, row.turn))
        return Plan(tuple(rows), empty, short)

    def _sources(self) -> tuple[dict[str, Iterator[Planned]], tuple[str, ...]]:
        """Return what each builder with a share has to offer, and the names of those that have nothing."""
        sources: dict[str, Iterator[Planned]] = {}
        empty: list[str] = []
        for name, share in self.shares.builders.items():
            if not share.share:
                continue
            cases = list(self.material.cases(BUILDERS[name]))
            if cases:
                sources[name] = self._offers(name, cases)
            else:
                empty.append(name)
        if empty and (self.named or not sources):
            raise NothingToTell(
                f"the graph has nothing for {', '.join(empty)}",
                hint="Load a source that has it (`mkg load`), or leave the builder out.",
            )
        return sources, tuple(empty)

    def _offers(self, name: str, cases: list[Case]) -> Iterator[Planned]:
        """Yield rows from each stratum and language in turn, drawn without replacement; then again in other words."""
        strata: dict[tuple[str, str], list[Case]] = {}
        for case in cases:
            for language in case.languages or self.shares.languages:
                if language in self.shares.languages:
                    strata.setdefault((case.stratum, language), []).append(case)
        for (_, language), group in strata.items():
            group.sort(key=lambda case: derive(self.seed, "draw", name, case.key, language))
        # Those that differ in the label alone stand side by side, so that wherever the taking stops labels are even.
        order = sorted(strata, key=lambda key: (derive(self.seed, name, key[0].partition("|")[0], key[1]), key))
        for turn in range(self.shares.wordings_per_case):
            for place in range(max(map(len, strata.values()), default=0)):
                for stratum in order:
                    if place < len(strata[stratum]):
                        yield Planned(strata[stratum][place], stratum[1], turn)

    def _take(self, name: str, source: Iterator[Planned], count: int) -> list[Planned]:
        taken: list[Planned] = []
        while len(taken) < count:
            row = next(source, None)
            if row is None:
                break
            if self._fits(row, self.shares.builders[name]):
                taken.append(row)
        return taken

    def _fits(self, row: Planned, share: Share) -> bool:
        case = row.case
        most = self.shares.max_per_disease
        bounded = most and self.material.net.nodes[case.subject].kind == "Disease"
        if bounded and self._about[case.subject] >= most:
            return False
        worded = self.words(row)
        if worded is None or len(worded.output.split()) < share.min_answer_words:
            return False
        content = hashlib.sha256("\x1f".join((worded.instruction, worded.input, worded.output)).encode()).digest()
        if content in self._seen:
            return False
        self._seen.add(content)
        self._about[case.subject] += 1
        return True

    def words(self, row: Planned) -> Worded | None:
        """Return a row in words, or None when the graph has no names for it in its language."""
        net = self.material.net
        return render(net, self.wordings, row.case, row.language, row.turn, self.seed, self.shares.role_prefix)

    def _dry(self, short: Mapping[str, int], quotas: Mapping[str, int]) -> TooFewRows:
        told = ", ".join(f"{name} lacks {lack:,} of {quotas.get(name, self.count):,}" for name, lack in short.items())
        return TooFewRows(
            f"{self.count:,} rows were asked for and builders ran dry: {told}",
            place=f"graph at {self.material.net.release}",
            hint="Ask for fewer, give these a smaller share, allow more wordings_per_case, "
            "or say `when_dry: spread` to have others make up for them.",
        )


def spread(shares: Mapping[str, float], count: int) -> dict[str, int]:
    """Return how many rows each gets: in proportion, whole numbers, the largest remainders first, `count` in all."""
    total = sum(shares.values())
    exact = {name: count * share / total for name, share in shares.items()}
    found = {name: int(value) for name, value in exact.items()}
    for name in sorted(exact, key=lambda key: (found[key] - exact[key], key))[: count - sum(found.values())]:
        found[name] += 1
    return found

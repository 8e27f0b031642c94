"""How far open sources say the same as the shipped graph, as numbers, and where they say the opposite."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.check.agreement_aliases import Aliases, AliasPool, told_code
from kg.check.core_graph import CoreGraph
from kg.check.finding import Finding, finding, sorted_findings
from kg.schema import EDGE_BY_TYPE
from kg.sources.format import Part
from kg.sources.records import Problem
from kg.values import Edge, Node, edge_id

# Between things that both know by their own ids. Codes and ATC are compared as text, see below.
_RELATIONS: Final[Mapping[str, tuple[str, str]]] = {
    "HAS_SYMPTOM": ("Disease", "Symptom"),
    "TREATS": ("Drug", "Disease"),
    "CONTRAINDICATED_FOR": ("Drug", "Disease"),
    "CAUSES": ("Drug", "SideEffect"),
    "RESEMBLES": ("Disease", "Disease"),
}
CODED_AS: Final = "CODED_AS"
ATC: Final = "ATC code"

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One relation against one source.

    `ours` are our statements between things of which the source says something of this sort; `shared` those of them
    that it has as well, `lacking` what it says between things of ours and we do not.
    """

    source: str
    version: str
    relation: str
    ours: int
    shared: int
    lacking: int

    @property
    def agreement(self) -> float:
        """The share of ours that the source has, 0 to 1."""
        return self.shared / self.ours if self.ours else 0.0


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """The numbers by source and relation, and the statements that a source contradicts."""

    rows: tuple[Agreement, ...]
    disagreements: tuple[Finding, ...]


@dataclass(slots=True)
class _Told:
    """What one source says: pairs of its own ids by relation, those it denies, and its codes."""

    source: str
    version: str
    pairs: dict[str, set[Pair]] = field(default_factory=lambda: defaultdict[str, set[Pair]](set))
    denied: set[Pair] = field(default_factory=set[Pair])


def agreement(core: CoreGraph, parts: Sequence[Part], progress: Callable[[str], None] | None = None) -> AgreementReport:
    """Compare the graph with what these sources say; `progress` is told the name of each before it is read.

    Things are the same by id, by mapping (an `xref` only where it is one to one), by exact English name or synonym, or,
    where nothing else is known and codes are not what is compared, by an ICD-10 category that one disease alone has.
    ICD-10 and ICD-10-CM are compared by their three-character categories.
    """
    pool = AliasPool()
    told: dict[Pair, _Told] = {}
    for part in parts:
        if progress:
            progress(part.source)
        _gather(part, told.setdefault((part.source, part.version), _Told(part.source, part.version)), pool)
    aliases = pool.decided(core)
    rows: list[Agreement] = []
    against: list[Finding] = []
    for each in told.values():
        found, opposed = _compared(core, each, aliases)
        rows += found
        against += opposed
    rows.sort(key=lambda row: (row.relation, row.source, row.version))
    return AgreementReport(tuple(rows), sorted_findings(against))


def _gather(part: Part, told: _Told, pool: AliasPool) -> None:
    for item in part.records():
        if isinstance(item, Problem):
            continue
        record = item.record
        pool.add(record)
        if isinstance(record, Node):
            if record.kind == "Drug" and (atc := record.properties.get("atc")):
                told.pairs[ATC].add((record.id, str(atc)))
        elif isinstance(record, Edge) and (record.kind in _RELATIONS or record.kind == CODED_AS):
            if all(evidence.direction == "against" for evidence in record.evidence):
                told.denied |= {(record.start, record.end)} if record.kind == "HAS_SYMPTOM" else set()
            else:
                told.pairs[record.kind].add((record.start, record.end))


def _compared(core: CoreGraph, told: _Told, aliases: Aliases) -> tuple[list[Agreement], list[Finding]]:
    rows: list[Agreement] = []
    against: list[Finding] = []
    theirs: dict[str, set[Pair]] = {}
    for relation, (start, end) in _RELATIONS.items():
        mapped = ((aliases.ours(start, one), aliases.ours(end, two)) for one, two in told.pairs.get(relation, ()))
        theirs[relation] = {_ordered(relation, one, two) for one, two in mapped if one and two and one != two}
        ours = {(edge.start, edge.end) for edge in core.of_type(relation)}
        rows += _row(told, relation, ours, theirs[relation])
    codes = {
        (disease, code)
        for one, two in told.pairs.get(CODED_AS, ())
        if (disease := aliases.ours("Disease", one, codes=False)) and (code := told_code(two))
    }
    our_codes = {(edge.start, told_code(edge.end)) for edge in core.of_type(CODED_AS)}
    # A code of ours that the source gives to nothing is disagreement as well, so the codes need not be known to it.
    rows += _row(told, CODED_AS, our_codes, codes, ends=False)
    our_atc = {(drug.id, str(drug.properties["atc"])) for drug in core.of_kind("Drug")}
    atc = {(drug, code) for id, code in told.pairs.get(ATC, ()) if (drug := aliases.ours("Drug", id))}
    rows += _row(told, ATC, our_atc, atc, ends=False)
    against += _otherwise(core, told, our_codes, codes, "source-codes-otherwise", "icd10 in diseases.csv")
    against += _otherwise(core, told, our_atc, atc, "source-other-atc", "atc in drugs.csv")
    against += _opposed(core, told, aliases, theirs)
    return rows, against


def _row(told: _Told, relation: str, ours: set[Pair], theirs: set[Pair], *, ends: bool = True) -> Iterator[Agreement]:
    """Yield the numbers, unless the two have nothing of this sort to speak about."""
    starts = {one for one, _ in theirs} | ({two for _, two in theirs} if relation == "RESEMBLES" else set())
    finishes = starts if relation == "RESEMBLES" else {two for _, two in theirs}
    both = {(one, two) for one, two in ours if one in starts and (two in finishes or not ends)}
    if both:
        shared = len(both & theirs)
        yield Agreement(told.source, told.version, relation, len(both), shared, len(theirs - ours))


def _otherwise(
    core: CoreGraph, told: _Told, ours: set[Pair], theirs: set[Pair], rule: str, column: str
) -> Iterator[Finding]:
    """Yield a finding for each thing to which the source gives codes, but not the one that we give."""
    said: dict[str, set[str]] = defaultdict(set)
    for id, code in theirs:
        said[id].add(code)
    for id, code in ours:
        if id in said and code not in said[id]:
            message = f"{core.name(id)} is {code} here and {', '.join(sorted(said[id]))} in {told.source}"
            yield finding(rule, "warning", (id, told.source), message, f"Look at {column}; the source may be wrong.")


def _opposed(core: CoreGraph, told: _Told, aliases: Aliases, theirs: Mapping[str, Iterable[Pair]]) -> Iterator[Finding]:
    """Yield a finding for each statement of ours whose opposite the source says."""
    dangers = set(theirs["CONTRAINDICATED_FOR"])
    uses = set(theirs["TREATS"])
    absent = {
        (disease, symptom)
        for one, two in told.denied
        if (disease := aliases.ours("Disease", one)) and (symptom := aliases.ours("Symptom", two))
    }
    cases = (
        ("TREATS", dangers, "source-forbids", "is given for {} here, {} calls it a danger"),
        ("CONTRAINDICATED_FOR", uses, "source-gives", "is a danger in {} here, {} gives it"),
        ("HAS_SYMPTOM", absent, "source-denies", "has {} here, {} says that it does not"),
    )
    for relation, opposite, rule, words in cases:
        for edge in core.of_type(relation):
            if (edge.start, edge.end) in opposite:
                message = f"{core.name(edge.start)} {words.format(core.name(edge.end), told.source)}"
                subject = (edge_id(relation, edge.start, edge.end), told.source)
                yield finding(rule, "warning", subject, message, "Decide which of the two is right.")


def _ordered(relation: str, one: str, two: str) -> Pair:
    return (two, one) if EDGE_BY_TYPE[relation].symmetric and one > two else (one, two)

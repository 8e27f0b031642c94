"""What the graph knows that patients are drawn from, read once and held by disease."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.patient import USUAL_AGES
from generator.patients.limits import ANYBODY, Limit, code_limit
from generator.patients.population import OLDEST
from kg.schema import SEXES
from kg.subgraph import SubgraphEdge, SubgraphNode


@dataclass(frozen=True, slots=True)
class Link:
    """An edge from what one stands at, and the node at its other end."""

    edge: SubgraphEdge
    node: SubgraphNode


@dataclass(frozen=True, slots=True)
class Comorbidity:
    """Another disease that a drug for the first must not meet: the drug treats the one and is forbidden in the other.

    The schema has no edge that says that two diseases occur together; these two edges are what it has.
    """

    treats: SubgraphEdge
    forbidden: SubgraphEdge
    other: str


@dataclass(frozen=True, slots=True)
class Illness:
    """A disease of the pool with its edges; every tuple is in the order of the edges' ids.

    `icd10` is its code without prefix (None without one), `code` the edge that says so, `limit` who may have it by the
    graph and by the table of codes, `prior` its share among patients seen. `forbidden` are ids of drugs, `kin` ids of
    diseases that are the same thing more widely or more narrowly, `lookalikes` ids of those that it resembles.
    `subcodes` are the parts of its category, when they were read.
    """

    node: SubgraphNode
    icd10: str | None
    code: SubgraphEdge | None
    limit: Limit
    prior: float | None
    symptoms: tuple[Link, ...]
    drugs: tuple[Link, ...]
    resembling: tuple[Link, ...]
    comorbidities: tuple[Comorbidity, ...]
    forbidden: frozenset[str]
    kin: frozenset[str]
    subcodes: tuple[Link, ...] = ()

    @property
    def id(self) -> str:
        """Its id."""
        return self.node.id

    @property
    def lookalikes(self) -> frozenset[str]:
        """The ids of the diseases that it resembles."""
        return frozenset(link.node.id for link in self.resembling)

    @property
    def of_one_sex(self) -> bool:
        """Whether only one sex has it."""
        return len(self.limit.sexes) == 1


@dataclass(frozen=True, slots=True)
class Pool:
    """All that is drawn from.

    `by_code` gives the diseases behind each code that was asked for; without codes its one key is the empty text.
    `effects` are the unwanted effects of each drug, `interacting` pairs of drugs that act on one another. `release` is
    the change set that the graph stood at, `questions` how many were asked.
    """

    by_code: Mapping[str, tuple[str, ...]]
    illnesses: Mapping[str, Illness]
    effects: Mapping[str, tuple[Link, ...]]
    interacting: frozenset[frozenset[str]]
    release: str
    questions: int


def limit_of(disease: SubgraphNode, codes: tuple[str, ...]) -> Limit:
    """Return who may have a disease: what the graph says, and what its ICD-10 codes say.

    Where neither says anything of ages and the graph does not know how often it is seen, nobody has described it: then
    it is a disease of adults. The shipped graph has a prior for every disease, so no limit there means any age.
    """
    told = _told(disease.properties)
    by_code = ANYBODY
    for code in codes:
        by_code = by_code.joined(code_limit(code))
    limit = told.joined(by_code)
    if disease.properties.get("prior") is None and (limit.low, limit.high) == (0, OLDEST):
        limit = limit.joined(Limit(low=USUAL_AGES[0], high=USUAL_AGES[1]))
    return limit


def _told(properties: Mapping[str, Any]) -> Limit:
    sex, low, high = (properties.get(name) for name in ("sex", "age_min", "age_max"))
    return Limit(
        sexes=(str(sex),) if sex in SEXES else SEXES,
        low=0 if low is None else int(low),
        high=OLDEST if high is None else int(high),
    )

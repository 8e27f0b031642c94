"""From a subgraph to numbered facts, strongest first, within a budget of tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import Final

from generator.errors import NothingToTell
from generator.linking.vocabulary import Term, term_of
from generator.naming import Naming
from generator.phrases import DIAGNOSIS_WITHOUT_CODE, PHRASES
from generator.quoting import as_data
from kg.schema import EDGE_BY_TYPE
from kg.subgraph import Subgraph, SubgraphEdge, SubgraphNode

DIAGNOSIS: Final = PHRASES["CODED_AS"].fact


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement that a note may make.

    `name` is its shortest form, for a list; `text` the whole sentence. `terms` are what a note has to name to tell
    it, all of them. `edge_id` is None only for a diagnosis whose disease has no code; `evidence_ids` are the edge's.
    `dose` is the typical one for adults, of a drug that the graph has one for.
    """

    id: str
    kind: str
    name: str
    text: str
    edge_id: str | None
    terms: tuple[Term, ...]
    strength: float | None = None
    evidence_ids: tuple[str, ...] = ()
    dose: str | None = None

    @property
    def term_ids(self) -> tuple[str, ...]:
        """The ids of what a note has to name."""
        return tuple(term.id for term in self.terms)


@dataclass(frozen=True, slots=True)
class FactSheet:
    """What a note is written from: the facts in order, the code (None if there is none), and what did not fit.

    `withheld` are facts that would give a hidden diagnosis away.
    """

    disease_id: str
    icd10: str | None
    facts: tuple[Fact, ...]
    dropped: tuple[Fact, ...]
    withheld: tuple[Fact, ...] = ()


def tokens_in(text: str) -> int:
    """Return about how many tokens a text takes, rather too many: three bytes of UTF-8 each.

    It asks no tokenizer, so that the facts of a row are the same for every model.
    """
    return -(-len(text.encode()) // 3)


def tell(
    disease: SubgraphNode,
    answers: Mapping[str, Subgraph],
    *,
    naming: Naming,
    code: str | None = None,
    max_facts: Mapping[str, int] | None = None,
    token_budget: int = 400,
    diagnosis_alone: bool = False,
) -> FactSheet:
    """Return the facts of the recipe's answers about one disease.

    The diagnosis comes first and is never dropped. The other kinds follow in the order of the questions, each with its
    strongest first and ties by the edge's id. Strengths of two kinds of edges cannot be compared, so what does not
    fit is dropped by place: the last of every kind before the second last of any. `naming` says in which language and
    by which of their names things are called. `code` is the one asked for; it is preferred when the disease has
    several. Raises NothingToTell when there is no fact but the diagnosis, unless `diagnosis_alone`.
    """
    nodes = {node.id: node for answer in answers.values() for node in answer.nodes.values()} | {disease.id: disease}
    edges: dict[str, SubgraphEdge] = {}
    for answer in answers.values():
        for edge_id in sorted(answer.edges):
            edges.setdefault(edge_id, answer.edges[edge_id])

    coded = [edge for edge in edges.values() if edge.kind == "CODED_AS" and edge.start == disease.id]
    diagnosis, icd10 = _diagnosis(disease, coded, nodes, naming, code)

    by_kind: dict[str, list[Fact]] = {}
    for edge in edges.values():
        if edge.kind not in {"CODED_AS", "PART_OF"}:
            fact = _fact(edge, disease, nodes, naming)
            by_kind.setdefault(fact.kind, []).append(fact)
    if not by_kind and not diagnosis_alone:
        raise NothingToTell(
            f"the graph knows nothing about {disease.name(naming.language)} that this recipe asks for",
            place=disease.id,
            hint="Ask it with `mkg ask`, or take a recipe with other questions.",
        )

    dropped: list[Fact] = []
    for kind, group in by_kind.items():
        group.sort(key=_strongest_first)
        limit = (max_facts or {}).get(kind, len(group))
        dropped += group[limit:]
        del group[limit:]

    left = token_budget - tokens_in(diagnosis.text)
    by_place = chain.from_iterable(zip_longest(*by_kind.values()))
    kept: set[str | None] = set()
    full = False
    for fact in by_place:
        if fact is None:
            continue
        cost = tokens_in(fact.text)
        full = full or cost > left
        if full:
            dropped.append(fact)
        else:
            left -= cost
            kept.add(fact.edge_id)

    told = [fact for fact in chain.from_iterable(by_kind.values()) if fact.edge_id in kept]
    numbered = tuple(replace(fact, id=f"F{number}") for number, fact in enumerate([diagnosis, *told], start=1))
    dropped.sort(key=lambda fact: (fact.kind, *_strongest_first(fact)))
    return FactSheet(disease.id, icd10, numbered, tuple(dropped))


def sentences(answer: Subgraph, language: str) -> tuple[Fact, ...]:
    """Return what each edge of an answer says, numbered: kind by kind, the strongest first, ties by the edge's id."""
    facts = [_between(edge, answer.nodes, language) for edge in answer.edges.values()]
    facts.sort(key=lambda fact: (fact.kind, *_strongest_first(fact)))
    return tuple(replace(fact, id=f"F{number}") for number, fact in enumerate(facts, start=1))


def _strongest_first(fact: Fact) -> tuple[float, str]:
    return (-(fact.strength or 0.0), fact.edge_id or "")


def _fact(edge: SubgraphEdge, disease: SubgraphNode, nodes: Mapping[str, SubgraphNode], naming: Naming) -> Fact:
    """Return what an edge says about the disease, or about two other things when the disease is at neither end."""
    language = naming.language
    if disease.id not in {edge.start, edge.end}:
        return _between(edge, nodes, language)
    other = nodes[edge.end if edge.start == disease.id else edge.start]
    phrase = PHRASES[edge.kind]
    name = as_data(naming.name(other, phrase.fact))
    text = phrase.about[language].format(
        other=name,
        disease=as_data(disease.name(language)),
        start=as_data(nodes[edge.start].name(language)),
        end=as_data(nodes[edge.end].name(language)),
    )
    return Fact("", phrase.fact, name, text, edge.id, (term_of(other),), *_standing(edge))


def _between(edge: SubgraphEdge, nodes: Mapping[str, SubgraphNode], language: str) -> Fact:
    """Return what an edge says about its two ends."""
    phrase = PHRASES[edge.kind]
    start, end = nodes[edge.start], nodes[edge.end]
    text = phrase.general[language].format(start=as_data(start.name(language)), end=as_data(end.name(language)))
    return Fact(
        "", phrase.fact, text.removesuffix("."), text, edge.id, (term_of(start), term_of(end)), *_standing(edge)
    )


def _standing(edge: SubgraphEdge) -> tuple[float | None, tuple[str, ...], str | None]:
    """Return the strength, the ids of the evidence and the typical dose that an edge has."""
    rank = EDGE_BY_TYPE[edge.kind].rank
    return edge.properties.get(rank) if rank else None, edge.evidence_ids, edge.properties.get("dose")


def _diagnosis(
    disease: SubgraphNode,
    coded: Sequence[SubgraphEdge],
    nodes: Mapping[str, SubgraphNode],
    naming: Naming,
    code: str | None,
) -> tuple[Fact, str | None]:
    name, term = as_data(naming.name(disease, DIAGNOSIS)), term_of(disease)
    if not coded:
        text = DIAGNOSIS_WITHOUT_CODE[naming.language].format(disease=name)
        return Fact("", DIAGNOSIS, name, text, None, (term,)), None
    # WHO ICD-10 before other systems, a category before its parts, and the code that was asked for before all.
    best = min(
        coded, key=lambda edge: (_local(edge.end) != code, not edge.end.startswith("ICD10:"), len(edge.end), edge.end)
    )
    icd10 = _local(nodes[best.end].id)
    text = PHRASES["CODED_AS"].about[naming.language].format(disease=name, other=icd10)
    # The code alone does not tell it: a small model puts the right code behind the wrong name.
    told = f"{name} ({icd10})" if naming.says_code(disease) else name
    return Fact("", DIAGNOSIS, told, text, best.id, (term,), None, best.evidence_ids), icd10


def _local(curie: str) -> str:
    return curie.partition(":")[2]

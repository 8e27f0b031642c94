"""Reads the pool in few questions, each about many diseases at once; none is asked for a single patient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from generator.errors import NothingToTell
from generator.patients.pool import Comorbidity, Illness, Link, Pool, limit_of
from generator.reading import Reading
from generator.source import Asks
from kg.query.names import code_of
from kg.subgraph import SubgraphEdge, SubgraphNode


async def read_pool(
    graph: Asks, codes: Sequence[str] | None, *, comorbidity: bool = True, subcodes: bool = False
) -> Pool:
    """Return all that patients with these ICD-10 codes are drawn from; None takes every disease that has a prior.

    With no prior in the whole graph every disease is taken. A code that no disease is recorded under stands for those
    recorded under its parts. `subcodes` reads the parts of the diseases' categories as well. Raises QueryError for a
    code that the graph does not know, NothingToTell for one without a disease, GraphChanged, StoreError.
    """
    reading = Reading(graph)
    by_code = await _all_diseases(reading) if codes is None else await _coded(reading, codes)
    mains = {disease for diseases in by_code.values() for disease in diseases}
    for role in ("codes", "symptoms", "drugs", "resembling", "contraindicated_drugs"):
        await reading.ask("disease", mains, role)
    lookalikes = {end for edge in reading.edges.values() if edge.kind == "RESEMBLES" for end in (edge.start, edge.end)}
    await reading.ask("disease", lookalikes - mains, "drugs")
    if subcodes:
        await reading.ask("disease", mains, "codes", "parts")
    if comorbidity:
        await reading.ask("disease", mains, "drugs", "contraindications")
        await reading.ask("disease", mains, "parents")
        await reading.ask("disease", mains, "children")
    others = {key for key, node in reading.nodes.items() if node.kind == "Disease"} - mains
    await reading.ask("disease", others, "codes")
    await reading.ask("disease", others, "contraindicated_drugs")
    drugs = {edge.start for edge in reading.edges.values() if edge.kind == "TREATS"}
    await reading.ask("drug", drugs, "side_effects")
    await reading.ask("drug", drugs, "interactions")
    return _pool(reading, by_code, drugs)


async def _all_diseases(reading: Reading) -> dict[str, tuple[str, ...]]:
    diseases = [node for node in await reading.graph.vocabulary() if node.kind == "Disease"]
    seen = [node for node in diseases if node.properties.get("prior") is not None] or diseases
    if not seen:
        raise NothingToTell("the graph has no diseases", hint="Load the shipped graph with `mkg load core`.")
    reading.nodes.update({node.id: node for node in seen})
    return {"": tuple(sorted(node.id for node in seen))}


async def _coded(reading: Reading, codes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    plain: dict[str, str] = {}
    for code in codes:
        known = code_of(code.strip().rpartition(":")[2])
        if known is None:
            raise NothingToTell(f"{code!r} is no ICD-10 code", hint="Codes look like J20 or J20.9.")
        plain[code] = known
    if not plain:
        raise NothingToTell("no code was named", hint="Name at least one, for instance --icd10 J20.")
    await reading.ask("icd", set(plain.values()), "diseases")
    found = _by_local_code(reading.edges.values())
    below: dict[str, tuple[str, ...]] = {}
    for code in set(plain.values()) - found.keys():
        parts = Reading(reading.graph)
        await parts.ask("icd", [code], "parts", "diseases", high=4)
        below[code] = tuple(sorted({edge.start for edge in parts.edges.values() if edge.kind == "CODED_AS"}))
        reading.nodes.update(parts.nodes)
        reading.questions += parts.questions
    empty = sorted(code for code, diseases in below.items() if not diseases)
    if empty:
        raise NothingToTell(
            f"the graph has no disease for {', '.join(empty)}",
            hint="Leave them out, or load a source that has them: `mkg load`.",
        )
    return {code: below.get(known) or found[known] for code, known in plain.items()}


def _by_local_code(edges: Iterable[SubgraphEdge]) -> dict[str, tuple[str, ...]]:
    """Return the diseases recorded under each code; WHO ICD-10 counts before ICD-10-CM."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for edge in edges:
        if edge.kind == "CODED_AS":
            system, _, local = edge.end.partition(":")
            found[local][system].add(edge.start)
    return {
        local: tuple(sorted(systems.get("ICD10") or next(iter(systems.values())))) for local, systems in found.items()
    }


def _is_subcode(edge: SubgraphEdge) -> bool:
    """Say whether a code is a sub-category (J20.1) of its category (J20), as MedSyn expands them."""
    return edge.start.partition(".")[0] == edge.end and len(edge.start) == len(edge.end) + len(".1")


def _pool(reading: Reading, by_code: dict[str, tuple[str, ...]], drugs: set[str]) -> Pool:
    nodes = reading.nodes
    starting: dict[tuple[str, str], list[SubgraphEdge]] = defaultdict(list)
    ending: dict[tuple[str, str], list[SubgraphEdge]] = defaultdict(list)
    for key in sorted(reading.edges):
        edge = reading.edges[key]
        starting[edge.kind, edge.start].append(edge)
        ending[edge.kind, edge.end].append(edge)

    def parts(code: str) -> tuple[Link, ...]:
        return tuple(Link(edge, nodes[edge.start]) for edge in ending["PART_OF", code] if _is_subcode(edge))

    def illness(disease: SubgraphNode) -> Illness:
        key = disease.id
        # As in a note: WHO ICD-10 before other systems, a category before its parts.
        coded = sorted(
            starting["CODED_AS", key], key=lambda edge: (not edge.end.startswith("ICD10:"), len(edge.end), edge.end)
        )
        code = coded[0] if coded else None
        alike = starting["RESEMBLES", key] + ending["RESEMBLES", key]
        kin = [edge.end for edge in starting["IS_A", key]] + [edge.start for edge in ending["IS_A", key]]
        treats = ending["TREATS", key]
        return Illness(
            node=disease,
            icd10=code.end.partition(":")[2] if code else None,
            code=code,
            limit=limit_of(disease, tuple(edge.end.partition(":")[2] for edge in coded)),
            prior=disease.properties.get("prior"),
            symptoms=tuple(Link(edge, nodes[edge.end]) for edge in starting["HAS_SYMPTOM", key]),
            drugs=tuple(Link(edge, nodes[edge.start]) for edge in treats),
            resembling=tuple(Link(edge, nodes[edge.start if edge.end == key else edge.end]) for edge in alike),
            comorbidities=tuple(
                Comorbidity(edge, forbidden, forbidden.end)
                for edge in treats
                for forbidden in starting["CONTRAINDICATED_FOR", edge.start]
                if forbidden.end != key
            ),
            forbidden=frozenset(edge.start for edge in ending["CONTRAINDICATED_FOR", key]),
            kin=frozenset(kin),
            subcodes=next(filter(None, (parts(edge.end) for edge in coded)), ()),
        )

    return Pool(
        by_code=by_code,
        illnesses={key: illness(node) for key, node in sorted(nodes.items()) if node.kind == "Disease"},
        effects={
            drug: tuple(Link(edge, nodes[edge.end]) for edge in starting["CAUSES", drug]) for drug in sorted(drugs)
        },
        interacting=frozenset(
            frozenset((edge.start, edge.end)) for edge in reading.edges.values() if edge.kind == "INTERACTS_WITH"
        ),
        release=reading.release or "",
        questions=reading.questions,
    )

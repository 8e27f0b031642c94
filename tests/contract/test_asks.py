"""The hand-written graph of the generator's tests answers a recipe's questions as the real one does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from generator.source import Asks
from kg.errors import UnknownName
from kg.graph import Graph
from kg.ledger import Draft
from kg.store import Address, Store
from kg.values import Edge, Evidence, Node
from tests.unit.generator.hand_graph import DISEASES, DRUGS, SYMPTOMS, HandGraph

pytestmark = [pytest.mark.neo4j, pytest.mark.anyio]

DISEASE = next(iter(DISEASES))
CODE, ENGLISH, RUSSIAN, _, WEIGHTS, GIVEN = DISEASES[DISEASE]


def records() -> list[Node | Edge]:
    """Return the hand-written graph as a source would tell it."""

    def said(**claims: object) -> tuple[Evidence, ...]:
        return (Evidence("hand", "1", "Apache-2.0", "tests", "tests", claims=claims),)

    found: list[Node | Edge] = []
    for kind, table in (("Symptom", SYMPTOMS), ("Drug", DRUGS)):
        found += [Node(kind, key, {"en": names[0], "ru": names[1]}) for key, names in table.items()]
    for key, (code, english, russian, properties, weights, drugs) in DISEASES.items():
        names = {"en": english, "ru": russian}
        found.append(Node("Disease", key, names, properties=properties))
        found.append(Node("IcdCode", f"ICD10:{code}", names, properties={"system": "ICD10", "level": "category"}))
        found.append(Edge("CODED_AS", key, f"ICD10:{code}", said()))
        found += [Edge("HAS_SYMPTOM", key, symptom, said(weight=weight)) for symptom, weight in weights.items()]
        found += [Edge("TREATS", drug, key, said(purpose="symptomatic")) for drug in drugs]
    return sorted(found, key=lambda record: isinstance(record, Edge))


@pytest.fixture(scope="module", params=["by hand", "real"])
async def graph(
    request: pytest.FixtureRequest, neo4j_address: Address, emptied: Callable[[Store], Awaitable[None]]
) -> AsyncIterator[Asks]:
    if request.param == "by hand":
        yield HandGraph()
        return
    async with Store.at(neo4j_address, deadline=60) as store:
        await emptied(store)
        real = Graph(store)
        await real.ledger.tell(Draft("import", "by hand", "tests", "hand"), records(), source="hand", last=True)
        yield real


@pytest.mark.parametrize("name", [DISEASE, CODE, ENGLISH, RUSSIAN])
async def test_a_disease_is_found_by_id_code_and_name(graph: Asks, name: str) -> None:
    found = await graph.subgraph(f'disease "{name}"')
    (disease,) = found.answer_nodes()
    assert (disease.id, disease.kind, dict(disease.names)) == (DISEASE, "Disease", {"en": ENGLISH, "ru": RUSSIAN})
    assert found.roots == (DISEASE,)


async def test_its_codes_hang_on_edges_that_start_at_it(graph: Asks) -> None:
    found = await graph.subgraph(f'disease "{DISEASE}" | codes')
    assert list(found.edges) == [f"{DISEASE}/CODED_AS/ICD10:{CODE}"]
    assert found.answer == (f"ICD10:{CODE}",)


async def test_a_draw_of_symptoms_repeats_with_its_seed(graph: Asks) -> None:
    def drawn(seed: int) -> str:
        return f'disease "{DISEASE}" | symptoms sample 2 by weight seed {seed} as complaints'

    first, again = await graph.subgraph(drawn(3)), await graph.subgraph(drawn(3))
    assert first.answer == again.answer
    assert len(set(first.answer)) == 2
    assert set(first.answer) <= set(WEIGHTS)
    assert {edge.end: edge.properties["weight"] for edge in first.edges.values()} == {
        symptom: WEIGHTS[symptom] for symptom in first.answer
    }
    assert set(first.nodes) == {DISEASE, *first.answer}
    assert len({(await graph.subgraph(drawn(seed))).answer for seed in range(12)}) > 1


async def test_drugs_come_by_edges_that_end_at_it(graph: Asks) -> None:
    found = await graph.subgraph(f'disease "{DISEASE}" | drugs top 2')
    assert set(found.answer) <= set(GIVEN)
    assert len(found.answer) == min(2, len(GIVEN))
    assert all((edge.kind, edge.end) == ("TREATS", DISEASE) for edge in found.edges.values())


async def test_every_answer_tells_the_same_release_and_evidence(graph: Asks) -> None:
    answers = [await graph.subgraph(f'disease "{DISEASE}" | {role}') for role in ("codes", "symptoms", "drugs")]
    assert len({answer.release for answer in answers}) == 1
    assert answers[0].release.startswith("CS:")
    assert all(edge.evidence_ids and edge.sources == ("hand",) for a in answers for edge in a.edges.values())


async def test_the_vocabulary_holds_every_name(graph: Asks) -> None:
    known = {node.id: node.name() for node in await graph.vocabulary()}
    assert known == {key: row[1] for key, row in DISEASES.items()} | {
        key: row[0] for key, row in {**SYMPTOMS, **DRUGS}.items()
    }


async def test_an_unknown_name_is_refused_with_a_hint(graph: Asks) -> None:
    with pytest.raises(UnknownName) as caught:
        await graph.subgraph('disease "no such thing"')
    assert caught.value.hint

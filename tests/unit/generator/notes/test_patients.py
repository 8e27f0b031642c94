"""A note for each patient tells what the patient's row says, on the row's own edges, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.errors import GraphChanged, RowsInvalid
from generator.notes import Target, write_notes
from generator.notes.patients import order_of_patients
from generator.patients.demography import Demography
from generator.patients.draw import Options
from generator.patients.order import Order, Part
from generator.patients.population import read_population
from generator.patients.run import generate_patients
from generator.prompt import Prompt, Sampling
from generator.recipe import find_recipe
from kg.subgraph import SubgraphNode
from tests.unit.generator.patients import core_asks

pytestmark = pytest.mark.anyio
CODES = ("J20", "I10", "E11", "J45")


class Echo:
    """Says the sentences that it is given, and keeps its prompts."""

    name, fingerprint, width = "echo", "f00d", 3

    def __init__(self) -> None:
        self.prompts: list[Prompt] = []

    def generate(self, prompts: Sequence[Prompt], seeds: Sequence[int], options: Sampling) -> list[str]:
        self.prompts += prompts
        return [prompt.messages[-1].content.replace("\n", ". ") + "." for prompt in prompts]


@pytest.fixture(scope="module")
def graph() -> core_asks.Asked:
    return core_asks.core()


@pytest.fixture
async def patients(graph: core_asks.Asked, tmp_path: Path) -> Path:
    out = tmp_path / "patients.jsonl"
    order = Order((Part(CODES, 14),), 3, ("en", "ru"), Options(comorbidity=0.6, lookalike=0.4), table=False)
    await generate_patients(graph, Demography(read_population("ru"), 16, 90), order, out)
    return out


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def rewrite(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


async def noted(graph: core_asks.Asked, patients: Path, recipe: str, out: Path) -> tuple[Echo, list[dict[str, Any]]]:
    model, cooked = Echo(), find_recipe(recipe)
    await write_notes(graph, model, cooked, await order_of_patients(graph, patients, cooked), 7, Target(out))
    return model, rows_of(out)


@pytest.mark.parametrize(("recipe", "language"), [("outpatient-en", "en"), ("outpatient-ru", "ru")])
async def test_each_patient_has_a_note_that_is_given_the_facts_of_its_row(
    graph: core_asks.Asked, patients: Path, tmp_path: Path, recipe: str, language: str
) -> None:
    asked = len(graph.questions)
    _, notes = await noted(graph, patients, recipe, tmp_path / "notes.jsonl")
    given = rows_of(patients)
    assert [note["patient"]["id"] for note in notes] == [row["id"] for row in given]
    for note, row in zip(notes, given, strict=True):
        assert (note["disease_id"], note["icd10"], note["graph_release"]) == (
            row["disease_id"], row["icd10"], row["graph_release"],
        )  # fmt: skip
        assert {key: note["patient"][key] for key in ("age", "sex", "smoker", "marital_state", "pregnant")} == {
            key: row["patient"][key] for key in ("age", "sex", "smoker", "marital_state", "pregnant")
        }
        by_edge = {fact["edge_id"]: fact for fact in row["facts"]}
        assert {fact["edge_id"] for fact in note["facts"]} <= by_edge.keys()
        assert all(fact["evidence_ids"] == by_edge[fact["edge_id"]]["evidence_ids"] for fact in note["facts"])
        assert note["symptoms"] == [symptom["names"][language] for symptom in row["symptoms"]]
        drugs = [fact["term_ids"] for fact in note["facts"] if fact["kind"] == "drug"]
        assert drugs == [[drug["id"]] for drug in row["drugs"]]
        assert sum(fact["kind"] == "side_effect" for fact in note["facts"]) == len(row["side_effects"])
        assert sum(fact["kind"] == "history" for fact in note["facts"]) == len(row["diseases"]) - 1
        if language == "en":
            same = [fact for fact in note["facts"] if fact["kind"] in ("symptom", "drug")]
            assert all(fact["text"] == by_edge[fact["edge_id"]]["text"] for fact in same)
        assert note["question"] == row["question"]
    # One question says where the graph stands; the rows say the rest.
    assert len(graph.questions) == asked + 1


async def test_the_prompt_tells_how_the_patient_lives(graph: core_asks.Asked, patients: Path, tmp_path: Path) -> None:
    model, notes = await noted(graph, patients, "outpatient-en", tmp_path / "notes.jsonl")
    for prompt, note in zip(model.prompts, notes, strict=False):
        told = prompt.messages[-1].content
        assert ("smokes" in told) == note["patient"]["smoker"]
        assert ("pregnant" in told) == note["patient"]["pregnant"]
        assert str(note["patient"]["age"]) in told
    assert any("married" in prompt.messages[-1].content for prompt in model.prompts)


async def test_a_hidden_diagnosis_is_kept_from_the_note_of_a_patient_too(
    graph: core_asks.Asked, patients: Path, tmp_path: Path
) -> None:
    model, notes = await noted(graph, patients, "outpatient-en+hidden+bare", tmp_path / "notes.jsonl")
    names = {row["disease_id"]: row["diseases"][0]["names"]["en"] for row in rows_of(patients)}
    for prompt, note in zip(model.prompts, notes, strict=False):
        assert names[note["disease_id"]].lower() not in prompt.messages[-1].content.lower()
        assert note["withheld"]


async def test_what_a_recipe_asks_beyond_the_patient_is_asked_of_the_graph(
    graph: core_asks.Asked, patients: Path, tmp_path: Path
) -> None:
    own = tmp_path / "warned-en.recipe"
    own.write_text(
        "---\nid: warned-en\nversion: 1\nextends: note-en\nabout: With what must not be given.\nquestions:\n"
        "  forbidden: disease $disease | contraindicated_drugs top 2\n---\n"
    )
    _, notes = await noted(graph, patients, str(own), tmp_path / "notes.jsonl")
    told = [fact for note in notes for fact in note["facts"] if fact["kind"] == "contraindication"]
    assert told
    assert all("forbidden" in note["question"] for note in notes)


async def test_the_same_patients_give_the_same_notes_and_others_are_another_run(
    graph: core_asks.Asked, patients: Path, tmp_path: Path
) -> None:
    await noted(graph, patients, "outpatient-en", tmp_path / "a.jsonl")
    await noted(graph, patients, "outpatient-en", tmp_path / "b.jsonl")
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "has no patients"),
        (b'{"id": "NOTE:1"}\n', "the row is no patient: "),
        (b"\xff\n", "the row is no patient"),
    ],
)
async def test_what_is_no_patient_is_refused_with_its_place(
    graph: core_asks.Asked, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "patients.jsonl"
    path.write_bytes(content)
    with pytest.raises(RowsInvalid, match=message) as refused:
        await order_of_patients(graph, path, find_recipe("outpatient-en"))
    assert str(path) in str(refused.value.place)


async def test_patients_of_another_state_of_the_graph_are_refused(graph: core_asks.Asked, patients: Path) -> None:
    rewrite(patients, [row | {"graph_release": "CS:older"} for row in rows_of(patients)])
    with pytest.raises(GraphChanged, match="were drawn from CS:older"):
        await order_of_patients(graph, patients, find_recipe("outpatient-en"))


async def test_what_neither_the_row_nor_the_graph_has_a_name_for_is_refused(
    graph: core_asks.Asked, patients: Path, tmp_path: Path
) -> None:
    rows = rows_of(patients)
    for row in rows:
        for item in (*row["diseases"], *row["symptoms"], *row["drugs"], *row["side_effects"]):
            del item["names"]["ru"]
    rewrite(patients, rows)
    diseases = {key: node for key, node in graph.nodes.items() if node.kind == "Disease"}
    for nodes, message in ((diseases, "there is no name of"), ({}, "the graph has no disease")):
        poorer = replace(graph, questions=[])

        async def vocabulary(known: dict[str, SubgraphNode] = nodes) -> list[SubgraphNode]:
            return list(known.values())

        object.__setattr__(poorer, "vocabulary", vocabulary)
        with pytest.raises(RowsInvalid, match=message):
            await noted(poorer, patients, "outpatient-ru", tmp_path / "notes.jsonl")

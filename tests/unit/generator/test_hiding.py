"""A hidden diagnosis stays with the row and reaches neither prompt nor note."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from generator.errors import NothingToTell
from generator.facts import Fact, FactSheet
from generator.hiding import without_diagnosis
from generator.linking.mentions import mentions
from generator.linking.vocabulary import Term, Vocabulary
from generator.linking.words import words_of
from generator.notes import find_subject, generate_notes, prepare
from generator.prompt import Prompt, Sampling
from generator.recipe import find_recipe

DISEASE = Term("DOID:1", "Disease", ("acute bronchitis", "острый бронхит", "chest cold"))


def fact(kind: str, name: str, *ids: str, text: str = "") -> Fact:
    terms = tuple(Term(term_id, "Symptom", (name,)) for term_id in ids)
    return Fact("F0", kind, name, text or f"{name}.", f"edge {name}", terms)


def sheet(*facts: Fact, dropped: tuple[Fact, ...] = ()) -> FactSheet:
    return FactSheet("DOID:1", "J20", (fact("diagnosis", "acute bronchitis (J20)", "DOID:1"), *facts), dropped)


def test_whatever_names_the_disease_is_withheld_and_the_rest_is_numbered_anew() -> None:
    found = without_diagnosis(
        sheet(
            fact("symptom", "cough", "T:1"),
            fact("broader", "acute bronchitis is a kind of bronchitis", "DOID:1", "DOID:2"),
            fact("symptom", "cough of острого бронхита", "T:2"),
            fact("resembling", "pneumonia", "DOID:3", text="Pneumonia resembles a chest cold."),
            fact("code_group", "lies within J20"),
            fact("drug", "aspirin", "D:1"),
            dropped=(fact("symptom", "chest colds", "T:3"), fact("symptom", "fever", "T:4")),
        ),
        DISEASE,
    )
    assert [(kept.id, kept.name) for kept in found.facts] == [("F1", "cough"), ("F2", "aspirin")]
    assert [kept.name for kept in found.dropped] == ["fever"]
    assert len(found.withheld) == 6
    assert found.withheld[0].kind == "diagnosis"
    assert found.icd10 == "J20"


def test_nothing_left_to_tell_is_refused() -> None:
    with pytest.raises(NothingToTell, match="names the diagnosis of DOID:1"):
        without_diagnosis(sheet(), DISEASE)


class Gossip:
    """A model that tells the diagnosis at every other try."""

    name, fingerprint, width = "gossip", "f00d", 1

    def __init__(self, text: str) -> None:
        self.text = text
        self.prompts: list[Prompt] = []

    def generate(self, prompts: list[Prompt], seeds: list[int], options: Sampling) -> list[str]:
        self.prompts += prompts
        return [self.text for _ in prompts]


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("kind", ["outpatient", "emergency", "follow-up", "discharge"])
@pytest.mark.parametrize("language", ["en", "ru"])
async def test_no_prompt_names_a_hidden_disease_or_its_code(hand: ModuleType, kind: str, language: str) -> None:
    recipe = find_recipe(f"{kind}-{language}+hidden")
    graph = hand.HandGraph()
    for code, english, russian, *_ in hand.DISEASES.values():
        subject = await find_subject(graph, code)
        own = Vocabulary([Term("X:1", "Disease", (english, russian))])
        for index in range(4):
            ready = await prepare(graph, recipe, subject, index, 7, None)
            assert ready.icd10 is None
            assert ready.sheet.icd10 == code
            assert ready.sheet.withheld[0].edge_id == f"{subject.disease.id}/CODED_AS/ICD10:{code}"
            assert len(ready.examples) == 2
            text = "\n".join(message.content for message in ready.prompt.messages)
            assert code not in text
            assert [text[at.start : at.end] for at in mentions(words_of(text), own)] == []
            assert not any(line.startswith(("Diagnosis:", "Диагноз:")) for line in text.splitlines())


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("said", ["Acute bronchitis it is, plainly.", "This is called code J20 today, plainly."])
async def test_a_note_that_names_a_hidden_diagnosis_is_rejected(hand: ModuleType, tmp_path: Path, said: str) -> None:
    recipe = find_recipe("outpatient-en+hidden+bare")
    await generate_notes(hand.HandGraph(), Gossip(said), recipe, ["J20"], 1, 7, tmp_path / "n")
    row = json.loads((tmp_path / "n").read_text())
    assert (row["status"], row["hidden"], row["icd10"]) == ("rejected", True, "J20")
    assert row["recipe"] == "outpatient-en+bare+hidden@3"
    assert row["recipe_hash"] == recipe.hash
    assert [held["kind"] for held in row["withheld"]] == ["diagnosis"]
    assert "diagnosis" not in {told["kind"] for told in row["facts"]}


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_note_is_completed_without_the_hidden_diagnosis(hand: ModuleType, tmp_path: Path) -> None:
    recipe = find_recipe("outpatient-en+hidden+bare")
    model = Gossip("A patient was seen in the clinic this morning.")
    await generate_notes(hand.HandGraph(), model, recipe, ["J20"], 1, 7, tmp_path / "n")
    row = json.loads((tmp_path / "n").read_text())
    assert row["status"] == "completed"
    assert row["completed"] == [told["id"] for told in row["facts"]]
    assert "bronchitis" not in row["text"].lower()
    assert "acute bronchitis" in model.prompts[0].blocked

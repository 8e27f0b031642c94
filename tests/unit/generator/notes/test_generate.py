"""From a code to rows, with a model that only fills in a sentence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import GraphChanged, ModelUnavailable, NothingToTell, OutputRefused
from generator.linking.vocabulary import Vocabulary
from generator.notes import Summary, find_subject, generate_notes, subjects_of, whole_sentences, write_note
from generator.prompt import Prompt
from generator.recipe import find_recipe
from kg.errors import AmbiguousName, UnknownName
from tests.unit.generator.scribe import Scribe, retold
from tests.unit.generator.scribe import given as given_to

pytestmark = pytest.mark.anyio
RECIPE = find_recipe("outpatient-en")
CODES = ["J20", "E11", "G43"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def run(graph: Any, out: Path, model: Scribe | None = None, **also: Any) -> Summary:
    asked: dict[str, Any] = {"codes": CODES, "count": 2, "seed": 7} | also
    codes, count, seed = asked.pop("codes"), asked.pop("count"), asked.pop("seed")
    return await generate_notes(graph, model or Scribe(), RECIPE, codes, count, seed, out, **asked)


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


async def test_a_row_tells_its_facts_with_their_edges_and_how_it_was_made(graph: Any, tmp_path: Path) -> None:
    summary = await run(graph, tmp_path / "notes.jsonl")
    rows = rows_of(tmp_path / "notes.jsonl")
    assert (summary.rows, summary.passed, summary.rejected, summary.completed) == (6, 6, 0, 0)
    row = rows[0]
    assert (row["icd10"], row["disease_id"], row["language"], row["graph_release"]) == ("J20", "DOID:1", "en", "CS:1")
    assert row["facts"][0]["edge_id"] == "DOID:1/CODED_AS/ICD10:J20"
    assert {fact["kind"] for fact in row["facts"]} == {"diagnosis", "symptom", "drug"}
    assert all(fact["told"] for fact in row["facts"])
    assert row["check"]["passed"]
    assert row["check"]["invented"] == row["check"]["missed"] == []
    assert row["recipe_hash"] == RECIPE.hash
    assert (row["model"], row["model_fingerprint"]) == ("scribe", "f00d")
    assert row["status"] == "accepted"
    assert len(row["example_ids"]) == 2
    assert row["prior"] == "symptoms and example"
    assert row["response"] == row["text"]
    assert row["question"]["symptoms"] in graph.asked
    start, end = row["check"]["spans"]["F1"]
    assert row["text"][start:end] == "acute bronchitis"
    assert len({row["id"] for row in rows}) == 6


async def test_the_prompt_holds_rules_examples_as_turns_and_the_facts_last(graph: Any, tmp_path: Path) -> None:
    await run(graph, tmp_path / "notes.jsonl", codes=["J20"], count=1)
    (row,) = rows_of(tmp_path / "notes.jsonl")
    assert [turn["role"] for turn in row["prompt"]] == ["system", "user", "assistant", "user", "assistant", "user"]
    assert "Diagnosis: acute bronchitis" in row["prompt"][-1]["content"]


async def test_the_same_run_gives_the_same_bytes_and_another_seed_others(hand: ModuleType, tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        await run(hand.HandGraph(), tmp_path / name, seed=seed)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() != (tmp_path / "c").read_bytes()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([(code, index) for code in CODES for index in range(2)]), seed=st.integers(0, 2**31))
async def test_a_row_does_not_depend_on_the_rows_before_it(
    hand: ModuleType, order: list[tuple[str, int]], seed: int
) -> None:
    graph = hand.HandGraph()
    vocabulary = Vocabulary.of(await graph.vocabulary())

    async def row(model: Scribe, code: str, index: int) -> dict[str, Any]:
        return await write_note(graph, model, RECIPE, await find_subject(graph, code), index, seed, vocabulary)

    in_a_row = Scribe(lambda prompt, seed: f"{retold(prompt, seed)} Seen {seed}.")
    for code, index in order:
        assert await row(in_a_row, code, index) == await row(Scribe(in_a_row.write), code, index)


async def test_a_note_that_fails_is_written_again_with_another_seed(graph: Any, tmp_path: Path) -> None:
    texts = iter(["Aspirin for all of them today.", "I'm sorry, there is no note."])
    model = Scribe(lambda prompt, seed: next(texts, None) or retold(prompt, seed))
    await run(graph, tmp_path / "notes.jsonl", model, codes=["J20"], count=1)
    (row,) = rows_of(tmp_path / "notes.jsonl")
    assert (row["status"], row["attempts"], row["attempt"]) == ("accepted", 3, 2)
    assert len(set(model.seeds)) == 3


async def test_what_the_model_left_out_is_said_in_plain_sentences_and_marked(graph: Any, tmp_path: Path) -> None:
    model = Scribe(lambda prompt, seed: "The diagnosis is acute bronchitis (J20) in this patient.")
    summary = await run(graph, tmp_path / "notes.jsonl", model, codes=["J20"], count=1)
    (row,) = rows_of(tmp_path / "notes.jsonl")
    assert row["status"] == "completed"
    assert row["completed"] == [fact["id"] for fact in row["facts"] if fact["kind"] != "diagnosis"]
    assert row["text"].startswith(row["response"])
    assert "The patient is given paracetamol." in row["text"]
    assert row["model_check"]["told"] == ["F1"]
    assert row["check"]["passed"]
    assert (summary.told, summary.told_by_model) == (len(row["facts"]), 1)


async def test_a_note_that_invents_is_kept_as_rejected_with_the_reason(graph: Any, tmp_path: Path) -> None:
    model = Scribe(lambda prompt, seed: f"{retold(prompt, seed)} Aspirin is given as well.")
    summary = await run(graph, tmp_path / "notes.jsonl", model, codes=["J20"], count=1)
    (row,) = rows_of(tmp_path / "notes.jsonl")
    assert (row["status"], row["reason"]) == ("rejected", "invented 'Aspirin'")
    assert row["check"]["passed"] is False
    assert row["check"]["invented"][0]["term_ids"] == ["D:aspirin"]
    assert (summary.rows, summary.passed, summary.rejected, summary.invented) == (1, 0, 1, 1)


async def test_what_is_copied_from_an_example_is_invented_though_the_graph_does_not_know_it(
    graph: Any, tmp_path: Path
) -> None:
    def copy(prompt: Prompt, seed: int) -> str:
        return prompt.messages[2].content

    await run(graph, tmp_path / "notes.jsonl", Scribe(copy), codes=["J20"], count=1)
    (row,) = rows_of(tmp_path / "notes.jsonl")
    assert row["status"] == "rejected"
    invented = {term for item in row["check"]["invented"] for term in item["term_ids"]}
    assert any(term.startswith(f"EXAMPLE:{row['example_ids'][0]}") for term in invented)


async def test_the_right_code_behind_the_wrong_name_does_not_tell_the_diagnosis(graph: Any, tmp_path: Path) -> None:
    model = Scribe(lambda prompt, seed: retold(prompt, seed).replace("acute bronchitis", "a chest illness"))
    await run(graph, tmp_path / "notes.jsonl", model, codes=["J20"], count=1)
    (row,) = rows_of(tmp_path / "notes.jsonl")
    assert "F1" in row["model_check"]["missed"]
    assert row["completed"] == ["F1"]


async def test_a_fact_that_the_model_denies_is_not_papered_over(graph: Any, tmp_path: Path) -> None:
    def deny(prompt: Prompt, seed: int) -> str:
        return f"No {given_to(prompt)['Complaints'].split(', ')[0]} today. The diagnosis is allergic rhinitis (J30)."

    model = Scribe(deny)
    await run(graph, tmp_path / "notes.jsonl", model, codes=["J30"], count=1)
    (row,) = rows_of(tmp_path / "notes.jsonl")
    assert row["status"] == "rejected"
    assert row["completed"] == []


async def test_the_patient_fits_the_disease(graph: Any, tmp_path: Path) -> None:
    await run(graph, tmp_path / "notes.jsonl", codes=["N40"], count=20)
    rows = rows_of(tmp_path / "notes.jsonl")
    assert {row["patient"]["sex"] for row in rows} == {"male"}
    assert min(row["patient"]["age"] for row in rows) >= 50


async def test_the_model_is_told_which_names_it_must_not_write(graph: Any, tmp_path: Path) -> None:
    seen: list[Prompt] = []
    model = Scribe(lambda prompt, seed: seen.append(prompt) or retold(prompt, seed))
    await run(graph, tmp_path / "notes.jsonl", model, codes=["M10"], count=1)
    blocked = set(seen[0].blocked)
    assert {"aspirin", "migraine", "headache"} <= blocked
    # "pain" stands in the given "joint pain" whenever that was drawn.
    assert ("pain" in blocked) is ("joint pain" not in seen[0].messages[-1].content)
    assert "gout" not in blocked


@pytest.mark.parametrize("after", range(6))
async def test_a_run_that_was_cut_off_goes_on_and_ends_in_the_same_bytes(
    hand: ModuleType, tmp_path: Path, after: int
) -> None:
    await run(hand.HandGraph(), tmp_path / "whole")
    with pytest.raises(ModelUnavailable):
        await run(hand.HandGraph(), tmp_path / "cut", Scribe(stop_after=after))
    assert not (tmp_path / "cut").exists()
    model = Scribe()
    summary = await run(hand.HandGraph(), tmp_path / "cut", model)
    assert summary.resumed == after
    assert len(model.seeds) == 6 - after
    assert (tmp_path / "cut").read_bytes() == (tmp_path / "whole").read_bytes()
    cut, whole = (json.loads((tmp_path / f"{name}.manifest.json").read_text()) for name in ("cut", "whole"))
    assert cut | {"seconds": 0} == whole | {"seconds": 0}
    assert whole["seconds"] > 0


async def test_the_same_run_again_writes_nothing_and_another_run_is_refused(hand: ModuleType, tmp_path: Path) -> None:
    out = tmp_path / "notes.jsonl"
    first = await run(hand.HandGraph(), out)
    model = Scribe()
    again = await run(hand.HandGraph(), out, model)
    assert (again.reused, again.rows, again.told) == (True, first.rows, first.told)
    assert model.seeds == []
    with pytest.raises(OutputRefused, match="its seed differ"):
        await run(hand.HandGraph(), out, seed=8)
    await run(hand.HandGraph(), out, seed=8, overwrite=True)


async def test_a_graph_that_changes_in_the_middle_stops_the_run(graph: Any, tmp_path: Path) -> None:
    def write(prompt: Prompt, seed: int) -> str:
        graph.release = "CS:2"
        return retold(prompt, seed)

    with pytest.raises(GraphChanged, match="from CS:1 to CS:2"):
        await run(graph, tmp_path / "notes.jsonl", Scribe(write))
    assert not (tmp_path / "notes.jsonl").exists()


async def test_an_unknown_code_is_refused_before_a_file_is_begun(graph: Any, tmp_path: Path) -> None:
    with pytest.raises(UnknownName):
        await run(graph, tmp_path / "notes.jsonl", codes=["J20", "Q99"])
    with pytest.raises(NothingToTell):
        await run(graph, tmp_path / "notes.jsonl", codes=[])
    assert not list(tmp_path.iterdir())  # noqa: ASYNC240


async def test_a_code_of_several_diseases_is_refused_with_the_candidates_or_stands_for_all(hand: ModuleType) -> None:
    one, two = (hand.node(f"DOID:{n}", "Disease", f"disease {n}", "") for n in (1, 2))

    class Two:
        """Refuses the code as the real graph does, and answers by ids."""

        async def subgraph(self, question: str) -> Any:
            if "J20" in question:
                raise AmbiguousName("several", candidates=((two.id, "disease 2"), (one.id, "disease 1")))
            assert question == f'disease "{one.id}", "{two.id}"'
            found = hand.subgraph(question, one, [], "CS:1")
            return type(found)(question, {one.id: one, two.id: two}, {}, (), (), (one.id, two.id), {}, (), "CS:1")

        async def vocabulary(self) -> tuple[Any, ...]:
            return ()

    with pytest.raises(AmbiguousName):
        await subjects_of(Two(), "J20", share_out=False)
    with pytest.raises(AmbiguousName) as caught:
        await find_subject(Two(), "J20")
    assert sorted(caught.value.candidates) == [("DOID:1", "disease 1"), ("DOID:2", "disease 2")]
    found = await subjects_of(Two(), "J20", share_out=True)
    assert [(subject.code, subject.disease.id) for subject in found] == [("J20", "DOID:1"), ("J20", "DOID:2")]


async def test_progress_is_told_after_each_row(graph: Any, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    await run(graph, tmp_path / "notes.jsonl", progress=lambda done, total, row: seen.append((done, total)))
    assert seen == [(done, 6) for done in range(1, 7)]


async def one_row(hand: ModuleType, model: Scribe, hear: Callable[[int, str], None] | None) -> dict[str, Any]:
    graph = hand.HandGraph()
    vocabulary = Vocabulary.of(await graph.vocabulary())
    return await write_note(graph, model, RECIPE, await find_subject(graph, "J20"), 0, 7, vocabulary, hear)


async def test_what_is_heard_adds_up_to_each_attempt_and_changes_nothing(hand: ModuleType) -> None:
    def script() -> Scribe:
        texts = iter(["Aspirin for all of them today."])
        return Scribe(lambda prompt, seed: next(texts, None) or retold(prompt, seed))

    heard: dict[int, str] = {}
    row = await one_row(hand, script(), lambda attempt, piece: heard.update({attempt: heard.get(attempt, "") + piece}))
    assert row == await one_row(hand, script(), None)
    assert heard == {0: "Aspirin for all of them today.", 1: row["response"]}
    assert row["attempt"] == 1


async def test_a_task_that_is_cancelled_stops_the_model_within_a_piece(hand: ModuleType) -> None:
    heard: list[str] = []
    model = Scribe(lambda prompt, seed: "word " * 1000, slow=True)
    task = asyncio.create_task(one_row(hand, model, lambda attempt, piece: heard.append(piece)))
    await asyncio.to_thread(model.told.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    at_the_end = len(heard)
    await asyncio.sleep(0.2)
    assert len(heard) <= at_the_end + 1 < 1000


@pytest.mark.parametrize(
    ("response", "text"),
    [
        ("One. Two. Thr", "One. Two."),
        ("One.\n\nTwo!", "One. Two!"),
        ("Temperature 38.5 and", "Temperature 38.5 and"),
        ("He said «да.» И", "He said «да.»"),
        ("", ""),
    ],
)
def test_a_sentence_that_was_cut_off_is_left_out(response: str, text: str) -> None:
    assert whole_sentences(response) == text


@pytest.mark.parametrize(
    ("response", "text"),
    [
        ("Complaints:  cough.\n\nPlan: rest.\n", "Complaints: cough.\nPlan: rest."),
        ("Complaints: cough.\nPlan: re", "Complaints: cough."),
        ("Complaints: cough\nPlan: rest", "Complaints: cough\nPlan: rest"),
        ("Complaints: cough\nSeen today. Plan: rest", "Complaints: cough\nSeen today. Plan: rest"),
        ("", ""),
    ],
)
def test_lines_are_kept_where_the_style_has_lines(response: str, text: str) -> None:
    assert whole_sentences(response, lines=True) == text


async def test_no_two_rows_of_a_run_in_a_row_are_shown_the_same_example(graph: Any, tmp_path: Path) -> None:
    await run(graph, tmp_path / "one-each", codes=["J20", "E11", "G43", "I10", "J30"], count=1)
    await run(graph, tmp_path / "three-each", codes=["J20", "E11"], count=3)
    for name in ("one-each", "three-each"):
        rows = rows_of(tmp_path / name)
        for before, after in pairwise(rows):
            assert before["example_ids"]
            assert not set(before["example_ids"]) & set(after["example_ids"])

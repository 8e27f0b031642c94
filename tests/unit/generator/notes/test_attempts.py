"""First try, another seed, a hint what to mend, a plain sentence, or rejected: each step is told in the row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.prompt import Prompt
from generator.recipe import find_recipe
from tests.unit.generator.notes.conftest import Written
from tests.unit.generator.scribe import Scribe, is_repair, retold

pytestmark = pytest.mark.anyio
WRONG = " Aspirin is given as well."


async def test_a_note_that_passes_at_once_is_of_the_first_step(written: Written) -> None:
    summary, (row,) = await written(Scribe())
    assert (row["status"], row["step"], row["attempts"], row["mend"]) == ("accepted", "first", 1, None)
    assert summary.by_step == {"first": 1, "retry": 0, "repair": 0, "completed": 0, "rejected": 0}


async def test_a_second_try_is_told_as_such_and_ends_the_trying(written: Written) -> None:
    texts = iter(["Nothing to see here, said the doctor."])
    model = Scribe(lambda prompt, seed: next(texts, None) or retold(prompt, seed))
    _, (row,) = await written(model)
    assert (row["status"], row["step"], row["attempts"], row["attempt"]) == ("accepted", "retry", 2, 1)


async def test_a_model_that_is_told_what_to_mend_mends_it_and_the_row_says_so(written: Written) -> None:
    model = Scribe(lambda prompt, seed: retold(prompt, seed) + ("" if is_repair(prompt) else WRONG))
    summary, (row,) = await written(model)
    assert (row["status"], row["step"], row["attempts"], row["attempt"]) == ("repaired", "repair", 6, 5)
    assert row["mend"].splitlines()[1:] == ["Leave out what was not given: Aspirin."]
    assert row["check"]["passed"]
    assert (summary.passed, summary.repaired, summary.by_step["repair"]) == (1, 1, 1)
    assert len(set(model.seeds)) == 6


async def test_the_model_is_shown_the_best_of_what_it_wrote(written: Written) -> None:
    seen: list[str] = []

    def write(prompt: Prompt, seed: int) -> str:
        if is_repair(prompt):
            seen.append(prompt.messages[-2].content)
        return f"{retold(prompt, seed)}{WRONG}" if len(model.seeds) == 2 else "Aspirin and metformin for all of them."

    model = Scribe(write)
    await written(model)
    assert len(seen) == 1
    assert seen[0].endswith(WRONG)


async def test_what_is_missing_after_all_is_said_in_plain_sentences(written: Written) -> None:
    model = Scribe(lambda prompt, seed: "The diagnosis is acute bronchitis in this patient.")
    _, (row,) = await written(model)
    assert (row["status"], row["step"]) == ("completed", "completed")
    assert row["mend"].splitlines()[1].startswith("Name what is missing: ")
    assert row["attempts"] == 6


async def test_what_no_step_helps_is_rejected_with_the_reason(written: Written) -> None:
    summary, (row,) = await written(Scribe(lambda prompt, seed: retold(prompt, seed) + WRONG))
    assert (row["status"], row["step"], row["reason"]) == ("rejected", "rejected", "invented 'Aspirin'")
    assert row["mend"] is not None
    assert summary.rejected == 1


async def test_a_word_that_stands_nowhere_is_mended_unless_the_recipe_lets_it_pass(
    written: Written, tmp_path: Path
) -> None:
    model = Scribe(lambda prompt, seed: retold(prompt, seed) + ("" if is_repair(prompt) else " Artemism was given."))
    _, (row,) = await written(model)
    assert (row["status"], row["step"]) == ("repaired", "repair")
    assert row["mend"].splitlines()[1:] == [
        "Use words that people know, and names as they are given; leave out: Artemism."
    ]
    own = tmp_path / "free-en.recipe"
    own.write_text(
        "---\nid: free-en\nversion: 1\nextends: note-en\nabout: Any words.\noptions: {known_words: false}\n---\n"
    )
    _, (row,) = await written(model, cooked=find_recipe(str(own)), name="free.jsonl")
    assert (row["status"], row["step"]) == ("accepted", "first")


async def test_a_recipe_may_do_without_repair(written: Written, tmp_path: Path) -> None:
    own = tmp_path / "curt-en.recipe"
    own.write_text(
        "---\nid: curt-en\nversion: 1\nextends: note-en\nabout: Without repair.\noptions: {repair: false}\n---\n"
    )
    model = Scribe(lambda prompt, seed: retold(prompt, seed) + WRONG)
    _, (row,) = await written(model, cooked=find_recipe(str(own)))
    assert (row["attempts"], row["mend"], row["status"]) == (5, None, "rejected")


async def test_a_text_without_a_word_is_not_mended(written: Written) -> None:
    model = Scribe(lambda prompt, seed: "")
    _, (row,) = await written(model)
    assert (row["attempts"], row["mend"]) == (5, None)


@pytest.mark.parametrize("width", [1, 2, 3, 8])
async def test_all_steps_go_side_by_side_and_the_rows_are_the_same(written: Written, width: int) -> None:
    def writer() -> Callable[[Prompt, int], str]:
        tries: Counter[str] = Counter()

        def write(prompt: Prompt, seed: int) -> str:
            """Fail from no to three times, as the length of the facts has it."""
            told = prompt.messages[-1].content
            tries[told] += 1
            return retold(prompt, seed) + ("" if tries[told] > len(told) % 4 or is_repair(prompt) else WRONG)

        return write

    parts = (("J20", 4), ("E11", 3))
    model = Scribe(writer(), width=width)
    _, rows = await written(model, parts, name=f"wide-{width}.jsonl")
    _, alone = await written(Scribe(writer()), parts, name=f"alone-{width}.jsonl")
    assert rows == alone
    assert {row["step"] for row in rows} > {"first"}
    assert max(model.batches) == min(width, 7)
    # As many texts are asked for as attempts were made: whoever has passed is not asked again.
    assert len(model.seeds) == sum(row["attempts"] for row in rows)

"""What is read out of free answers, and what happens with those that say nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from generator.instructions.answers import read_answers, read_nli, read_option, read_yes_no


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("entailment", "entailment"),
        ("Entailment.", "entailment"),
        ("The hypothesis follows from the premise.", "entailment"),
        ("This is a CONTRADICTION, since fever is denied.", "contradiction"),
        ("It contradicts the first sentence", "contradiction"),
        ("Neutral: the note does not say.", "neutral"),
        ("It neither: it does not follow and does not contradict", "neutral"),
        ("следование", "entailment"),
        ("Второе следует из первого.", "entailment"),
        ("Ответ: противоречие", "contradiction"),
        ("Нейтрально.", "neutral"),
        ("Не следует и не противоречит", "neutral"),
        ("Неверно", "contradiction"),
        ("It does not entail it; they contradict each other.", "contradiction"),
        ("The second does not follow.", None),
        ("entailment or neutral", None),
        ("The patient has a cough.", None),
        ("", None),
    ],
)
def test_an_answer_names_a_relation(answer: str, label: str | None) -> None:
    assert read_nli(answer) == label


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("3", "3"),
        ("3)", "3"),
        ("Answer: 4", "4"),
        ("The answer is 2: fever.", "2"),
        ("Ответ 5: кашель.", "5"),
        ("Правильный вариант — 1.", "1"),
        ("2. acute bronchitis", "2"),
        ("Of the 5 given I would take option 3", "3"),
        ("the second one", "2"),
        ("Четвёртый вариант", "4"),
        ("b)", "2"),
        ("Answer: C", "3"),
        ("в", "3"),
        ("1 or 2", None),
        ("37.5 degrees", None),
        ("7", None),
        ("fever", None),
        ("", None),
    ],
)
def test_an_answer_names_an_option(answer: str, label: str | None) -> None:
    assert read_option(answer) == label


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("Yes.", "yes"),
        ("Yes: the graph has no doubt", "yes"),
        ("No, it is not right", "no"),
        ("Да, верно", "yes"),
        ("Нет, это неправда", "no"),
        ("Not known", "no"),
        ("Maybe", None),
    ],
)
def test_an_answer_says_yes_or_no(answer: str, label: str | None) -> None:
    assert read_yes_no(answer) == label


def test_what_cannot_be_read_is_asked_again_and_again_and_then_gets_the_default() -> None:
    passes: list[tuple[list[int], int]] = []

    def again(places: Sequence[int], number: int) -> Sequence[str]:
        passes.append((list(places), number))
        return ["neutral" if place == 2 and number == 3 else "hm" for place in places]

    read = read_answers(["entailment", "?", "!"], read_nli, "neutral", again)

    assert read.labels == ("entailment", "neutral", "neutral")
    assert read.unparsed == (1,)
    assert read.share_unparsed == pytest.approx(1 / 3)
    assert passes == [([1, 2], 1), ([1, 2], 2), ([1, 2], 3), ([1], 4), ([1], 5)]
    assert read.asked_again == 8


def test_without_somebody_to_ask_the_default_is_taken_at_once() -> None:
    assert read_answers(["?", "2"], read_option, "1").labels == ("1", "2")
    assert read_answers([], read_option, "1").share_unparsed == 0


def test_nobody_is_asked_again_when_all_can_be_read() -> None:
    def never(places: Sequence[int], number: int) -> Sequence[str]:
        raise AssertionError(f"asked {places} in pass {number}")

    assert read_answers(["Да"], read_yes_no, "no", never).asked_again == 0

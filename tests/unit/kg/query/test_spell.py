"""Text, tree, JSON and the Python builder are spellings of one question."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import QuerySyntaxError, UnknownWord
from kg.query.bind import bind, slots
from kg.query.build import Question, ask, between
from kg.query.format import formatted
from kg.query.parse import parse
from kg.query.spell import RESERVED, from_json, quoted, to_json, to_text
from kg.query.tree import (
    COMPARISONS,
    AsOf,
    Between,
    Combined,
    Condition,
    Path,
    Root,
    Sample,
    Slot,
    Step,
    Top,
    Tree,
)

WORDS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True).filter(lambda word: word not in RESERVED)
SLOTS = st.builds(Slot, WORDS)
# A name may hold anything but a line break, which no name of a thing has.
TEXTS = st.text(st.characters(exclude_characters="\n", exclude_categories=("Cs",)), max_size=12)
NAMES = st.one_of(TEXTS, TEXTS, SLOTS)
NUMBERS = st.one_of(st.integers(-(10**9), 10**9), st.integers(-(10**6), 10**6).map(lambda n: n / 64))
VALUES = st.one_of(TEXTS, NUMBERS, SLOTS)


def counts(low: int, high: int) -> st.SearchStrategy[int | Slot]:
    return st.one_of(st.integers(low, high), st.integers(low, high), SLOTS)


HEATS = st.one_of(st.none(), SLOTS, st.integers(1, 640).filter(lambda n: n != 64).map(lambda n: n / 64))
CONDITIONS = st.one_of(
    st.builds(Condition, WORDS, st.sampled_from([c for c in COMPARISONS if c != "in"]), VALUES, st.booleans()),
    st.builds(Condition, WORDS, st.just("in"), st.lists(VALUES, min_size=1, max_size=3).map(tuple), st.booleans()),
)
PICKS = st.one_of(
    st.none(),
    st.builds(Top, counts(0, 99), st.none() | WORDS),
    st.builds(Sample, counts(0, 99), counts(-99, 99), st.none() | WORDS, HEATS),
)
STEPS = st.builds(
    Step,
    WORDS,
    via=st.none() | WORDS,
    low=counts(0, 5),
    high=counts(0, 5),
    where=st.lists(CONDITIONS, max_size=3).map(tuple),
    without=st.lists(WORDS, max_size=2).map(tuple),
    shared=st.none() | counts(0, 9),
    pick=PICKS,
    label=st.none() | WORDS,
)
ROOTS = st.builds(Root, WORDS, st.lists(NAMES, min_size=1, max_size=3).map(tuple))
WAYS = st.builds(Between, ROOTS, ROOTS, counts(0, 9), st.lists(WORDS, max_size=2).map(tuple))
PATHS = st.builds(Path, ROOTS | WAYS, st.lists(STEPS, max_size=3).map(tuple))


def _larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    joined = st.builds(Combined, st.sampled_from("&+-"), inner, inner)
    return st.one_of(joined, st.builds(Path, joined, st.lists(STEPS, min_size=1, max_size=2).map(tuple)))


EXPRESSIONS = st.recursive(PATHS, _larger, max_leaves=4)
TREES: st.SearchStrategy[Tree] = st.one_of(EXPRESSIONS, st.builds(AsOf, EXPRESSIONS, NAMES))


def built(tree: Tree) -> Question:
    """Return the same question, said in Python."""
    match tree:
        case AsOf(question, change_set):
            return built(question).as_of(change_set)
        case Combined(operator, left, right):
            one, other = built(left), built(right)
            return {"&": one & other, "+": one + other, "-": one - other}[operator]
        case Path(source, steps):
            match source:
                case Root(kind, names):
                    question = ask(kind, *names)
                case Between(start, end, up_to, via):
                    question = between(ask(start.kind, *start.names), ask(end.kind, *end.names), up_to, *via)
                case Combined():
                    question = built(source)
            for step in steps:
                question = _said(question, step)
            return question


def _said(question: Question, step: Step) -> Question:
    question = question.step(step.role, via=step.via, low=step.low, high=step.high).without(*step.without)
    for item in step.where:
        question = question.where(item.name, item.comparison, item.value, negated=item.negated)
    if step.shared is not None:
        question = question.shared(step.shared)
    match step.pick:
        case Top(count, by):
            question = question.top(count, by)
        case Sample(count, seed, by, temperature):
            question = question.sample(count, seed, by, temperature)
        case None:
            pass
    return question.label(step.label) if step.label else question


@given(TREES)
@settings(max_examples=100)
def test_a_tree_survives_its_text_its_json_and_its_python(tree: Tree) -> None:
    text = to_text(tree)
    assert parse(text) == tree
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree
    assert built(tree).tree == tree
    assert formatted(text) == text


@given(TREES, st.data())
def test_what_stands_in_a_slot_is_what_was_given(tree: Tree, data: st.DataObject) -> None:
    wanted = {"name": TEXTS, "value": TEXTS, "number": st.integers(2, 99)}
    given = {name: data.draw(wanted[place]) for name, place in slots(tree).items()}
    try:
        bound = bind(tree, given)
    except UnknownWord as error:
        # One slot in a place for a name and in one for a number can never be filled.
        refused = error.message
    else:
        refused = "stands for"
        assert not slots(bound)
        assert parse(to_text(bound)) == bound
    assert "stands for" in refused


@given(TEXTS)
def test_a_quoted_name_is_read_back_as_it_was(name: str) -> None:
    assert parse(f"disease {quoted(name)}") == Path(Root("disease", (name,)))


KEYS = ["from", "steps", "kind", "names", "operator", "left", "right", "role", "slot", "between", "up_to", "as_of"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
        max_leaves=12,
    )
)
def test_json_that_is_no_question_is_refused_and_never_crashes(form: Any) -> None:
    try:
        tree = from_json(form)
    except QuerySyntaxError:
        return
    assert from_json(to_json(tree)) == tree


def test_the_formatter_has_one_form() -> None:
    assert to_text(parse('disease   "J20"|symptoms   top 5  where weight>=0.5')) == (
        'disease "J20" | symptoms where weight >= 0.5 top 5'
    )


def test_the_formatter_keeps_remarks_above_the_question() -> None:
    text = '# bronchitis\n disease "J#20" | symptoms # what it shows\n top 5'
    assert formatted(text) == '# bronchitis\n# what it shows\ndisease "J#20" | symptoms top 5'


def test_json_too_deep_is_refused() -> None:
    form: dict[str, Any] = {"from": {"kind": "disease", "names": ["a"]}}
    for _ in range(40):
        form = {"operator": "&", "left": form, "right": form}
    with pytest.raises(QuerySyntaxError, match="nested"):
        from_json(form)


def test_as_of_inside_json_is_refused() -> None:
    inner = {"from": {"kind": "disease", "names": ["a"]}, "steps": [], "as_of": "CS:1"}
    with pytest.raises(QuerySyntaxError, match="whole question"):
        from_json({"from": inner, "steps": []})

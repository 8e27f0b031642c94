"""Text, tree and JSON are spellings of one question."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QuerySyntaxError
from kg.query.parse import parse
from kg.query.spell import RESERVED, from_json, quoted, to_json, to_text
from kg.query.tree import COMPARISONS, Combined, Condition, Path, Root, Sample, Step, Top, Tree

WORDS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True).filter(lambda word: word not in RESERVED)
# A name may hold anything but a line break, which no name of a thing has.
NAMES = st.text(st.characters(exclude_characters="\n", exclude_categories=("Cs",)), max_size=12)
NUMBERS = st.one_of(st.integers(-(10**9), 10**9), st.integers(-(10**6), 10**6).map(lambda n: n / 64))
VALUES = st.one_of(NAMES, NUMBERS)
CONDITIONS = st.one_of(
    st.builds(Condition, WORDS, st.sampled_from([c for c in COMPARISONS if c != "in"]), VALUES),
    st.builds(Condition, WORDS, st.just("in"), st.lists(VALUES, min_size=1, max_size=3).map(tuple)),
)
PICKS = st.one_of(
    st.none(),
    st.builds(Top, st.integers(0, 99), st.none() | WORDS),
    st.builds(Sample, st.integers(0, 99), st.integers(-99, 99), st.none() | WORDS),
)
STEPS = st.builds(
    Step,
    WORDS,
    via=st.none() | WORDS,
    low=st.integers(0, 5),
    high=st.integers(0, 5),
    where=st.lists(CONDITIONS, max_size=3).map(tuple),
    shared=st.none() | st.integers(0, 9),
    pick=PICKS,
    label=st.none() | WORDS,
)
ROOTS = st.builds(Root, WORDS, st.lists(NAMES, min_size=1, max_size=3).map(tuple))
PATHS = st.builds(Path, ROOTS, st.lists(STEPS, max_size=3).map(tuple))


def _larger(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    joined = st.builds(Combined, st.sampled_from("&+-"), inner, inner)
    return st.one_of(joined, st.builds(Path, joined, st.lists(STEPS, min_size=1, max_size=2).map(tuple)))


TREES: st.SearchStrategy[Tree] = st.recursive(PATHS, _larger, max_leaves=4)


@given(TREES)
def test_a_tree_survives_its_text(tree: Tree) -> None:
    assert parse(to_text(tree)) == tree


@given(TREES)
def test_a_tree_survives_its_json(tree: Tree) -> None:
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


@given(NAMES)
def test_a_quoted_name_is_read_back_as_it_was(name: str) -> None:
    assert parse(f"disease {quoted(name)}") == Path(Root("disease", (name,)))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["from", "steps", "kind", "names", "operator", "left", "right", "role"]), inner
            )
        ),
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


def test_json_too_deep_is_refused() -> None:
    form: dict[str, Any] = {"from": {"kind": "disease", "names": ["a"]}}
    for _ in range(40):
        form = {"operator": "&", "left": form, "right": form}
    with pytest.raises(QuerySyntaxError, match="nested"):
        from_json(form)

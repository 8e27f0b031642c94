"""What a vector is made of, and how the vectors of names become that of their node."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.embedding.vectors import INDEXES, LABELS, MOST_NAMES, hash_of, middle, names_of
from kg.schema import NODE_BY_LABEL

NUMBERS = st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=3)


def test_a_node_is_embedded_by_its_name_and_its_synonyms_each_once() -> None:
    assert names_of("cough", ["coughing", "cough"]) == ("cough", "coughing")
    assert names_of(None, ["coughing"]) == ("coughing",)
    assert names_of(None, None) == ()


def test_of_very_many_synonyms_the_first_are_taken() -> None:
    names = names_of("cough", [f"cough {number}" for number in range(500)])
    assert len(names) == MOST_NAMES
    assert names[:2] == ("cough", "cough 0")


def test_a_vector_is_made_again_for_other_names_another_kind_or_another_model() -> None:
    known = hash_of("Symptom", ["cough", "coughing"], "one")
    assert known == hash_of("Symptom", ("cough", "coughing"), "one")
    others = (
        hash_of("SideEffect", ["cough", "coughing"], "one"),
        hash_of("Symptom", ["cough coughing"], "one"),
        hash_of("Symptom", ["coughing", "cough"], "one"),
        hash_of("Symptom", ["cough", "coughing"], "two"),
    )
    assert len({known, *others}) == 5


def test_the_middle_of_two_directions_lies_between_them() -> None:
    assert middle([[1.0, 0.0], [0.0, 1.0]]) == pytest.approx([math.sqrt(0.5), math.sqrt(0.5)])
    assert middle([[0.6, 0.8]]) == pytest.approx([0.6, 0.8])


def test_vectors_that_cancel_out_leave_the_first() -> None:
    assert middle([[1.0, 0.0], [-1.0, 0.0]]) == [1.0, 0.0]


@given(st.lists(NUMBERS.filter(lambda numbers: math.hypot(*numbers) > 0.1), min_size=1, max_size=5))
def test_a_middle_always_has_length_one(vectors: list[list[float]]) -> None:
    units = [[number / math.hypot(*numbers) for number in numbers] for numbers in vectors]
    assert math.hypot(*middle(units)) == pytest.approx(1.0)


def test_every_kind_of_node_has_a_label_and_an_index_of_its_own() -> None:
    assert set(LABELS) == set(INDEXES) == set(NODE_BY_LABEL)
    assert len({*LABELS.values(), *INDEXES.values()}) == 2 * len(NODE_BY_LABEL)

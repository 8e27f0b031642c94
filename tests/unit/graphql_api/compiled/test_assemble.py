"""Rows become answers by their shape."""

from __future__ import annotations

import pytest

from graphql_api.compiled.assemble import At, ByKind, Call, Const, Each, Given, Make, One, assembler


def test_an_object_has_its_fields_in_the_order_of_the_shape() -> None:
    made = assembler(Make((("b", At(1)), ("a", At(0)), ("c", Const([1])))))
    assert list(made(["x", 2], ()).items()) == [("b", 2), ("a", "x"), ("c", [1])]


def test_lists_lie_in_one_another_each_with_its_own_rows() -> None:
    inner = Each(At(1), Make((("n", At(0)),)))
    made = assembler(Each(At(0), Make((("id", At(0)), ("under", inner)))))
    assert made([[["a", [[1], [2]]], ["b", []]]], ()) == [
        {"id": "a", "under": [{"n": 1}, {"n": 2}]},
        {"id": "b", "under": []},
    ]


def test_what_is_not_there_is_null() -> None:
    made = assembler(One(At(0), At("name")))
    assert made([[{"name": "x"}, {"name": "y"}]], ()) == "x"
    assert made([[]], ()) is None


def test_a_shape_is_chosen_by_the_kind_of_the_row() -> None:
    made = assembler(Each(At(0), ByKind(0, {"A": At(1), "B": Const("b"), None: Const(None)})))
    assert made([[["A", 1], ["B", 2], [None]]], ()) == [1, "b", None]
    with pytest.raises(KeyError):
        made([[["C"]]], ())


def test_a_function_is_given_what_the_row_and_the_request_tell() -> None:
    made = assembler(Call(lambda rows, size: rows[:size], (At(0), Given(1))))
    assert made([[1, 2, 3]], ((), (2,))) == [1, 2]


@pytest.mark.parametrize("key", ["__import__", "r", "v", "k0", "None", "'] + open('x'", '"', "{", "\\"])
def test_a_key_is_never_more_than_a_key(key: str) -> None:
    made = assembler(Make(((key, Call(str.upper, (At(0),))),)))
    assert made(["x"], ()) == {key: "X"}

"""A condition's text follows from its shape, names as many parameters as it has values, and holds nothing typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryTooLarge
from kg.query.pattern import Then
from kg.reading.condition import (
    ALWAYS,
    MAX_CONDITIONS,
    MAX_NESTED,
    MAX_STEPS,
    MAX_VALUES,
    All,
    AnyOf,
    Coded,
    Condition,
    Linked,
    LinkedCount,
    NameWord,
    Not,
    Test,
    both,
    check,
    either,
    named,
    shape_of,
    values_of,
)
from kg.reading.where import predicate
from kg.schema import ROLE_BY_NAME

SYMPTOMS = ROLE_BY_NAME["Disease", "symptoms"]
DRUGS = ROLE_BY_NAME["Disease", "drugs"]


def leaves(text: st.SearchStrategy[str]) -> st.SearchStrategy[Condition]:
    lists = st.lists(text, max_size=3).map(tuple)
    numbers = st.floats(allow_nan=False)
    return st.one_of(
        st.builds(Test, st.just("name"), st.sampled_from(["eq", "folded_eq", "folded_contains"]), text),
        st.builds(named, st.sampled_from(["folded_eq", "folded_contains", "folded_starts_with"]), text),
        st.builds(named, st.just("folded_in"), lists),
        st.builds(Test, st.just("id"), st.sampled_from(["in", "folded_in"]), lists),
        st.builds(Test, st.just("prior"), st.sampled_from(["at_least", "at_most"]), numbers),
        st.builds(Test, st.just("prior"), st.sampled_from(["exists", "missing"])),
        st.builds(Test, st.just("sources"), st.just("has"), text),
        st.builds(Coded, st.just("in"), lists),
        st.builds(Coded, st.just("between"), st.tuples(text, text)),
        st.builds(Coded, st.just("within"), st.tuples(text)),
        st.builds(
            LinkedCount, st.just(DRUGS), st.lists(st.tuples(st.just("at_least"), numbers), max_size=2).map(tuple)
        ),
    )


def trees(text: st.SearchStrategy[str]) -> st.SearchStrategy[Condition]:
    def wider(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        some = st.lists(inner, max_size=3).map(tuple)
        edge = st.builds(Test, st.just("weight"), st.just("at_least"), st.floats(0, 1))
        return st.one_of(
            st.builds(All, some),
            st.builds(AnyOf, some),
            st.builds(Not, inner),
            st.builds(Linked, st.just(SYMPTOMS), st.sampled_from(["some", "none"]), inner, edge),
        )

    return st.recursive(leaves(text), wider, max_leaves=12)


@pytest.mark.parametrize("word", ["folded_contains", "folded_starts_with"])
def test_a_part_too_short_for_the_index_is_looked_for_in_the_order_of_the_names(word: NameWord) -> None:
    assert predicate(named(word, "Br"), "n").startswith("toLower(n.name) ")
    assert values_of(named(word, "Br")) == ("br",)
    assert predicate(named(word, "Bro"), "n").startswith("n.folded ")


@given(trees(st.text(max_size=20)), st.booleans())
def test_a_text_names_each_value_once_and_in_their_order(condition: Condition, past: bool) -> None:
    text = predicate(condition, "n", state="v", when=Then("$moment")) if past else predicate(condition, "n")
    named = re.findall(r"\$w(\d+)", text)
    assert named == [str(number) for number in range(len(values_of(condition)))]


@given(trees(st.text("abc", max_size=3)), trees(st.text("xyz", max_size=3)))
def test_two_conditions_of_one_shape_have_one_text(left: Condition, right: Condition) -> None:
    if shape_of(left) == shape_of(right):
        assert predicate(left, "n") == predicate(right, "n")
    assert predicate(shape_of(left), "n") == predicate(left, "n")


@given(trees(st.text("\u2603\u2620`", min_size=1, max_size=5)))
def test_nothing_typed_gets_into_the_text(condition: Condition) -> None:
    assert not set(predicate(condition, "n")) & set("\u2603\u2620`")


@pytest.mark.parametrize(
    ("condition", "text", "values"),
    [
        (ALWAYS, "true", ()),
        (either(), "false", ()),
        (Test("prior", "at_least", 0.5), "n.prior >= $w0", (0.5,)),
        (Test("sex", "in", ("male",)), "n.sex IN $w0", (["male"],)),
        (Test("sex", "missing"), "n.sex IS NULL", ()),
        (Test("sources", "has", "hpo"), "$w0 IN n.sources", ("hpo",)),
        (Test("name_ru", "folded_contains", "Каш"), "toLower(n.name_ru) CONTAINS $w0", ("каш",)),
        (named("folded_contains", "Bronch"), "n.folded CONTAINS $w0", ("bronch",)),
        (named("folded_eq", "COLD"), "n.folded = toString($w0)", ("cold",)),
        (named("folded_in", ("COLD", "Flu")), "n.folded IN [w_x IN $w0 | toString(w_x)]", (["cold", "flu"],)),
        (Not(Test("prior", "eq", 1.0)), "NOT coalesce(n.prior = $w0, false)", (1.0,)),
        (both(Test("id", "eq", "A"), either(Test("id", "eq", "B"), Test("id", "eq", "C"))),
         "n.id = $w0 AND (n.id = $w1 OR n.id = $w2)", ("A", "B", "C")),
        (Linked(SYMPTOMS, "none", Test("id", "eq", "S"), Test("weight", "at_least", 0.5)),
         "NOT EXISTS { MATCH (n)-[w_r1:HAS_SYMPTOM]->(w_b1:Symptom) WHERE w_b1.id = $w0 AND w_r1.weight >= $w1 }",
         ("S", 0.5)),
        (LinkedCount(DRUGS, (("at_least", 3), ("at_most", 9))),
         "COUNT { MATCH (n)<-[w_r1:TREATS]-(w_b1:Drug) } >= $w0"
         " AND COUNT { MATCH (n)<-[w_r1:TREATS]-(w_b1:Drug) } <= $w1", (3, 9)),
        (Coded("between", ("ICD10:J00", "ICD10:J99")),
         "EXISTS { MATCH (n)-[w_c:CODED_AS]->(w_code:IcdCode) WHERE w_code.id >= $w0 AND w_code.id <= $w1"
         " AND coalesce(w_code.level, '') <> 'chapter' }", ("ICD10:J00", "ICD10:J99~")),
    ],
)  # fmt: skip
def test_a_condition_becomes_this_predicate(condition: Condition, text: str, values: tuple[Any, ...]) -> None:
    assert predicate(condition, "n") == text
    assert values_of(condition) == values


def test_parameters_can_be_named_and_numbered_otherwise() -> None:
    assert predicate(Test("id", "eq", "A"), "n", parameter="q.v", start=7) == "n.id = q.v7"


def test_a_filter_may_have_sixty_conditions_and_no_more() -> None:
    one = Test("prior", "exists")
    assert check(both(*[one] * MAX_CONDITIONS))
    with pytest.raises(QueryTooLarge) as caught:
        check(both(*[one] * (MAX_CONDITIONS + 1)))
    assert str(MAX_CONDITIONS) in (caught.value.hint or "")


def test_steps_to_neighbours_count_as_conditions() -> None:
    with pytest.raises(QueryTooLarge):
        check(both(*[Linked(SYMPTOMS, "some", Test("id", "eq", "S"))] * (MAX_CONDITIONS // 2 + 1)))


def test_a_filter_may_be_six_levels_deep_and_no_more() -> None:
    deep: Condition = Test("prior", "exists")
    for _ in range(MAX_NESTED):
        deep = Not(deep)
    assert check(both(deep, ALWAYS))
    with pytest.raises(QueryTooLarge) as caught:
        check(Linked(SYMPTOMS, "some", deep))
    assert str(MAX_NESTED) in (caught.value.hint or "")


def test_a_filter_may_go_three_steps_and_no_more() -> None:
    back = ROLE_BY_NAME["Symptom", "diseases"]
    far: Condition = Linked(SYMPTOMS, "some", Linked(back, "none", Linked(SYMPTOMS, "some")))
    assert check(far)
    with pytest.raises(QueryTooLarge) as caught:
        check(Linked(back, "some", far))
    assert str(MAX_STEPS) in (caught.value.hint or "")


def test_long_lists_and_long_values_are_refused() -> None:
    assert check(Test("id", "in", ("A",) * MAX_VALUES))
    for value in (("A",) * (MAX_VALUES + 1), "a" * 1001, ("a" * 1001,)):
        with pytest.raises(QueryTooLarge):
            check(Test("id", "in", value))


def test_joined_conditions_have_no_needless_levels() -> None:
    one, two, three = (Test("id", "eq", letter) for letter in "ABC")
    assert both(one, both(two, three)) == All((one, two, three))
    assert either(one, either(two, three)) == AnyOf((one, two, three))
    assert both(one) == one

"""Text becomes a tree, or an error that says where and what could stand there."""

from __future__ import annotations

import pytest

from kg.errors import QueryError, QuerySyntaxError, QueryTooLarge
from kg.query.build import ask
from kg.query.parse import parse
from kg.query.tree import Combined, Condition, Path, Root, Sample, Step, Top

BRONCHITIS = Root("disease", ("J20",))


def test_a_path_has_a_start_and_steps() -> None:
    assert parse('disease "J20" | symptoms top 5 by weight') == Path(
        BRONCHITIS, (Step("symptoms", pick=Top(5, "weight")),)
    )


def test_every_clause_has_its_place_in_a_step() -> None:
    text = 'drug "x" | in_class via IN_CLASS 1..3 where a = b and c >= 0.5 shared >= 2 sample 4 by d seed -7 as e'
    assert parse(text) == Path(
        Root("drug", ("x",)),
        (
            Step(
                "in_class",
                via="IN_CLASS",
                low=1,
                high=3,
                where=(Condition("a", "=", "b"), Condition("c", ">=", 0.5)),
                shared=2,
                pick=Sample(4, -7, "d"),
                label="e",
            ),
        ),
    )


def test_a_list_of_values_stands_in_brackets() -> None:
    step = Step("symptoms", where=(Condition("sex", "in", ("female", "x y", 3)),))
    assert parse('disease "J20" | symptoms where sex in (female, "x y", 3)') == Path(BRONCHITIS, (step,))


def test_a_pipe_binds_closer_than_a_set_operator() -> None:
    left = Path(BRONCHITIS, (Step("symptoms"),))
    right = Path(Root("disease", ("J45",)), (Step("symptoms"),))
    assert parse('disease "J20" | symptoms & disease "J45" | symptoms') == Combined("&", left, right)


def test_set_operators_are_worked_out_from_the_left() -> None:
    a, b, c = (Path(Root("disease", (name,))) for name in "abc")
    assert parse('disease "a" + disease "b" - disease "c"') == Combined("-", Combined("+", a, b), c)
    assert parse('disease "a" + (disease "b" - disease "c")') == Combined("+", a, Combined("-", b, c))


def test_a_path_goes_on_after_brackets() -> None:
    assert parse('(disease "J20" | symptoms) | diseases') == parse('disease "J20" | symptoms | diseases')
    joined = parse('disease "a" & disease "b"')
    assert parse('(disease "a" & disease "b") | drugs') == Path(joined, (Step("drugs"),))


def test_a_backslash_takes_the_next_letter_as_it_is() -> None:
    assert parse(r'disease "say \"ah\" \\ now"') == Path(Root("disease", ('say "ah" \\ now',)))


def test_remarks_and_line_breaks_are_space() -> None:
    assert parse('disease "J20" # a cough\n  | symptoms') == parse('disease "J20" | symptoms')


def test_the_builder_makes_the_same_tree() -> None:
    shared = ask("symptom", "fever", "cough").step("diseases").where("sex", "=", "female").shared(2).top(10)
    text = 'symptom "fever", "cough" | diseases where sex = female shared >= 2 top 10 | drugs as them'
    assert shared.step("drugs").label("them").tree == parse(text)
    a, b = ask("disease", "a").step("symptoms"), ask("disease", "b").step("symptoms").sample(3, 7, "weight")
    assert (a & b).tree == parse('disease "a" | symptoms & disease "b" | symptoms sample 3 by weight seed 7')
    assert str((a - b).step("diseases", low=1, high=1)).startswith('(disease "a" | symptoms - disease "b"')


def test_a_question_without_a_step_has_nothing_to_narrow() -> None:
    with pytest.raises(QuerySyntaxError, match="no step yet"):
        ask("disease", "J20").top(3)


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("", 0, "The question is empty"),
        ("disease", 7, "The question stops too early"),
        ("disease J20", 8, "'J20' cannot stand here"),
        ('disease "J20" |', 15, "The question stops too early"),
        ('disease "J20" | symptoms top', 28, "The question stops too early"),
        ('disease "J20', 8, "A quotation mark is not closed"),
        ('disease "a" | symptoms $', 23, "'$' cannot stand here"),
        ('disease "a" | symptoms top 3 top 4', 29, "top stands twice in this step"),
        ('disease "a" symptoms', 12, "'symptoms' cannot stand here"),
        ('(disease "a"', 12, "The question stops too early"),
        ('disease "a" | symptoms where weight ~ 3', 36, "'~' cannot stand here"),
    ],
)
def test_an_error_says_where_and_what(text: str, at: int, message: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    assert (caught.value.at, caught.value.message) == (at, message)
    assert caught.value.hint


def test_an_error_points_at_the_place() -> None:
    with pytest.raises(QueryError) as caught:
        parse('disease "J20"\n| symptoms top x')
    assert str(caught.value).splitlines()[1:3] == ["  | symptoms top x", "                 ^"]


@pytest.mark.parametrize(
    "text",
    [
        'disease "' + "x" * 5000 + '"',
        "(" * 40 + 'disease "a"' + ")" * 40,
        'disease "a"' + " | symptoms | diseases" * 20,
        'disease "a" | symptoms where ' + " and ".join(["weight = 1"] * 101),
    ],
)
def test_a_question_that_is_too_large_is_refused(text: str) -> None:
    with pytest.raises(QueryTooLarge):
        parse(text)

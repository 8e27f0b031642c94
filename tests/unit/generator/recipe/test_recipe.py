"""Recipes are read with care, and fill questions and prompts safely."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import ModuleType

import pytest

from generator.errors import RecipeInvalid
from generator.examples import shipped_examples
from generator.facts import Fact
from generator.patient import Patient
from generator.phrases import FACT_KINDS
from generator.recipe import Recipe, find_recipe, parse_recipe, shipped_recipes
from kg.errors import RecordRejected

GOOD = """---
id: test
version: 1
language: en
about: A test.
questions:
  symptoms: disease $disease | symptoms sample $few by weight seed $seed
draw:
  few: [2, 4]
---
{% block system %}Rules.{% endblock %}
{% block user %}{{ age }} {{ patient.sex }}: {{ names.symptom | join(", ") }}{% endblock %}
"""
FEVER = Fact("F1", "symptom", "fever", "The patient has fever.", "edge", ())


def recipe(text: str = GOOD) -> Recipe:
    return parse_recipe(text.encode(), "test.recipe")


def test_the_hash_is_that_of_the_files_bytes() -> None:
    assert recipe().hash == hashlib.sha256(GOOD.encode()).hexdigest()


def test_slots_of_a_question_are_filled_from_the_disease_and_the_seed() -> None:
    asked = {recipe().ask("DOID:1", seed)["symptoms"] for seed in range(40)}
    assert len(asked) == 40
    assert {question.split(" sample ")[1].split()[0] for question in asked} == {"2", "3", "4"}
    assert all(question.startswith('disease "DOID:1" | symptoms sample ') for question in asked)
    assert recipe().ask("DOID:1", 5) == recipe().ask("DOID:1", 5)


@pytest.mark.parametrize("disease", ['DOID:1" | drugs', "J20", "DOID:1\\", "$seed", ""])
def test_what_is_no_id_reaches_no_question(disease: str) -> None:
    with pytest.raises(RecordRejected):
        recipe().ask(disease, 1)


def test_prompts_are_the_same_for_the_same_facts() -> None:
    message = recipe().user(Patient(45, "female"), [FEVER])
    assert (message.role, message.content) == ("user", "45-year-old female: fever")
    assert recipe().system().content == "Rules."


REFUSED = [
    ("no front matter", "hello", 1, "does not begin with front matter"),
    ("not YAML", GOOD.replace("version: 1", "version: [1"), 4, "not YAML"),
    ("no id", GOOD.replace("id: test\n", ""), 2, "id: Field required"),
    ("bad id", GOOD.replace("id: test", "id: Te st"), 2, "id"),
    ("a version that is text", GOOD.replace("version: 1", "version: one"), 3, "version"),
    ("an unknown language", GOOD.replace("language: en", "language: fr"), 4, "languages: en, ru"),
    ("an unknown word", GOOD.replace("about:", "abuot:"), 5, "abuot"),
    ("an unknown slot", GOOD.replace("$few", "$many"), 7, "slot \\$many"),
    ("a disease in quotes", GOOD.replace("$disease", '"$disease"'), 7, "without quotes"),
    ("no question", GOOD.replace("| symptoms sample", "| | symptoms sample"), 7, "question 'symptoms'"),
    ("a draw upside down", GOOD.replace("[2, 4]", "[4, 2]"), 8, "smaller number first"),
    ("an unknown option", GOOD.replace("draw:", "options:\n  speed: 9\ndraw:"), 9, "options.speed"),
    ("an option out of range", GOOD.replace("draw:", "options:\n  top_p: 9.0\ndraw:"), 9, "options.top_p"),
    (
        "an unknown kind of fact",
        GOOD.replace("draw:", "options:\n  required: [mood]\ndraw:"),
        9,
        "no kind of fact 'mood'",
    ),
    ("a template that is not Jinja", GOOD.replace("{{ age }}", "{{ age }"), 12, "template"),
    ("a template without a block", GOOD.replace("block system", "block sys"), 11, "no block 'system'"),
]


@pytest.mark.parametrize(("text", "line", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_recipe_that_breaks_a_rule_is_refused_with_file_and_line(text: str, line: int, message: str) -> None:
    with pytest.raises(RecipeInvalid, match=message) as caught:
        recipe(text)
    assert caught.value.place == f"file test.recipe, line {line}"


def test_a_recipe_that_is_not_utf8_is_refused_with_the_line() -> None:
    with pytest.raises(RecipeInvalid, match="not UTF-8") as caught:
        parse_recipe(b"---\nid: \xff\n", "test.recipe")
    assert caught.value.place == "file test.recipe, line 2"


@pytest.mark.parametrize(
    "template",
    [
        "{{ nobody }}",
        "{{ patient.name }}",
        "{{ patient.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ facts.append(1) }}",
        "{% include '/etc/passwd' %}",
        "{{ 1 / 0 }}",
    ],
)
def test_a_template_reaches_nothing_but_its_data(template: str) -> None:
    text = GOOD.replace("{{ age }}", template)
    with pytest.raises(RecipeInvalid, match="cannot be filled"):
        recipe(text).user(Patient(45, "female"), [FEVER])


def test_braces_in_a_name_stay_as_they_are() -> None:
    odd = Fact("F1", "symptom", "{{ 7 * 7 }} {% endblock %}", "", None, ())
    assert "{{ 7 * 7 }} {% endblock %}" in recipe().user(Patient(45, "female"), [odd]).content


@pytest.mark.parametrize("name", shipped_recipes())
def test_a_shipped_recipe_is_valid_and_words_a_fact_of_each_kind(name: str) -> None:
    shipped = find_recipe(name)
    assert shipped.id == name
    assert len(shipped_examples(shipped.language)) >= 6
    for kind in FACT_KINDS:
        fact = Fact("F1", kind, "fever", "", None, ())
        assert shipped.user(Patient(1, "male"), [fact]).content


def test_recipes_are_shipped_in_both_languages() -> None:
    assert {"outpatient-en", "outpatient-ru"} <= set(shipped_recipes())


def test_an_own_recipe_comes_before_a_shipped_one_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "outpatient-en.recipe").write_text(GOOD)
    assert find_recipe("outpatient-en", tmp_path).id == "test"
    assert find_recipe(str(tmp_path / "outpatient-en.recipe")).id == "test"
    assert find_recipe("outpatient-ru", tmp_path).id == "outpatient-ru"


def test_an_unknown_recipe_is_refused_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "mine.recipe").write_text(GOOD)
    with pytest.raises(RecipeInvalid, match="no recipe 'other'") as caught:
        find_recipe("other", tmp_path)
    assert "mine, outpatient-en" in (caught.value.hint or "")
    with pytest.raises(RecipeInvalid, match="cannot be read"):
        find_recipe(str(tmp_path / "absent.recipe"))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_example_tells_each_of_its_facts_and_is_about_its_patient(language: str, hand: ModuleType) -> None:
    from generator.checking.check import check
    from generator.linking.vocabulary import Term, Vocabulary

    for example in shipped_examples(language):
        facts = [
            Fact(f"F{n}", fact.kind, fact.name, "", None, (Term(f"X:{n}", "Symptom", (fact.name.split(" (")[0],)),))
            for n, fact in enumerate(example.facts)
        ]
        code = example.facts[0].name[-4:-1]
        report = check(example.text, facts, Vocabulary([]), patient=example.patient, icd10=code)
        assert report.passed, (example.id, report.reason())

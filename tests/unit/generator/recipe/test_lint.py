"""Everything that is wrong with a recipe is told at once, where it stands, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.recipe.find import look_up
from generator.recipe.lint import lint
from generator.recipe.problems import Problem
from generator.recipe.shelf import RECIPE, STYLE, Found, Shelf, shelf_of

GOOD = """---
id: mine
version: 1
language: en
about: A test.
questions:
  symptoms: disease $disease | symptoms sample $few by weight seed $seed
draw:
  few: [2, 4]
options:
  required: [symptom]
---
{% block system %}Rules.{% endblock %}
{% block user %}
{{ age }} {{ patient.sex }}: {{ names.symptom | join(", ") }}
{% endblock %}
"""


def linted(text: str, folder: Path | None = None) -> list[Problem]:
    return lint(Found("mine.recipe", text.encode()), shelf_of(folder))


def told(text: str) -> list[str]:
    return [f"{problem.line}: {problem.message}" for problem in linted(text)]


@pytest.mark.parametrize("name", Shelf().names(RECIPE))
def test_a_shipped_recipe_has_no_problem(name: str) -> None:
    found = Shelf().find(name, RECIPE)
    assert found
    assert lint(found, Shelf()) == []


@pytest.mark.parametrize("name", Shelf().names(STYLE))
def test_a_shipped_style_has_no_problem(name: str) -> None:
    found = Shelf().find(name, STYLE)
    assert found
    assert lint(found, Shelf()) == []


def test_a_good_recipe_has_no_problem() -> None:
    assert linted(GOOD) == []


FAULTS = [
    ("an unknown step", ("| symptoms sample", "| symptms sample"), "7: question 'symptoms': A disease has no step"),
    ("a draw without use", ("few: [2, 4]", "few: [2, 4]\n  many: [1, 2]"), "10: no question has the slot $many"),
    ("a name without value", ("{{ age }}", "{{ aeg }}"), "15: the template's 'aeg' has no value"),
    ("a wrong name in a branch", ("{{ age }}", "{{ age }}{% if 0 %}{{ x }}{% endif %}"), "15: the template's 'x' has"),
    ("a patient's wrong part", ("patient.sex", "patient.sx"), "15: the template's block 'user' cannot be filled"),
    ("a patient in the rules", ("Rules.", "{{ age }}"), "13: the template's block 'system' cannot be filled"),
    ("a block for nothing", ("Rules.{%", "Rules.{% endblock %}{% block x %}{%"), "13: the block 'x' stands in no"),
    ("a fact that is not shown", ("names.symptom", "names.drug"), "11: a note must tell facts of kind 'symptom'"),
    ("no sex", ("{{ patient.sex }}", ""), "13: the block 'user' is the same whatever the patient's sex"),
    ("no age", ("{{ age }}", ""), "13: the block 'user' is the same whatever the patient's age"),
    ("another id", ("id: mine", "id: yours"), "2: the id is 'yours', but the file is mine.recipe"),
    ("a key twice", ("version: 1", "version: 1\nversion: 2"), "4: version stands twice"),
    ("an unknown style", ("draw:", "style: baroque\ndraw:"), "8: there is no style 'baroque'"),
    ("a length of its own", ("draw:", "length: huge\ndraw:"), "8: length: lengths: short, long"),
    ("a null for nothing", ("draw:", "  drugs: null\ndraw:"), "8: questions.drugs: Input should be a valid string"),
]


@pytest.mark.parametrize(("change", "message"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_is_told_with_its_line(change: tuple[str, str], message: str) -> None:
    text = GOOD.replace(*change)
    assert text != GOOD
    found = told(text)
    assert any(line.startswith(message) for line in found), found
    assert all(problem.hint for problem in linted(text))


def test_all_faults_are_told_at_once_and_once_only() -> None:
    text = GOOD
    for change in (("about:", "abuot:"), ("| symptoms sample", "| symptms sample"), ("{{ age }}", "{{ aeg }}")):
        text = text.replace(*change)
    assert [line.split(":")[0] for line in told(text)] == ["2", "5", "15"]
    text = GOOD.replace("required: [symptom]", "required: [mood]\n  top_p: 9.0\n  speed: 3").replace("$few", "$many")
    assert [line.split(":")[0] for line in told(text)] == ["7", "11", "12", "13"]


def test_a_variant_is_tried_out_too() -> None:
    variant = "variants:\n  odd:\n    about: Odd.\n    questions: {more: disease $disease | drgs}\n---\n{% block system"
    assert told(GOOD.replace("---\n{% block system", variant)) == ["15: question 'more': A disease has no step drgs"]
    wrong = variant.replace("questions: {more: disease $disease | drgs}", "quetsions: {}")
    assert any("quetsions" in line for line in told(GOOD.replace("---\n{% block system", wrong)))


def test_what_is_inherited_is_told_with_the_file_it_stands_in(tmp_path: Path) -> None:
    (tmp_path / "mine.recipe").write_text(GOOD.replace("Rules.", "{{ nobody }}"))
    (tmp_path / "child.recipe").write_text("---\nid: child\nversion: 1\nabout: C.\nextends: mine\n---\n")
    named = look_up("child", tmp_path)
    problems = lint(named.found, named.shelf)
    assert [str(problem) for problem in problems] == [
        f"{tmp_path / 'mine.recipe'}:13: the template's 'nobody' has no value"
    ]


STYLE_FILE = """en:
  rules: Be brief.
  words: {short: [1, 9], long: [1, 99]}
  abbreviations: [0, 1]
  shorthand: [0, 1]
  sentence: [0, 99]
  lines: {short: [1, 9], long: [1, 9]}
"""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("", ""), None),
        (("rules: Be brief.", "rules: ''"), "en.rules"),
        (("sentence: [0, 99]", "sentence: 9"), "en.sentence"),
        (("sentence: [0, 99]", "sentence: [9, 1]"), "smaller number first"),
        (("long: [1, 99]", "huge: [1, 99]"), "say it for each length"),
        (("en:", "fr:"), "nothing for"),
        (("rules:", "rules: ["), "not YAML"),
    ],
)
def test_a_style_is_checked_too(tmp_path: Path, change: tuple[str, str], message: str | None) -> None:
    path = tmp_path / "own.style"
    path.write_text(STYLE_FILE.replace(*change))
    named = look_up(str(path))
    problems = lint(named.found, named.shelf)
    assert bool(problems) is (message is not None)
    assert all(message in problem.message for problem in problems if message)
    assert message is None or "sentence" not in change[0] or {problem.line for problem in problems} == {6}

"""A recipe extends another and takes variants; what is nearest counts, and nothing depends on an order."""

from __future__ import annotations

import hashlib
import re
from itertools import combinations, permutations
from pathlib import Path

import pytest

from generator.errors import RecipeInvalid
from generator.patient import Patient
from generator.recipe import find_recipe, read_recipe, shipped_recipes
from generator.recipe.front import LENGTHS
from generator.recipe.layering import contradiction, inherited, laid_over
from generator.recipe.samples import sample_facts
from kg.query.spell import to_text

BASE = """---
id: base
version: 4
language: en
abstract: true
about: The base.
questions:
  symptoms: disease $disease | symptoms top $few
  drugs: disease $disease | drugs
draw: {few: [2, 4]}
options: {max_facts: {symptom: 4, drug: 2}, examples: 0}
variants:
  many:
    about: More.
    draw: {few: [5, 9]}
    options: {max_facts: {symptom: 9}}
  no-drugs:
    about: Without drugs.
    questions: {drugs: null}
  few:
    about: Fewer.
    draw: {few: [1, 1]}
---
{% block system %}Rules{% block more %}{% endblock %}.{% endblock %}
{% block user %}{{ age }} {{ by_sex("man", "woman") }}: {{ names.symptom | join(", ") }}{% endblock %}
"""
CHILD = """---
id: child
version: 1
extends: base
about: The child.
options: {max_facts: {drug: 1}}
---
{% block more %} of the child{% endblock %}
"""
GRANDCHILD = """---
id: grandchild
version: 1
extends: child
about: The grandchild.
---
{% block more %}{{ super() }} and its own{% endblock %}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"base": BASE, "child": CHILD, "grandchild": GRANDCHILD}.items():
        (tmp_path / f"{name}.recipe").write_text(text)
    return tmp_path


def test_the_upper_value_counts_at_every_depth_and_null_takes_away() -> None:
    lower = {"a": 1, "b": {"c": 2, "d": 3}, "e": 4}
    assert laid_over({"b": {"c": 5}, "e": None}, lower) == {"a": 1, "b": {"c": 5, "d": 3}}
    assert laid_over({"x": None}, {}) == {"x": None}
    assert lower == {"a": 1, "b": {"c": 2, "d": 3}, "e": 4}


def test_what_a_file_says_of_itself_alone_is_not_inherited() -> None:
    assert inherited([{"id": "a"}, {"id": "b", "about": "b", "version": 2, "abstract": True, "style": "s"}]) == {
        "id": "a",
        "style": "s",
    }


def test_a_recipe_has_all_that_it_extends_and_its_own_over_it(folder: Path) -> None:
    recipe = find_recipe("grandchild", folder)
    assert (recipe.id, recipe.version, recipe.language, recipe.about) == ("grandchild", 1, "en", "The grandchild.")
    assert recipe.options.max_facts == {"symptom": 4, "drug": 1}
    assert set(recipe.questions) == {"symptoms", "drugs"}
    assert recipe.system().content == "Rules of the child and its own."
    assert recipe.user(Patient(30, "female"), sample_facts(["symptom"])).content == "30-year-old woman: <symptom>"
    assert [Path(file).name for file in recipe.files] == ["grandchild.recipe", "child.recipe", "base.recipe"]


def test_the_hash_covers_every_file_and_every_variant(folder: Path) -> None:
    hashes = {name: find_recipe(name, folder).hash for name in ("child", "child+many", "child+no-drugs", "grandchild")}
    assert len(set(hashes.values())) == 4
    (folder / "base.recipe").write_text(BASE.replace("Rules", "Other rules"))
    assert all(find_recipe(name, folder).hash != known for name, known in hashes.items())


def test_the_hash_covers_the_style(folder: Path) -> None:
    style = "en: {rules: Be brief., words: &b {short: [1, 9], long: [1, 99]}, lines: *b, sentence: &s [0, 99],"
    (folder / "own.style").write_text(f"{style} abbreviations: *s, shorthand: *s}}")
    (folder / "child.recipe").write_text(CHILD.replace("options:", "style: own\noptions:"))
    before = find_recipe("child", folder).hash
    (folder / "own.style").write_text(f"{style} abbreviations: *s, shorthand: [0, 98]}}")
    assert find_recipe("child", folder).hash != before


def test_the_hash_of_a_file_alone_is_that_of_its_bytes(folder: Path) -> None:
    assert read_recipe(folder / "base.recipe").hash == hashlib.sha256(BASE.encode()).hexdigest()


def test_variants_are_laid_over_and_named_in_the_id(folder: Path) -> None:
    recipe = find_recipe("child+no-drugs+many", folder)
    assert recipe.id == "child+many+no-drugs"
    assert recipe.front.draw == {"few": (5, 9)}
    assert recipe.options.max_facts == {"symptom": 9, "drug": 1}
    assert {name: to_text(tree) for name, tree in recipe.questions.items()} == {
        "symptoms": "disease $disease | symptoms top $few"
    }
    assert find_recipe(str(folder / "child.recipe+many"), None).id == "child+many"


@pytest.mark.parametrize("name", ["child+many+few", "child+few+many"])
def test_variants_that_set_one_thing_to_two_values_are_refused(folder: Path, name: str) -> None:
    with pytest.raises(RecipeInvalid, match=r"'few' and 'many' contradict each other: both set draw\.few"):
        find_recipe(name, folder)


def test_no_contradiction_is_no_matter_of_order() -> None:
    changes = {"a": {"x": {"y": 1}}, "b": {"x": {"z": 2}}, "c": {"x": {"y": 1}}}
    for names in permutations(changes):
        assert contradiction({name: changes[name] for name in names}) is None


def test_an_unknown_variant_is_refused_with_those_there_are(folder: Path) -> None:
    with pytest.raises(RecipeInvalid, match="no variant 'huge'") as caught:
        find_recipe("child+huge", folder)
    assert caught.value.hint == "Variants: few, many, no-drugs."


def test_what_is_there_to_be_extended_is_not_written_from(folder: Path) -> None:
    with pytest.raises(RecipeInvalid, match="there to be extended"):
        find_recipe("base", folder)
    with pytest.raises(RecipeInvalid) as caught:
        find_recipe("note-en")
    assert "note-en" not in (caught.value.hint or "")


def test_an_own_recipe_may_extend_the_shipped_one_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = "---\nid: emergency-en\nversion: 9\nextends: emergency-en\nabout: Ours.\noptions: {examples: 1}\n---\n"
    (tmp_path / "emergency-en.recipe").write_text(own)
    recipe = find_recipe("emergency-en+long", tmp_path)
    assert (recipe.version, recipe.options.examples, recipe.front.kind) == (9, 1, "emergency")
    assert recipe.system().content == find_recipe("emergency-en+long").system().content
    monkeypatch.chdir(tmp_path)
    assert find_recipe("emergency-en.recipe+long").hash == recipe.hash


@pytest.mark.parametrize(
    ("extends", "message"),
    [
        ("nobody", "there is no recipe 'nobody' to extend"),
        ("grandchild", "'grandchild' extends itself in the end"),
        ("note-ru", "the language is 'en', but that of note-ru is 'ru'"),
    ],
)
def test_a_recipe_that_cannot_be_extended_is_told_with_the_line(folder: Path, extends: str, message: str) -> None:
    (folder / "base.recipe").write_text(BASE.replace("abstract: true", f"extends: {extends}"))
    with pytest.raises(RecipeInvalid, match=message) as caught:
        find_recipe("grandchild", folder)
    assert (caught.value.place or "").endswith(("base.recipe, line 5", "base.recipe, line 4"))


def test_an_error_in_what_is_inherited_names_the_file_that_says_it(folder: Path) -> None:
    (folder / "base.recipe").write_text(BASE.replace("drug: 2", "drg: 2"))
    with pytest.raises(RecipeInvalid, match="no kind of fact 'drg'") as caught:
        find_recipe("grandchild", folder)
    # The nearest file that sets max_facts is the child, though the word stands in the base.
    assert "recipe, line 6" in (caught.value.place or "")


def test_a_template_that_fails_names_its_file_and_line(folder: Path) -> None:
    (folder / "child.recipe").write_text(CHILD.replace(" of the child", "\n{{ age }}"))
    with pytest.raises(RecipeInvalid, match="'age' is undefined") as caught:
        find_recipe("grandchild", folder).system()
    assert (caught.value.place or "").endswith("child.recipe, line 9")


@pytest.mark.parametrize("name", ["../outpatient-en", "a/b", "", "+long", "."])
def test_a_name_leads_out_of_no_folder(folder: Path, name: str) -> None:
    with pytest.raises(RecipeInvalid, match="there is no recipe"):
        find_recipe(name, folder)


def test_every_kind_is_shipped_in_both_languages_and_takes_every_variant() -> None:
    kinds = {"outpatient", "emergency", "follow-up", "discharge"}
    found = [find_recipe(name) for name in shipped_recipes()]
    assert {(one.front.kind, one.language) for one in found} == {
        (kind, lang) for kind in kinds for lang in ("en", "ru")
    }
    assert len({frozenset(one.front.variants) for one in found}) == 1


STYLES = ("simple", "plain", "telegraphic", "narrative", "structured")
CHOICES = [("long",), ("hidden",), ("bare",), *((style,) for style in STYLES)]


@pytest.mark.parametrize("name", shipped_recipes())
def test_all_variants_go_together_but_two_styles(name: str) -> None:
    seen: set[str] = set()
    for style in STYLES:
        for count in range(4):
            for others in combinations(("long", "hidden", "bare"), count):
                recipe = find_recipe("+".join((name, style, *others)))
                seen.add(recipe.hash)
                assert recipe.front.length == LENGTHS["long" in others]
                assert recipe.hidden is ("hidden" in others)
                assert bool(recipe.options.examples) is ("bare" not in others)
                assert recipe.front.style == style
    assert len(seen) == len(STYLES) * 8
    with pytest.raises(RecipeInvalid, match="contradict"):
        find_recipe(f"{name}+plain+narrative")
    with pytest.raises(RecipeInvalid, match="leave nothing to tell"):
        find_recipe(f"{name}+hidden+code-only")


PROMPT = """You are a doctor who writes short clinical notes in English.
Use only the given facts. Name every fact once. No other symptoms and no other drugs.
No greeting, no advice, no musing. Write one paragraph and stop."""


def test_the_prompt_that_was_tuned_for_the_small_model_stays_as_it_is() -> None:
    recipe = find_recipe("outpatient-en")
    assert recipe.system().content == PROMPT
    facts = sample_facts(["symptom", "diagnosis", "drug"])
    assert recipe.user(Patient(45, "female"), facts).content == (
        "Patient: 45-year-old woman\nComplaints: <symptom>\nDiagnosis: <diagnosis>\nDrugs: <drug>"
    )


OF_A_MAN = re.compile(r"\b(?:Пациент,|Жаловался|Отрицал|перенёс|Доставлен|Пришёл|Выписан|мужчина)(?!\w)")
OF_A_WOMAN = re.compile(r"\b(?:Пациентка|Жаловалась|Отрицала|перенесла|Доставлена|Пришла|Выписана|женщина)(?!\w)")
RUSSIAN = [
    ("outpatient-ru", "male", 21, ["мужчина, 21 год"]),
    ("outpatient-ru", "female", 22, ["женщина, 22 года"]),
    ("emergency-ru", "male", 11, ["Пациент, 11 лет", "Доставлен в", "Жаловался на", "Отрицал с", "перенёс"]),
    ("emergency-ru", "female", 1, ["Пациентка, 1 год", "Доставлена в", "Жаловалась на", "Отрицала с", "перенесла"]),
    ("follow-up-ru", "male", 104, ["Пациент, 104 года", "Пришёл на", "Жаловался на"]),
    ("follow-up-ru", "female", 45, ["Пациентка, 45 лет", "Пришла на", "Жаловалась на"]),
    ("discharge-ru", "male", 63, ["Пациент, 63 года", "Выписан из", "Жаловался на"]),
    ("discharge-ru", "female", 90, ["Пациентка, 90 лет", "Выписана из", "Жаловалась на"]),
]


@pytest.mark.parametrize(("name", "sex", "age", "words"), RUSSIAN)
def test_russian_agrees_with_sex_and_age(name: str, sex: str, age: int, words: list[str]) -> None:
    text = find_recipe(name).user(Patient(age, sex), sample_facts()).content
    assert all(word in text for word in words), text
    of_the_other = OF_A_MAN if sex == "female" else OF_A_WOMAN
    assert of_the_other.findall(text) == []

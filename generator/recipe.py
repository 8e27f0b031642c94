"""A recipe: which questions are asked, and how their answers become a prompt; one file, YAML above a template."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

import yaml
from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from generator.errors import RecipeInvalid
from generator.facts import Fact
from generator.patient import Patient
from generator.phrases import FACT_KINDS, age_in_words
from generator.prompt import Message, Sampling
from generator.seeds import between, derive
from kg.errors import QueryError
from kg.query.bind import bind, slots
from kg.query.parse import parse
from kg.query.spell import to_text
from kg.query.tree import Tree
from kg.schema import LANGUAGES
from kg.values import check_curie

SHIPPED: Final = resources.files("generator") / "recipes"

_FRONT = re.compile(r"\A---\r?\n(.*?)^---\r?\n", re.DOTALL | re.MULTILINE)
_BLOCKS: Final = ("system", "user")


class Options(BaseModel):
    """Limits and sampling of a recipe."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    max_facts: dict[str, int] = Field(default_factory=dict)
    token_budget: int = Field(default=400, ge=20, le=100_000)
    required: tuple[str, ...] = FACT_KINDS
    examples: int = Field(default=2, ge=0, le=10)
    attempts: int = Field(default=3, ge=1, le=20)
    complete: bool = True
    block_terms: bool = True
    max_new_tokens: int = Field(default=160, ge=1, le=4096)
    temperature: float = Field(default=0.3, ge=0, le=2)
    top_p: float = Field(default=0.9, gt=0, le=1)

    @field_validator("required", mode="before")
    @classmethod
    def _as_tuple(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("max_facts", "required")
    @classmethod
    def _known_kinds(cls, value: Any) -> Any:
        for kind in value:
            if kind not in FACT_KINDS:
                raise ValueError(f"there is no kind of fact {kind!r}; kinds: {', '.join(FACT_KINDS)}")
        return value

    @property
    def sampling(self) -> Sampling:
        """What the model is told about drawing words."""
        return Sampling(self.max_new_tokens, self.temperature, self.top_p)


class _Front(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")
    version: int = Field(ge=1)
    language: str
    about: str = Field(min_length=1, max_length=300)
    questions: dict[str, str] = Field(min_length=1)
    draw: dict[str, tuple[int, int]] = Field(default_factory=dict)
    options: Options = Options()

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(f"languages: {', '.join(LANGUAGES)}")
        return value

    @field_validator("draw", mode="before")
    @classmethod
    def _as_pairs(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: tuple(pair) if isinstance(pair, list) else pair for name, pair in value.items()}

    @field_validator("draw")
    @classmethod
    def _low_to_high(cls, value: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
        for name, (low, high) in value.items():
            if not 0 <= low <= high:
                raise ValueError(f"{name} goes from {low} to {high}; write the smaller number first, 0 or more")
            if not name.isidentifier() or name in {"disease", "seed"}:
                raise ValueError(f"{name!r} cannot be the name of a slot")
        return value


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe that was read and checked. `hash` is the SHA-256 of the file's bytes, in hex."""

    id: str
    version: int
    language: str
    about: str
    questions: Mapping[str, Tree]
    draw: Mapping[str, tuple[int, int]]
    options: Options
    hash: str
    template: Template
    place: str

    def ask(self, disease_id: str, seed: int) -> dict[str, str]:
        """Return the questions of one row by name, their slots filled."""
        values: dict[str, str | int] = {
            name: between(low, high, seed, "draw", name) for name, (low, high) in self.draw.items()
        }
        values["disease"] = check_curie(disease_id)

        def filled(name: str, question: Tree) -> str:
            known = values | {"seed": derive(seed, "question", name)}
            return to_text(bind(question, {slot: known[slot] for slot in slots(question)}))

        return {name: filled(name, question) for name, question in self.questions.items()}

    def system(self) -> Message:
        """Return the rules."""
        return Message("system", self._block("system", {}))

    def user(self, patient: Patient, facts: Sequence[Fact]) -> Message:
        """Return patient and facts as the model reads them; an example's are rendered in just the same way."""
        names: dict[str, list[str]] = {kind: [] for kind in FACT_KINDS}
        for fact in facts:
            names[fact.kind].append(fact.name)
        data = {"patient": patient, "age": age_in_words(patient.age, self.language), "facts": facts, "names": names}
        return Message("user", self._block("user", data))

    def _block(self, name: str, data: Mapping[str, Any]) -> str:
        try:
            context = self.template.new_context(dict(data))
            text = "".join(self.template.blocks[name](context))
        except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
            raise RecipeInvalid(
                f"the template's block {name!r} cannot be filled: {error}",
                place=self.place,
                hint="A template may use patient, age, facts and names; docs/generator.md tells what they hold.",
            ) from error
        return text.strip()


def shipped_recipes() -> list[str]:
    """Return the names of the recipes that come with the project."""
    return sorted(item.name.removesuffix(".recipe") for item in SHIPPED.iterdir() if item.name.endswith(".recipe"))


def find_recipe(name: str, folder: Path | None = None) -> Recipe:
    """Return a recipe by its name, from `folder` first and then from those that are shipped, or by a file's path.

    Raises RecipeInvalid when there is none or it breaks a rule.
    """
    if name.endswith(".recipe"):
        return read_recipe(Path(name))
    if folder is not None and (folder / f"{name}.recipe").is_file():
        return read_recipe(folder / f"{name}.recipe")
    if name in shipped_recipes():
        return parse_recipe((SHIPPED / f"{name}.recipe").read_bytes(), f"{name}.recipe")
    own = sorted(path.stem for path in folder.glob("*.recipe")) if folder is not None and folder.is_dir() else []
    raise RecipeInvalid(
        f"there is no recipe {name!r}",
        place=f"folder {folder}" if folder else None,
        hint=f"Recipes: {', '.join(own + shipped_recipes())}; or give the path of a .recipe file.",
    )


def read_recipe(path: Path) -> Recipe:
    """Return the recipe in a file; raises RecipeInvalid with file and line."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RecipeInvalid(
            f"the recipe cannot be read: {error.strerror}", place=f"file {path}", hint="Check its path and its rights."
        ) from error
    return parse_recipe(content, str(path))


def parse_recipe(content: bytes, place: str) -> Recipe:
    """Return the recipe with these bytes; `place` names the file in errors."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise _invalid("the file is not UTF-8", place, content[: error.start].count(b"\n") + 1) from error
    parts = _FRONT.match(text)
    if parts is None:
        raise _invalid("the file does not begin with front matter between two lines of ---", place, 1)
    front, questions = _front(parts.group(1), place)
    above = text[: parts.end()].count("\n")
    return Recipe(
        id=front.id,
        version=front.version,
        language=front.language,
        about=front.about,
        questions=questions,
        draw=front.draw,
        options=front.options,
        hash=hashlib.sha256(content).hexdigest(),
        template=_template(text[parts.end() :], place, above),
        place=f"file {place}",
    )


def _front(text: str, place: str) -> tuple[_Front, dict[str, Tree]]:
    # Line 1 of the file is the first ---, so line n of the front matter is line n + 1 of the file.
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise _invalid(f"the front matter is not YAML: {error.problem}", place, line) from error
    except yaml.YAMLError as error:
        raise _invalid(f"the front matter is not YAML: {error}", place, 2) from error
    try:
        front = _Front.model_validate(values)
    except ValidationError as error:
        # A misspelt name is told before the name that is missing for it.
        first = min(error.errors(), key=lambda problem: problem["type"] != "extra_forbidden")
        where = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise _invalid(f"{where}: {message}" if where else message, place, _line(tree, first["loc"])) from error
    questions: dict[str, Tree] = {}
    for name, question in front.questions.items():
        where = _line(tree, ("questions", name))
        try:
            questions[name] = parse(question)
        except QueryError as error:
            raise _invalid(f"question {name!r}: {error.message}", place, where) from error
        problem = _slot_problem(questions[name], question, {"disease", "seed", *front.draw})
        if problem:
            raise _invalid(f"question {name!r} {problem}", place, where)
    return front, questions


def _slot_problem(question: Tree, text: str, known: set[str]) -> str | None:
    named = slots(question)
    unknown = [slot for slot in named if slot not in known]
    if unknown:
        return f"has the slot ${unknown[0]}; slots: {', '.join(sorted(known))}"
    if named.get("disease") != "name":
        quoted = ", without quotes" if '"$disease"' in text else ""
        return f"must name the disease: disease $disease{quoted}"
    return None


def _line(tree: yaml.Node | None, loc: Sequence[int | str]) -> int:
    """Return the file's line of the deepest part of `loc` that is in the front matter."""
    line = 2
    for part in loc:
        if isinstance(tree, yaml.MappingNode):
            found = next(((key, value) for key, value in tree.value if key.value == part), None)
            if found is None:
                break
            line, tree = found[0].start_mark.line + 2, found[1]
    return line


def _template(text: str, place: str, above: int) -> Template:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # the prompt is no HTML; graph text was cleaned by `as_data`
    )
    try:
        template = environment.from_string(text)
    except TemplateSyntaxError as error:
        raise _invalid(f"the template: {error.message}", place, above + error.lineno) from error
    for block in _BLOCKS:
        if block not in template.blocks:
            raise _invalid(f"the template has no block {block!r}", place, above + 1)
    return template


def _invalid(message: str, place: str, line: int) -> RecipeInvalid:
    return RecipeInvalid(
        message, place=f"file {place}, line {line}", hint="docs/generator.md tells how a recipe is written."
    )

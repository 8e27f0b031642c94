"""A recipe that was read and checked: it asks the questions of a row and words its prompt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.details import Circumstance
from generator.examples import Wish
from generator.facts import Fact
from generator.naming import Naming
from generator.patient import Patient
from generator.phrases import FACT_KINDS, age_in_words
from generator.prompt import Message
from generator.recipe.front import Front, Options
from generator.recipe.problems import Problem, refusal
from generator.recipe.style import Style
from generator.recipe.template import Page, fill
from generator.seeds import between, derive
from kg.query.bind import bind, slots
from kg.query.spell import to_text
from kg.query.tree import Tree
from kg.values import check_curie


@dataclass(frozen=True, slots=True)
class Recipe:
    """How notes of one kind are asked for.

    `id` has the variants behind it, in order: `emergency-en+hidden+long`. `hash` is the SHA-256 of the file's bytes,
    in hex; with files that it extends, variants or a style, that of all their hashes. `files` has the files, its own
    first.
    """

    id: str
    front: Front
    variants: tuple[str, ...]
    questions: Mapping[str, Tree]
    style: Style | None
    hash: str
    pages: tuple[Page, ...]
    files: tuple[str, ...]

    @property
    def version(self) -> int:
        """The version that its own file says."""
        return self.front.version

    @property
    def label(self) -> str:
        """Its name with its variants, and its version, as rows and manifests have it."""
        return f"{self.id}@{self.version}"

    @property
    def language(self) -> str:
        """The language of the notes."""
        return self.front.language

    @property
    def about(self) -> str:
        """What it is for, in a sentence."""
        return self.front.about

    @property
    def hidden(self) -> bool:
        """Whether the diagnosis is kept from the model and from the note."""
        return self.front.hidden

    @property
    def options(self) -> Options:
        """Limits and sampling."""
        return self.front.options

    @property
    def keeps_lines(self) -> bool:
        """Whether a note may have several lines."""
        return self.style is not None and self.style.ranges["lines"][1] > 1

    @property
    def wish(self) -> Wish:
        """Which example notes suit it best."""
        style = self.front.style
        return Wish(self.language, self.options.examples, self.front.kind, self.front.length, style, hidden=self.hidden)

    def naming(self, seed: int) -> Naming:
        """Return how the things of a row are called."""
        return Naming(self.language, seed, self.options.synonyms, self.options.coded)

    def ask(self, disease_id: str, seed: int) -> dict[str, str]:
        """Return the questions of one row by name, their slots filled."""
        values: dict[str, str | int] = {
            name: between(low, high, seed, "draw", name) for name, (low, high) in self.front.draw.items()
        }
        values["disease"] = check_curie(disease_id)

        def filled(name: str, question: Tree) -> str:
            known = values | {"seed": derive(seed, "question", name)}
            return to_text(bind(question, {slot: known[slot] for slot in slots(question)}))

        return {name: filled(name, question) for name, question in self.questions.items()}

    def system(self, *, examples: bool = True) -> Message:
        """Return the rules; `examples` says whether example notes follow. Raises RecipeInvalid with file and line."""
        return Message("system", self._filled("system", self.system_data(examples=examples)))

    def user(self, patient: Patient, facts: Sequence[Fact], details: Sequence[Circumstance] = ()) -> Message:
        """Return patient and facts as the model reads them; an example's are rendered in just the same way."""
        return Message("user", self._filled("user", self.user_data(patient, facts, details)))

    def system_data(self, *, examples: bool) -> dict[str, Any]:
        """Return what the template's block `system` may use."""
        return {**self._always(), "examples": examples}

    def user_data(
        self, patient: Patient, facts: Sequence[Fact], details: Sequence[Circumstance] = ()
    ) -> dict[str, Any]:
        """Return what the template's block `user` may use."""
        names: dict[str, list[str]] = {kind: [] for kind in FACT_KINDS}
        for fact in facts:
            names[fact.kind].append(fact.name)

        def by_sex(male: str, female: str) -> str:
            return female if patient.sex == "female" else male

        return {
            **self._always(),
            "patient": patient,
            "age": age_in_words(patient.age, self.language),
            "life": patient.life(self.language),
            "by_sex": by_sex,
            "facts": tuple(facts),
            "names": names,
            "details": tuple(detail.text for detail in details),
        }

    def _filled(self, block: str, data: Mapping[str, Any]) -> str:
        text = fill(self.pages, block, data)
        if isinstance(text, Problem):
            raise refusal([text])
        return text

    def _always(self) -> dict[str, Any]:
        return {
            "kind": self.front.kind,
            "length": self.front.length,
            "hidden": self.hidden,
            "style": self.style,
            "words": self.style.words if self.style else None,
        }

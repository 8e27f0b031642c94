"""What may stand above a recipe's template, and what each of it may be."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from generator.details import ASPECTS
from generator.phrases import FACT_KINDS
from generator.prompt import Sampling
from kg.schema import LANGUAGES

NAME: Final = r"^[a-z][a-z0-9-]{0,63}$"
LENGTHS: Final = ("short", "long")
# What a file says of itself alone; all else is inherited from the recipe that it extends.
OF_ITS_OWN: Final = frozenset({"id", "version", "about", "extends", "abstract"})


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Options(_Strict):
    """Limits and sampling of a recipe."""

    max_facts: dict[str, int] = Field(default_factory=dict)
    token_budget: int = Field(default=400, ge=20, le=100_000)
    required: tuple[str, ...] = FACT_KINDS
    examples: int = Field(default=2, ge=0, le=10)
    attempts: int = Field(default=3, ge=1, le=20)
    repair: bool = True
    complete: bool = True
    block_terms: bool = True
    known_words: bool = True
    diagnosis_alone: bool = False
    synonyms: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    details: tuple[int, int] = (0, 0)
    coded: float = Field(default=1, ge=0, le=1)
    max_new_tokens: int = Field(default=160, ge=1, le=4096)
    temperature: float = Field(default=0.3, ge=0, le=2)
    top_p: float = Field(default=0.9, gt=0, le=1)
    min_p: float = Field(default=0, ge=0, lt=1)

    @field_validator("required", "details", mode="before")
    @classmethod
    def _as_tuple(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("max_facts", "required", "synonyms")
    @classmethod
    def _known_kinds(cls, value: Any) -> Any:
        for kind in value:
            if kind not in FACT_KINDS:
                raise ValueError(f"there is no kind of fact {kind!r}; kinds: {', '.join(FACT_KINDS)}")
        return value

    @field_validator("details")
    @classmethod
    def _few_to_many(cls, value: tuple[int, int]) -> tuple[int, int]:
        if not 0 <= value[0] <= value[1] <= len(ASPECTS):
            raise ValueError(f"details are two numbers from 0 to {len(ASPECTS)}, the smaller one first")
        return value

    @property
    def sampling(self) -> Sampling:
        """What the model is told about drawing words."""
        return Sampling(self.max_new_tokens, self.temperature, self.top_p, self.min_p)


class Variant(_Strict):
    """A change to a recipe that is asked for by name: what it sets takes the place of what the recipe sets."""

    about: str = Field(min_length=1, max_length=300)
    kind: str | None = None
    length: str | None = None
    style: str | None = None
    hidden: bool | None = None
    questions: dict[str, str | None] = Field(default_factory=dict)
    draw: dict[str, Any] = Field(default_factory=dict)
    options: dict[str, Any] = Field(default_factory=dict)

    def changes(self) -> dict[str, Any]:
        """Return what it sets."""
        return self.model_dump(exclude={"about"}, exclude_unset=True)


class Front(_Strict):
    """The front matter of a recipe, with all that it inherits."""

    id: str = Field(pattern=NAME)
    version: int = Field(ge=1)
    language: str
    about: str = Field(min_length=1, max_length=300)
    extends: str | None = Field(default=None, pattern=NAME)
    abstract: bool = False
    kind: str | None = Field(default=None, pattern=NAME)
    length: str = "short"
    style: str | None = Field(default=None, pattern=NAME)
    hidden: bool = False
    questions: dict[str, str] = Field(min_length=1)
    draw: dict[str, tuple[int, int]] = Field(default_factory=dict)
    options: Options = Options()
    variants: dict[str, Variant] = Field(default_factory=dict)

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(f"languages: {', '.join(LANGUAGES)}")
        return value

    @field_validator("length")
    @classmethod
    def _known_length(cls, value: str) -> str:
        if value not in LENGTHS:
            raise ValueError(f"lengths: {', '.join(LENGTHS)}")
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

    @model_validator(mode="after")
    def _something_to_tell(self) -> Front:
        if self.hidden and self.options.diagnosis_alone:
            raise ValueError("hidden and options.diagnosis_alone leave nothing to tell; take one of the two")
        return self

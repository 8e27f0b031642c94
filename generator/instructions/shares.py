"""How many rows of which builder, and by which limits: a YAML file, checked before anything is asked."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from generator.errors import SharesInvalid
from generator.instructions.builders import BUILDERS
from kg.schema import LANGUAGES

_STRICT: Final = ConfigDict(extra="forbid", frozen=True)
MOST_WORDINGS: Final = 6


class Share(BaseModel):
    """Of one builder: its share beside those of the others, and the fewest words of an answer (MedSyn: 0 to 30)."""

    model_config = _STRICT

    share: float = Field(default=1, ge=0, le=1_000_000)
    min_answer_words: int = Field(default=0, ge=0, le=1000)


class Shares(BaseModel):
    """All shares and limits.

    `role_prefix` is the share of rows that begin with whom the model shall be. `max_per_disease` bounds the rows about
    one disease (0: no bound), `wordings_per_case` how often the same thing is asked in one language, each time in
    other words. `when_dry` says what happens when a builder has too few rows: `refuse`, or `spread` its share over the
    others. `general` would be the share of text that is not medical; there is none.
    """

    model_config = _STRICT

    languages: tuple[Literal["en", "ru"], ...] = ("en", "ru")
    role_prefix: float = Field(default=0.25, ge=0, le=1)
    max_per_disease: int = Field(default=0, ge=0)
    wordings_per_case: int = Field(default=1, ge=1, le=MOST_WORDINGS)
    when_dry: Literal["refuse", "spread"] = "refuse"
    general: float = 0
    builders: dict[str, Share]

    def of(self, *names: str) -> Shares:
        """Return the same limits for these builders alone; one that has no share yet gets 1. Raises SharesInvalid."""
        _refuse_unknown(names, "--only")
        held = {name: self.builders.get(name, Share()) for name in names}
        taken = {name: share if share.share else share.model_copy(update={"share": 1}) for name, share in held.items()}
        return self.model_copy(update={"builders": taken})


def read_shares(path: Path | None = None) -> Shares:
    """Return the shares of a file, or those that are shipped.

    What a file leaves out is as shipped; if it names builders, only those are used. Raises SharesInvalid.
    """
    held = _mapping(
        resources.files("generator").joinpath("instructions", "shares.yaml").read_text("utf-8"), "shares.yaml"
    )
    if path is not None:
        try:
            held |= _mapping(path.read_text("utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise SharesInvalid(
                f"the file cannot be read: {error}", place=f"file {path}", hint="Name a YAML file in UTF-8."
            ) from error
    place = f"file {path or 'shares.yaml'}"
    try:
        shares = Shares.model_validate(held)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SharesInvalid(
            f"{where}: {first['msg']}", place=place, hint="docs/instructions.md has every setting."
        ) from error
    _refuse_unknown(shares.builders, place)
    if shares.general:
        raise SharesInvalid(
            "general: no general text is shipped, so no share of it can be given",
            place=place,
            hint="Leave it out, and mix your own text in behind: rows are JSON lines with `messages`.",
        )
    if not shares.languages or len(set(shares.languages)) < len(shares.languages):
        raise SharesInvalid(
            f"languages: name each once, at least one of {', '.join(LANGUAGES)}", place=place, hint="Write [en, ru]."
        )
    if not any(share.share for share in shares.builders.values()):
        raise SharesInvalid("builders: none has a share above 0", place=place, hint="Give one of them share: 1.")
    return shares


def _mapping(text: str, name: str) -> dict[str, Any]:
    try:
        held = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SharesInvalid(f"no YAML: {error}", place=f"file {name}", hint="docs/instructions.md has one.") from error
    if not isinstance(held, dict):
        raise SharesInvalid("no settings are in it", place=f"file {name}", hint="docs/instructions.md has an example.")
    return {str(key): value for key, value in held.items()}  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]


def _refuse_unknown(names: Any, place: str) -> None:
    unknown = [name for name in names if name not in BUILDERS]
    if unknown:
        raise SharesInvalid(
            f"there is no builder {', '.join(map(repr, unknown))}",
            place=place,
            hint="`mkg generate instructions --list` names them.",
        )

"""How files and variants are laid over one another: the upper one counts, and null takes away what is below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.recipe.front import OF_ITS_OWN


def laid_over(upper: Mapping[str, Any], lower: Mapping[str, Any]) -> dict[str, Any]:
    """Return `lower` with all that `upper` says in its place, name by name at every depth.

    A null takes away what `lower` has. One that takes nothing away stays, so that whoever reads it can refuse it.
    """
    result = dict(lower)
    for name, value in upper.items():
        below = result.get(name)
        if value is None and name in result:
            del result[name]
        elif isinstance(value, dict) and isinstance(below, dict):
            result[name] = laid_over(value, below)
        else:
            result[name] = value
    return result


def inherited(files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the values of the first file over those of the files that it extends, nearest first."""
    result: dict[str, Any] = {}
    for values in reversed(files[1:]):
        result = laid_over({name: value for name, value in values.items() if name not in OF_ITS_OWN}, result)
    return laid_over(files[0], result)


def contradiction(changes: Mapping[str, Mapping[str, Any]]) -> tuple[str, str, str] | None:
    """Return two variants and the name that they set to different values, or None.

    So it never matters in which order variants are asked for.
    """
    setting: dict[str, tuple[str, Any]] = {}
    for variant, values in changes.items():
        for path, value in _leaves(values):
            other, before = setting.setdefault(path, (variant, value))
            if before != value:
                return other, variant, path
    return None


def _leaves(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value

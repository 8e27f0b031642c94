"""Ids for what a source knows by a code or a name alone; the identity step turns them into the thing's own id."""

from __future__ import annotations

import hashlib
from typing import Final, Literal

# A diagnosis that is told by its code alone; the code itself is another thing, `ICD10:J20`.
CODE_PREFIXES: Final = {"ICD10": "ICD10.DX", "ICD10CM": "ICD10CM.DX"}
NAME_PREFIX: Final = "NAME"


def by_code(system: Literal["ICD10", "ICD10CM"], code: str) -> str:
    """Return the id of the disease that is told by this code alone, for instance `ICD10.DX:J20`."""
    return f"{CODE_PREFIXES[system]}:{code}"


def by_name(kind: str, name: str) -> str:
    """Return the id of a thing of that kind that is told by its name alone; the same name always gives the same id.

    Names are told apart without regard to case and to the number of spaces.
    """
    folded = " ".join((kind, *name.casefold().split()))
    return f"{NAME_PREFIX}:{hashlib.sha256(folded.encode()).hexdigest()[:20]}"

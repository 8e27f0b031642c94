"""How a text speaks of what it names: as there, denied, past, somebody else's, or only thought of."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """How a text speaks of something that it names."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"  # denied, absent, excluded, not given
    HISTORY = "history"  # of the patient's past
    FAMILY = "family"  # of somebody of the patient's family
    HYPOTHETICAL = "hypothetical"  # suspected, feared, to be excluded, or the condition of an advice

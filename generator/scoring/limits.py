"""From which scores on a note passes the second judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# The thresholds of MedSyn's filter (features M15); the second must be exceeded.
SYMPTOMS_RECALL: Final = 0.65
ANAMNESIS_PRECISION: Final = 0.7


@dataclass(frozen=True, slots=True)
class Limits:
    """The least scores with which a note passes; a score that could not be had is not asked for."""

    symptoms_recall: float = SYMPTOMS_RECALL
    anamnesis_precision: float = ANAMNESIS_PRECISION

    def passed(self, scores: Mapping[str, float]) -> bool:
        """Return whether the scores reach the limits."""
        recall = scores.get("symptoms_recall")
        precision = scores.get("anamnesis_precision")
        return (recall is None or recall >= self.symptoms_recall) and (
            precision is None or precision > self.anamnesis_precision
        )

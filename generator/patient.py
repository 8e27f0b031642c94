"""Who the note is about: an age and a sex that the disease allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from generator.errors import NothingToTell
from generator.phrases import life_in_words
from generator.seeds import between
from kg.schema import SEXES
from kg.subgraph import SubgraphNode

# Where the graph sets no limit the patient is an adult: a disease that nobody limited surprises least there.
USUAL_AGES: Final = (18, 85)


@dataclass(frozen=True, slots=True)
class Patient:
    """Age in whole years and sex (`female` or `male`) of the invented patient.

    The rest is known of those who were drawn by `mkg generate patients`; `marital_state` is one of theirs.
    """

    age: int
    sex: str
    smoker: bool | None = None
    pregnant: bool | None = None
    marital_state: str | None = None

    def life(self, language: str) -> tuple[str, ...]:
        """Return how the patient lives in words; of a child neither marriage nor that it does not smoke."""
        grown = self.age >= USUAL_AGES[0]
        return life_in_words(
            self.sex,
            language,
            smoker=self.smoker if grown or self.smoker else None,
            pregnant=self.pregnant,
            marital_state=self.marital_state if grown else None,
        )


def draw_patient(disease: SubgraphNode, seed: int) -> Patient:
    """Return the patient of a row; age and sex are drawn evenly within the disease's limits.

    Raises NothingToTell when the limits leave nobody.
    """
    low, high = _ages(disease)
    sex = disease.properties.get("sex")
    return Patient(
        age=between(low, high, seed, "age"),
        sex=sex if sex in SEXES else SEXES[between(0, len(SEXES) - 1, seed, "sex")],
    )


def _ages(disease: SubgraphNode) -> tuple[int, int]:
    lowest, highest = _limit(disease.properties, "age_min"), _limit(disease.properties, "age_max")
    if lowest is not None and highest is not None and lowest > highest:
        raise NothingToTell(
            f"{disease.name()} has age_min {lowest} above age_max {highest}",
            place=disease.id,
            hint="Propose a change of one of the two: no patient fits between them.",
        )
    usual_low, usual_high = USUAL_AGES
    if lowest is None:
        # A limit below adult age names a disease of children, so the other end opens down to birth.
        lowest = usual_low if highest is None or highest >= usual_low else 0
    if highest is None:
        highest = max(usual_high, lowest)
    return lowest, highest


def _limit(properties: Mapping[str, Any], name: str) -> int | None:
    value = properties.get(name)
    return None if value is None else int(value)

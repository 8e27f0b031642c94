"""A group of diseases to draw from: who may have one of them, and which one somebody has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from generator.patients.chance import Chance
from generator.patients.demography import Crowd, Demography, Person
from generator.patients.pool import Illness

_Choice = tuple[tuple[Illness, ...], tuple[float, ...]]


@dataclass(slots=True)
class Group:
    """Diseases with their chances, and the people who may have one of them.

    A disease has a chance of prior ÷ share of the population that may have it, among those that the person may have.
    By Bayes that is P(disease | person) when P(person | disease) is the population within the disease's limits; so
    people follow the tables and diseases their priors. A disease without prior, or with 0, counts as the rarest of the
    group.

    With `split` (MedSyn draws with 0.15) the list is drawn first: diseases of one sex with this chance, all others
    else; an empty list leaves the other.
    """

    illnesses: tuple[Illness, ...]
    crowd: Crowd
    split: float | None
    _weights: dict[str, float]
    _choices: dict[tuple[str, int], tuple[_Choice, _Choice, _Choice]] = field(
        default_factory=dict[tuple[str, int], tuple[_Choice, _Choice, _Choice]]
    )

    @classmethod
    def of(cls, illnesses: Sequence[Illness], demography: Demography, split: float | None = None) -> Group:
        """Return the group; diseases that nobody of the population may have, or without symptoms, are left out."""
        shares = {limit: demography.crowd(limit.fits).share for limit in {illness.limit for illness in illnesses}}
        able = tuple(illness for illness in illnesses if shares[illness.limit] and illness.symptoms)
        priors = [illness.prior for illness in able if illness.prior]
        rarest = min(priors, default=1.0)
        weights = {illness.id: (illness.prior or rarest) / shares[illness.limit] for illness in able}
        limits = {illness.limit for illness in able}
        crowd = demography.crowd(lambda sex, age: any(limit.fits(sex, age) for limit in limits))
        return cls(able, crowd, split, weights)

    def illness(self, person: Person, chance: Chance) -> Illness:
        """Draw what somebody of the crowd has."""
        every, one_sex, neutral = self._choice(person.sex, person.age)
        if self.split is not None and one_sex[0] and neutral[0]:
            every = one_sex if chance.happens(self.split, "list") else neutral
        return every[0][chance.pick(every[1], "disease")]

    def _choice(self, sex: str, age: int) -> tuple[_Choice, _Choice, _Choice]:
        found = self._choices.get((sex, age))
        if found is None:
            able = [illness for illness in self.illnesses if illness.limit.fits(sex, age)]
            found = self._choices[sex, age] = (
                self._with_chances(able),
                self._with_chances([illness for illness in able if illness.of_one_sex]),
                self._with_chances([illness for illness in able if not illness.of_one_sex]),
            )
        return found

    def _with_chances(self, illnesses: Sequence[Illness]) -> _Choice:
        return tuple(illnesses), tuple(accumulate(self._weights[illness.id] for illness in illnesses))

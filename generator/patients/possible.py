"""Whether one patient can have two diseases, or be given a drug."""

from __future__ import annotations

from collections.abc import Sequence

from generator.patients.demography import Person
from generator.patients.limits import apart, drug_limit, needs_proof
from generator.patients.pool import Illness, Link


def may_have_both(illness: Illness, other: Illness, person: Person) -> bool:
    """Return whether the person with one disease may have the other as well."""
    states = {illness.limit.pregnant, other.limit.pregnant}
    return (
        other.id != illness.id
        and other.id not in illness.kin
        and other.id not in illness.lookalikes
        and illness.id not in other.lookalikes
        and other.limit.fits(person.sex, person.age)
        # Nobody is pregnant with the one and cannot be with the other.
        and not {True, False} <= states
        and not (illness.icd10 and other.icd10 and apart(illness.icd10, other.icd10))
    )


def may_be_given(drug: Link, having: Sequence[Illness], person: Person, pregnant: bool) -> bool:
    """Return whether a drug is forbidden in none of the diseases and allowed at this sex and age and in pregnancy."""
    return drug_limit(_atc(drug)).allows(person.sex, person.age, pregnant) and not any(
        drug.node.id in illness.forbidden for illness in having
    )


def may_be_given_unproven(drug: Link) -> bool:
    """Return whether a drug is given though another disease was only taken for the patient's own."""
    return not needs_proof(_atc(drug))


def _atc(drug: Link) -> str:
    return drug.node.properties.get("atc") or ""

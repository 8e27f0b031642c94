"""Draws one patient: person, disease, comorbidity, symptoms, drugs and their unwanted effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from generator.patients.chance import Chance
from generator.patients.demography import Demography, Person
from generator.patients.group import Group
from generator.patients.limits import opposed, term_limit
from generator.patients.pool import Comorbidity, Illness, Link, Pool
from generator.patients.possible import may_be_given, may_be_given_unproven, may_have_both
from kg.query.draw import draw_numbers, draw_place
from kg.stored import draw_number
from kg.weights import probabilities


@dataclass(frozen=True, slots=True)
class Options:
    """How patients are drawn.

    `temperature` sharpens (below 1) or levels the weights of symptoms; at most `max_symptoms`, `max_drugs` and
    `max_side_effects` are drawn. With probability `lookalike` the drug is one for a disease that resembles the
    patient's, with `comorbidity` there is a second disease. `split` is MedSyn's share of diseases of one sex.
    `subcodes` draws one of the parts of the disease's category as well.
    """

    temperature: float = 1.0
    max_symptoms: int = 4
    max_drugs: int = 2
    max_side_effects: int = 3
    lookalike: float = 0.1
    comorbidity: float = 0.2
    split: float | None = None
    subcodes: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A drug that the patient has, and by which edges: for the patient's disease, or `over` one that resembles it."""

    treats: Link
    over: Link | None
    effects: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A patient as drawn. `sampled` is how many symptoms the question has to draw with `seed` to hold these.

    `subcode` is a part of the disease's category, all alike likely: the category's prior is spread over them evenly.
    """

    person: Person
    illness: Illness
    second: tuple[Comorbidity, Illness] | None
    pregnant: bool
    symptoms: tuple[Link, ...]
    sampled: int
    seed: int
    drugs: tuple[Given, ...]
    subcode: Link | None = None


def draw(pool: Pool, group: Group, demography: Demography, options: Options, chance: Chance, seed: int) -> Drawn | None:
    """Return a patient of the group, or None when no symptom of the disease is possible for the person drawn.

    `seed` draws the symptoms, in the same way as `sample … seed` of the query language.
    """
    person = demography.person(group.crowd, chance)
    illness = group.illness(person, chance)
    second = _second(pool, illness, person, options, chance)
    pregnant = any(one.limit.pregnant is True for one in (illness, *([second[1]] if second else [])))
    symptoms, sampled = _symptoms(illness, person, pregnant, options, chance, seed)
    if not symptoms:
        return None
    having = (illness, second[1]) if second else (illness,)
    drugs = _drugs(pool, having, person, pregnant, options, chance)
    subcode = _subcode(illness, chance) if options.subcodes else None
    return Drawn(person, illness, second, pregnant, symptoms, sampled, seed, drugs, subcode)


def _subcode(illness: Illness, chance: Chance) -> Link | None:
    return illness.subcodes[chance.below(len(illness.subcodes), "sub-code")] if illness.subcodes else None


def _second(
    pool: Pool, illness: Illness, person: Person, options: Options, chance: Chance
) -> tuple[Comorbidity, Illness] | None:
    if not illness.comorbidities or not chance.happens(options.comorbidity, "comorbidity"):
        return None
    ways: dict[str, list[Comorbidity]] = {}
    for way in illness.comorbidities:
        ways.setdefault(way.other, []).append(way)
    able = [key for key in sorted(ways) if may_have_both(illness, pool.illnesses[key], person)]
    if not able:
        return None
    priors = _priors([pool.illnesses[key] for key in able])
    key = able[chance.pick(tuple(accumulate(priors)), "second disease")]
    return ways[key][chance.below(len(ways[key]), "way to it")], pool.illnesses[key]


def _priors(illnesses: Sequence[Illness]) -> list[float]:
    known = [illness.prior for illness in illnesses if illness.prior]
    rarest = min(known, default=1.0)
    return [illness.prior or rarest for illness in illnesses]


@cache
def _number(symptom: str) -> int:
    return draw_number(symptom)


def _symptoms(
    illness: Illness, person: Person, pregnant: bool, options: Options, chance: Chance, seed: int
) -> tuple[tuple[Link, ...], int]:
    """Return the first of the seeded order that the person may have, and up to which place that order was needed."""
    numbers = draw_numbers(seed)
    order = sorted(
        (-draw_place(_number(link.node.id), numbers, link.edge.properties.get("weight"), options.temperature), at)
        for at, link in enumerate(illness.symptoms)
    )
    wanted = 1 + chance.below(options.max_symptoms, "number of symptoms")
    drawn: list[Link] = []
    sampled = 0
    for place, (_, at) in enumerate(order, start=1):
        link = illness.symptoms[at]
        name = link.node.name("en")
        if term_limit(name).allows(person.sex, person.age, pregnant) and not any(
            opposed(name, earlier.node.name("en")) for earlier in drawn
        ):
            drawn.append(link)
            sampled = place
            if len(drawn) == wanted:
                break
    return tuple(drawn), sampled


def _drugs(
    pool: Pool, having: Sequence[Illness], person: Person, pregnant: bool, options: Options, chance: Chance
) -> tuple[Given, ...]:
    illness = having[0]
    over = _lookalike(pool, illness, person, options, chance)
    source = pool.illnesses[over.node.id] if over else illness
    able = [
        link
        for link in source.drugs
        if may_be_given(link, having, person, pregnant) and (over is None or may_be_given_unproven(link))
    ]
    wanted = 1 + chance.below(options.max_drugs, "number of drugs") if options.max_drugs else 0
    left = options.max_side_effects
    given: list[Given] = []
    while able and len(given) < wanted:
        link = able.pop(chance.below(len(able), f"drug {len(given)}"))
        able = [other for other in able if frozenset((link.node.id, other.node.id)) not in pool.interacting]
        effects = _effects(pool.effects.get(link.node.id, ()), person, pregnant, given, left, chance)
        left -= len(effects)
        given.append(Given(link, over, effects))
    return tuple(given)


def _lookalike(pool: Pool, illness: Illness, person: Person, options: Options, chance: Chance) -> Link | None:
    """Return the edge to a disease that resembles the patient's, that the person could have and that has drugs."""
    if not chance.happens(options.lookalike, "look-alike"):
        return None
    able = [
        link
        for link in illness.resembling
        if pool.illnesses[link.node.id].drugs
        and pool.illnesses[link.node.id].limit.allows(person.sex, person.age, illness.limit.pregnant is True)
    ]
    if not able:
        return None
    shares = probabilities([link.edge.properties.get("score") or 0.0 for link in able])
    return able[chance.pick(tuple(accumulate(shares)), "which look-alike")]


def _effects(
    effects: Sequence[Link], person: Person, pregnant: bool, given: Sequence[Given], left: int, chance: Chance
) -> tuple[Link, ...]:
    """Keep each effect with the probability of its frequency, the most frequent first, none that another drug has."""
    had = {link.node.id for earlier in given for link in earlier.effects}
    kept: list[Link] = []
    for link in sorted(effects, key=lambda link: (-_frequency(link.edge.properties), link.edge.id)):
        if len(kept) == left:
            break
        if (
            link.node.id not in had
            and chance.happens(_frequency(link.edge.properties), link.edge.id)
            and term_limit(link.node.name("en")).allows(person.sex, person.age, pregnant)
        ):
            kept.append(link)
    return tuple(kept)


def _frequency(properties: Mapping[str, float | str]) -> float:
    frequency = properties.get("frequency")
    return frequency if isinstance(frequency, float | int) else 0.0

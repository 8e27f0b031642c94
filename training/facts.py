"""What a note of the core graph is given: the facts of a disease, or complaints and drugs of anybody."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from generator.facts import DIAGNOSIS, Fact
from generator.linking.vocabulary import term_of
from generator.naming import Naming
from generator.recipe import Recipe
from kg.subgraph import SubgraphNode
from training.core import Illness, illnesses
from training.held_out import held_out

# How often a note has fewer drugs than its recipe takes.
_FEWER_DRUGS = 0.4


def facts_of(
    recipe: Recipe, illness: Illness, sex: str, draw: random.Random, *, mixed: float = 0.0, held: bool = False
) -> list[Fact]:
    """Return what a row of the recipe about the disease could be given, in an order that it could have.

    With the probability `mixed` the complaints, and with it the drugs, are any that somebody of this `sex` can have.
    Terms that are held out come up only with `held`.
    """
    naming = recipe.naming(draw.getrandbits(31))
    facts = [] if recipe.hidden else [_diagnosis(illness, naming)]
    options, asked = recipe.options, recipe.questions
    if "symptoms" in asked:
        low, high = recipe.front.draw["symptoms"]
        count = min(draw.randint(low, high), options.max_facts["symptom"])
        weighted: Sequence[tuple[SubgraphNode, float]] = illness.symptoms
        if draw.random() < mixed:
            weighted = [(node, 1.0) for node in _anybodys("symptom", sex)]
        # Without replacement by weight: Efraimidis and Spirakis 2006.
        chosen = sorted(weighted, key=lambda pair: draw.random() ** (1 / max(pair[1], 0.01)), reverse=True)[:count]
        facts += [_fact("symptom", node, naming) for node, _ in chosen]
    if "drugs" in asked:
        drugs: Sequence[SubgraphNode] = _anybodys("drug", sex) if draw.random() < mixed else illness.drugs
        drugs = [node for node in drugs if held or node.id not in held_out().terms]
        most = options.max_facts["drug"]
        count = draw.choice(range(1, most + 1)) if draw.random() < _FEWER_DRUGS else most
        facts += [_fact("drug", node, naming) for node in draw.sample(drugs, min(count, len(drugs)))]
    return [replace(fact, id=f"F{number}") for number, fact in enumerate(facts, start=1)]


@cache
def learned() -> tuple[Illness, ...]:
    """Return the illnesses that are not held out."""
    return tuple(one for one in illnesses() if one.code not in held_out().codes)


@cache
def _anybodys(kind: str, sex: str) -> tuple[SubgraphNode, ...]:
    """Return the symptoms or drugs of all diseases that someone of this sex can have, but those held out."""
    found: dict[str, SubgraphNode] = {}
    for one in learned():
        if one.node.properties.get("sex") in (None, sex):
            of_one = [node for node, _ in one.symptoms] if kind == "symptom" else one.drugs
            found.update((node.id, node) for node in of_one if node.id not in held_out().terms)
    return tuple(found.values())


def _diagnosis(illness: Illness, naming: Naming) -> Fact:
    name = naming.name(illness.node, DIAGNOSIS)
    told = f"{name} ({illness.code})" if naming.says_code(illness.node) else name
    return Fact("", DIAGNOSIS, told, told, None, (term_of(illness.node),))


def _fact(kind: str, node: SubgraphNode, naming: Naming) -> Fact:
    name = naming.name(node, kind)
    return Fact("", kind, name, name, None, (term_of(node),))

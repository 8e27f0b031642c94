"""A recipe's questions: read, their slots checked, and asked about one disease."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from generator.phrases import PHRASES
from kg.errors import QueryError
from kg.query.bind import bind, slots
from kg.query.parse import parse
from kg.query.parts import Plan, Stride
from kg.query.plan import plan
from kg.query.tree import Tree

# What every question may name beside the slots that are drawn.
GIVEN_SLOTS: Final = frozenset({"disease", "seed"})


def read_question(text: str, drawn: Collection[str]) -> Tree | str:
    """Return the question, or in words what is wrong with it."""
    try:
        tree = parse(text)
    except QueryError as error:
        return f": {error.message}"
    named = slots(tree)
    known = GIVEN_SLOTS | set(drawn)
    unknown = [slot for slot in named if slot not in known]
    if unknown:
        return f" has the slot ${unknown[0]}; slots: {', '.join(sorted(known))}"
    if named.get("disease") != "name":
        quoted = ", without quotes" if '"$disease"' in text else ""
        return f" must name the disease: disease $disease{quoted}"
    return tree


def planned(tree: Tree, drawn: Mapping[str, tuple[int, int]]) -> Plan:
    """Return what the question means in the schema, drawn slots at their largest; raises QueryError."""
    values: dict[str, str | int] = {name: high for name, (_, high) in drawn.items()}
    values |= {"disease": "DOID:4", "seed": 0}
    return plan(bind(tree, {slot: values[slot] for slot in slots(tree)}))


def kinds_of_facts(plan: Plan) -> Iterator[str]:
    """Yield the kinds of facts that the answer can tell."""
    for part in plan.parts:
        if isinstance(part, Stride):
            for role in part.roles:
                if role.edge in PHRASES and role.edge != "PART_OF":
                    yield PHRASES[role.edge].fact

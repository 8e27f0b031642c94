"""How names of kg.schema are written in GraphQL, and bare classes made of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import strawberry

from graphql_api.arguments.common import constant, enum_of
from kg.schema import EDGE_KINDS, NODE_KINDS, Property, Role


def camel(words: str) -> str:
    """Return `side_effects` or HAS_SYMPTOM as a part of a type's name: SideEffects, HasSymptom."""
    return "".join(part.capitalize() for part in words.lower().split("_"))


def snake(label: str) -> str:
    """Return a label as the name of a field in Python: `DrugClass` becomes drug_class."""
    return constant(label).lower()


def plural(word: str) -> str:
    """Return the plural of a kind's name as a field."""
    return f"{word}es" if word.endswith("s") else f"{word}s"


def described(item: Property) -> str:
    """Return what a property means, with its unit."""
    return f"{item.meaning} Unit: {item.unit}." if item.unit else item.meaning


def role_title(role: Role) -> str:
    """Return a role as a part of a type's name: DiseaseSymptoms."""
    return f"{role.start}{camel(role.name)}"


def made(name: str, bases: tuple[type, ...], fields: dict[str, tuple[Any, Any]], methods: dict[str, Any]) -> type:
    """Return a bare class with these fields (annotation, default) and methods, for Strawberry to decorate later."""
    defaults = {key: default for key, (_, default) in fields.items() if default is not None}
    annotations = {key: annotation for key, (annotation, _) in fields.items()}
    return type(name, bases, {"__annotations__": annotations, "__module__": __name__, **defaults, **methods})


# Choices of properties are enums, named after the kind that has them: TreatsPurpose, DiseaseSex.
CHOICES: Final[dict[tuple[str, str], Any]] = {
    (owner, item.name): enum_of(
        f"{title}{camel(item.name)}", {choice.upper(): choice for choice in item.choices}, item.meaning
    )
    for owner, title, properties in (
        *((kind.label, kind.label, kind.properties) for kind in NODE_KINDS),
        *((kind.type, camel(kind.type), kind.properties) for kind in EDGE_KINDS),
    )
    for item in properties
    if item.type == "choice"
}


def type_of(owner: str, item: Property) -> Any:
    """Return the type of a property of that kind in Python, as Strawberry reads it."""
    plain = {"text": str, "number": float, "integer": int}
    return CHOICES[owner, item.name] if item.type == "choice" else plain[item.type]


def property_fields(owner: str, properties: Iterable[Property]) -> dict[str, tuple[Any, Any]]:
    """Return annotation and default of each property as an optional field."""
    return {
        item.name: (type_of(owner, item) | None, strawberry.field(description=described(item), default=None))
        for item in properties
    }


def values_of(owner: str, properties: Iterable[Property], stored: Any) -> dict[str, Any]:
    """Return the stored properties as GraphQL gives them out."""
    return {
        item.name: CHOICES[owner, item.name](stored[item.name]) if item.type == "choice" else stored[item.name]
        for item in properties
        if stored.get(item.name) is not None
    }

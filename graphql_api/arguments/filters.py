"""The inputs by which lists are filtered, made from kg.schema: properties, neighbours, edges, codes, sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import strawberry

from graphql_api.arguments.common import Language
from graphql_api.arguments.naming import CHOICES, camel, described, made, plural, role_title
from kg.schema import EDGE_KINDS, NODE_KINDS, ROLES, Property, roles_of

_IN: Final = strawberry.field(name="in", description="One of these; of an empty list, nothing.", default=None)
_EXISTS: Final = "Whether it is known at all."


@strawberry.input(description="What an id has to be.")
class IdFilter:
    eq: strawberry.ID | None = None
    in_: list[strawberry.ID] | None = _IN
    starts_with: str | None = strawberry.field(description="For instance the vocabulary: `HP:`.", default=None)


@strawberry.input(description="What a name has to be; case does not matter. Synonyms are found by `search`.")
class NameFilter:
    eq: str | None = None
    in_: list[str] | None = strawberry.field(name="in", description="One of these.", default=None)
    contains: str | None = None
    starts_with: str | None = None
    language: Language | None = strawberry.field(
        description="Which name is meant; without it the one that lists are sorted by, English if there is one.",
        default=None,
    )


@strawberry.input(description="What a number has to be; all that is given counts.")
class NumberFilter:
    eq: float | None = None
    in_: list[float] | None = strawberry.field(name="in", description="One of these.", default=None)
    at_least: float | None = None
    at_most: float | None = None
    exists: bool | None = strawberry.field(description=_EXISTS, default=None)


@strawberry.input(description="What a text has to be. Case matters for `eq` and `in`, for a part of it not.")
class TextFilter:
    eq: str | None = None
    in_: list[str] | None = strawberry.field(name="in", description="One of these.", default=None)
    contains: str | None = None
    starts_with: str | None = None
    exists: bool | None = strawberry.field(description=_EXISTS, default=None)


@strawberry.input(
    description="Under which ICD code a disease is recorded. A code without a system is one of WHO's ICD-10; write "
    "`ICD10CM:J45` to mean the other."
)
class CodeFilter:
    in_: list[str] | None = strawberry.field(name="in", description="Under one of these, exactly.", default=None)
    from_: str | None = strawberry.field(
        name="from", description="The first code of a range; needs `to`.", default=None
    )
    to: str | None = strawberry.field(description="The last code of the range, all inside it included.", default=None)
    within: str | None = strawberry.field(
        description="Anywhere inside this chapter (`X`), block (`J20-J22`) or category (`J20`).", default=None
    )


# The classes stand before their fields, because filters lie inside one another.
NODE_FILTERS: Final[dict[str, Any]] = {kind.label: made(f"{kind.label}Filter", (), {}, {}) for kind in NODE_KINDS}
EDGE_FILTERS: Final[dict[str, Any]] = {kind.type: made(f"{camel(kind.type)}Filter", (), {}, {}) for kind in EDGE_KINDS}
ROLE_FILTERS: Final[dict[Any, Any]] = {role: made(f"{role_title(role)}Filter", (), {}, {}) for role in ROLES}
ROLE_MATCHES: Final[dict[Any, Any]] = {role: made(f"{role_title(role)}Match", (), {}, {}) for role in ROLES}


def _field(name: str | None = None, description: str | None = None) -> Any:
    return strawberry.field(name=name, description=description, default=None)


def _joined(same: Any) -> dict[str, tuple[Any, Any]]:
    return {
        "and_": (list[same] | None, _field("and", "All of these; of an empty list, everything.")),
        "or_": (list[same] | None, _field("or", "One of these; of an empty list, nothing.")),
        "not_": (same | None, _field("not", "Not this; what is not known is not met, so this is.")),
    }


def _properties(owner: str, properties: Sequence[Property]) -> dict[str, tuple[Any, Any]]:
    fields: dict[str, tuple[Any, Any]] = {}
    for item in properties:
        wanted: Any = NumberFilter if item.numeric else TextFilter
        if item.type == "choice":
            wanted = list[CHOICES[owner, item.name]]
        fields[item.name] = (wanted | None, _field(description=described(item)))
    return fields


def _complete(bare: type, fields: dict[str, tuple[Any, Any]], meaning: str) -> None:
    bare.__annotations__ = {name: annotation for name, (annotation, _) in fields.items()}
    for name, (_, default) in fields.items():
        setattr(bare, name, default)
    strawberry.input(bare, description=meaning)


for _role in ROLES:
    _complete(
        ROLE_MATCHES[_role],
        {
            "node": (NODE_FILTERS[_role.end] | None, _field(description="What the neighbour has to be.")),
            "edge": (EDGE_FILTERS[_role.edge] | None, _field(description="What the edge to it has to be.")),
        },
        f"Which {_role.name} of a {_role.start} are meant.",
    )
    _complete(
        ROLE_FILTERS[_role],
        {
            "some": (ROLE_MATCHES[_role] | None, _field(description="There is one like this.")),
            "none": (ROLE_MATCHES[_role] | None, _field(description="There is none like this.")),
            "count": (NumberFilter | None, _field(description="How many there are in all.")),
        },
        f"What the {_role.name} of a {_role.start} have to be.",
    )

for _edge in EDGE_KINDS:
    _complete(
        EDGE_FILTERS[_edge.type],
        {
            **_joined(EDGE_FILTERS[_edge.type]),
            "source": (str | None, _field(description="A source that speaks for it.")),
            "licence": (str | None, _field(description="A licence of evidence behind it.")),
            **_properties(_edge.type, _edge.properties),
        },
        f"Which {_edge.type} edges are meant; all that is given counts.",
    )

for _kind in NODE_KINDS:
    _coded = {"icd10": (CodeFilter | None, _field(description="The code it is recorded under."))}
    _complete(
        NODE_FILTERS[_kind.label],
        {
            **_joined(NODE_FILTERS[_kind.label]),
            "id": (IdFilter | None, _field()),
            "name": (NameFilter | None, _field()),
            "source": (str | None, _field(description="A source that told of it.")),
            **_properties(_kind.label, _kind.properties),
            **(_coded if _kind.label == "Disease" else {}),
            **{_role.name: (ROLE_FILTERS[_role] | None, _field()) for _role in roles_of(_kind.label)},
        },
        f"Which {plural(_kind.label)} are meant; all that is given counts.",
    )

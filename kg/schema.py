"""What kinds of things the graph holds, and by which words people walk from one to the next.

Constraints, the query language, the GraphQL types, the prompts and the schema page all come from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, LiteralString

LANGUAGES: Final[tuple[LiteralString, ...]] = ("en", "ru")

TypeName = Literal["text", "number", "integer", "choice"]


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a node or an edge: its name in the database, its type, unit and meaning."""

    name: LiteralString
    type: TypeName
    meaning: str
    unit: str | None = None
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.type in ("number", "integer")

    def problem(self, value: Any) -> str | None:
        """Return the rule that `value` breaks, or None."""
        if self.type == "choice":
            return None if value in self.choices else f"must be one of {', '.join(self.choices)}"
        if self.type == "text":
            return None if isinstance(value, str) and value.strip() else "must be text"
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "must be a number"
        if self.type == "integer" and not float(value).is_integer():
            return "must be a whole number"
        # `not (a <= x)` rather than `x < a`, so that NaN is refused as well.
        if self.minimum is not None and not value >= self.minimum:
            return f"must be at least {self.minimum:g}"
        if self.maximum is not None and not value <= self.maximum:
            return f"must be at most {self.maximum:g}"
        return None


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A kind of node: its label, the word that starts a question, and its properties beside names."""

    label: LiteralString
    root: LiteralString
    meaning: str
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True)
class EdgeKind:
    """A kind of edge. `rank` is the property by which the strongest come first; larger is stronger."""

    type: LiteralString
    starts: tuple[LiteralString, ...]
    ends: tuple[LiteralString, ...]
    meaning: str
    properties: tuple[Property, ...] = ()
    rank: LiteralString | None = None
    symmetric: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A step by name from one kind of node to another, along an edge or against it."""

    start: LiteralString
    name: LiteralString
    edge: LiteralString
    forward: bool
    end: LiteralString


SEXES: Final = ("female", "male")
PURPOSES: Final = ("disease_modifying", "symptomatic", "unknown")

NODE_KINDS: Final[tuple[NodeKind, ...]] = (
    NodeKind(
        "Disease",
        "disease",
        "A disease or disorder that can be diagnosed.",
        (
            Property("sex", "choice", "The only sex it occurs in; absent when it occurs in both.", choices=SEXES),
            Property("age_min", "integer", "Youngest usual age.", unit="years", minimum=0, maximum=130),
            Property("age_max", "integer", "Oldest usual age.", unit="years", minimum=0, maximum=130),
            Property("prior", "number", "Share among patients seen, comparable over diseases.", minimum=0, maximum=1),
        ),
    ),
    NodeKind("Symptom", "symptom", "A complaint or sign that a patient can have."),
    NodeKind("Drug", "drug", "An active substance.", (Property("atc", "text", "ATC code, level 5."),)),
    NodeKind("DrugClass", "drug_class", "A group of drugs, for instance an ATC level."),
    NodeKind("SideEffect", "side_effect", "An unwanted effect of a drug."),
    NodeKind(
        "IcdCode",
        "icd",
        "A code of WHO ICD-10 or of ICD-10-CM; the two systems are never mixed.",
        (
            Property("system", "choice", "Code system.", choices=("ICD10", "ICD10CM")),
            Property(
                "level", "choice", "Level in the system.", choices=("chapter", "block", "category", "subcategory")
            ),
        ),
    ),
)

EDGE_KINDS: Final[tuple[EdgeKind, ...]] = (
    EdgeKind(
        "HAS_SYMPTOM",
        ("Disease",),
        ("Symptom",),
        "The disease shows this symptom.",
        (Property("weight", "number", "How typical it is; comparable within one disease only.", minimum=0, maximum=1),),
        rank="weight",
    ),
    EdgeKind(
        "TREATS",
        ("Drug",),
        ("Disease",),
        "The drug is given for the disease.",
        (
            Property("purpose", "choice", "What it is given for.", choices=PURPOSES),
            Property("dose", "text", "A typical dose for adults, in a few English words."),
        ),
    ),
    EdgeKind(
        "CONTRAINDICATED_FOR",
        ("Drug",),
        ("Disease",),
        "The drug should not be given to people with the disease.",
        (Property("reason", "text", "Why, in a few English words."),),
    ),
    EdgeKind(
        "CAUSES",
        ("Drug",),
        ("SideEffect",),
        "The drug can have this unwanted effect.",
        (Property("frequency", "number", "Share of those treated who have it.", minimum=0, maximum=1),),
        rank="frequency",
    ),
    EdgeKind("IN_CLASS", ("Drug", "DrugClass"), ("DrugClass",), "The drug or class belongs to the class."),
    EdgeKind(
        "RESEMBLES",
        ("Disease",),
        ("Disease",),
        "The two diseases are taken for one another.",
        (
            Property("score", "number", "How alike they look.", minimum=0, maximum=1),
            Property("sign", "text", "What tells them apart, in a few English words."),
        ),
        rank="score",
        symmetric=True,
    ),
    EdgeKind("IS_A", ("Disease", "Symptom"), ("Disease", "Symptom"), "The first is a special case of the second."),
    EdgeKind("INTERACTS_WITH", ("Drug",), ("Drug",), "The two drugs act on one another.", symmetric=True),
    EdgeKind("CODED_AS", ("Disease",), ("IcdCode",), "The disease is recorded under this code."),
    EdgeKind("PART_OF", ("IcdCode",), ("IcdCode",), "The code lies inside the wider code."),
)

ROLES: Final[tuple[Role, ...]] = (
    Role("Disease", "symptoms", "HAS_SYMPTOM", True, "Symptom"),
    Role("Symptom", "diseases", "HAS_SYMPTOM", False, "Disease"),
    Role("Disease", "drugs", "TREATS", False, "Drug"),
    Role("Drug", "diseases", "TREATS", True, "Disease"),
    Role("Drug", "contraindications", "CONTRAINDICATED_FOR", True, "Disease"),
    Role("Disease", "contraindicated_drugs", "CONTRAINDICATED_FOR", False, "Drug"),
    Role("Drug", "side_effects", "CAUSES", True, "SideEffect"),
    Role("SideEffect", "drugs", "CAUSES", False, "Drug"),
    Role("Drug", "in_class", "IN_CLASS", True, "DrugClass"),
    Role("DrugClass", "in_class", "IN_CLASS", True, "DrugClass"),
    Role("DrugClass", "drugs", "IN_CLASS", False, "Drug"),
    Role("DrugClass", "subclasses", "IN_CLASS", False, "DrugClass"),
    Role("Disease", "resembling", "RESEMBLES", True, "Disease"),
    Role("Disease", "parents", "IS_A", True, "Disease"),
    Role("Disease", "children", "IS_A", False, "Disease"),
    Role("Symptom", "parents", "IS_A", True, "Symptom"),
    Role("Symptom", "children", "IS_A", False, "Symptom"),
    Role("Drug", "interactions", "INTERACTS_WITH", True, "Drug"),
    Role("Disease", "codes", "CODED_AS", True, "IcdCode"),
    Role("IcdCode", "diseases", "CODED_AS", False, "Disease"),
    Role("IcdCode", "part_of", "PART_OF", True, "IcdCode"),
    Role("IcdCode", "parts", "PART_OF", False, "IcdCode"),
)

NODE_BY_LABEL: Final[dict[str, NodeKind]] = {kind.label: kind for kind in NODE_KINDS}
NODE_BY_ROOT: Final[dict[str, NodeKind]] = {kind.root: kind for kind in NODE_KINDS}
EDGE_BY_TYPE: Final[dict[str, EdgeKind]] = {kind.type: kind for kind in EDGE_KINDS}
ROLE_BY_NAME: Final[dict[tuple[str, str], Role]] = {(role.start, role.name): role for role in ROLES}


def roles_of(label: str) -> Iterator[Role]:
    """Yield the roles that start at this kind of node, in the order of the schema."""
    return (role for role in ROLES if role.start == label)


def property_of(kind: NodeKind | EdgeKind, name: str) -> Property | None:
    """Return the property of that name, or None."""
    return next((known for known in kind.properties if known.name == name), None)

"""What the graph says of one thing, a field at a time: of diseases, drugs, symptoms, unwanted effects and codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from generator.instructions.case import Case, Meaning, Names, Slot, Synonyms, Words, case
from generator.instructions.net import Net
from kg.query.build import Question, ask
from kg.schema import NODE_BY_ROOT

_FREQUENT: Final = 0.1  # of those treated
_CROWD: Final = 15  # what leads to more than this many things is no field: "which diseases have a fever"

Narrow = Callable[[Question], Question]


@dataclass(frozen=True, slots=True)
class Field:
    """A field whose answer is where a role leads: `narrow` says which of them, `skip` leaves out the thing itself."""

    root: str
    role: str
    narrow: Narrow = lambda question: question
    high: int = 1
    then: str | None = None
    skip_itself: bool = False

    def question(self, thing: str) -> Question:
        """Return the question about one thing."""
        asked = self.narrow(ask(self.root, thing).step(self.role, high=self.high))
        asked = asked.step(self.then) if self.then else asked
        return asked - ask(self.root, thing) if self.skip_itself else asked


def _top(count: int) -> Narrow:
    return lambda question: question.top(count)


def _purpose(purpose: str) -> Narrow:
    return lambda question: question.where("purpose", "=", purpose)


FIELDS: Final[dict[str, Field]] = {
    "disease_symptoms": Field("disease", "symptoms", _top(8)),
    "disease_drugs": Field("disease", "drugs"),
    "disease_main_drugs": Field("disease", "drugs", _purpose("disease_modifying")),
    "disease_easing_drugs": Field("disease", "drugs", _purpose("symptomatic")),
    "disease_codes": Field("disease", "codes"),
    "disease_lookalikes": Field("disease", "resembling", _top(5)),
    "disease_forbidden_drugs": Field("disease", "contraindicated_drugs"),
    "disease_broader": Field("disease", "parents"),
    "drug_class": Field("drug", "in_class"),
    "drug_class_line": Field("drug", "in_class", high=4),
    "drug_diseases": Field("drug", "diseases"),
    "drug_contraindications": Field("drug", "contraindications"),
    "drug_effects": Field("drug", "side_effects", _top(6)),
    "drug_frequent_effects": Field("drug", "side_effects", lambda asked: asked.where("frequency", ">=", _FREQUENT)),
    "drug_interactions": Field("drug", "interactions"),
    "drug_relatives": Field("drug", "in_class", then="drugs", skip_itself=True),
    "symptom_diseases": Field("symptom", "diseases"),
    "effect_drugs": Field("side_effect", "drugs"),
}


@dataclass(frozen=True, slots=True)
class EdgeField:
    """A field that stands on the edge between two things, in the words that the graph has (`languages`)."""

    root: str
    role: str
    end: str
    property: str
    languages: tuple[str, ...] | None


_ENGLISH: Final = ("en",)  # the schema has these properties in a few English words

EDGE_FIELDS: Final[dict[str, EdgeField]] = {
    "disease_signs": EdgeField("disease", "resembling", "disease", "sign", _ENGLISH),
    "drug_purpose": EdgeField("drug", "diseases", "disease", "purpose", None),
    "drug_dose": EdgeField("drug", "diseases", "disease", "dose", _ENGLISH),
    "drug_reason": EdgeField("drug", "contraindications", "disease", "reason", _ENGLISH),
    "drug_effect_frequency": EdgeField("drug", "side_effects", "side_effect", "frequency", None),
}

SYNONYM_FIELDS: Final = {"disease_synonyms": "disease", "drug_synonyms": "drug", "symptom_synonyms": "symptom"}


def field_cases(name: str) -> Callable[[Net, int], Iterator[Case]]:
    """Return what makes the cases of a field."""
    if name in FIELDS:
        return lambda net, _: _roles(net, name, FIELDS[name])
    if name in EDGE_FIELDS:
        return lambda net, _: _on_edges(net, name, EDGE_FIELDS[name])
    return lambda net, _: _synonyms(net, name, SYNONYM_FIELDS[name])


def _roles(net: Net, name: str, field: Field) -> Iterator[Case]:
    for thing in net.of_kind(NODE_BY_ROOT[field.root].label):
        made = case(net, name, thing, field.question(thing), {})
        if 0 < len(made.answer) <= _CROWD:
            yield made


def _on_edges(net: Net, name: str, field: EdgeField) -> Iterator[Case]:
    for thing in net.of_kind(NODE_BY_ROOT[field.root].label):
        for other in net.next(thing, field.role):
            value = net.edge(thing, field.role, other).properties.get(field.property)
            if value is None or value == "unknown":
                continue
            slots: dict[str, Slot] = {"other": Names((other,)), "value": _worded(field.property, value)}
            question = ask(field.root, thing).step(field.role) & ask(field.end, other)
            yield case(
                net, name, thing, question, slots,
                read=field.property, values=(str(value),), languages=field.languages,
            )  # fmt: skip


def _worded(name: str, value: Any) -> Slot:
    if name == "purpose":
        return Words(((str(value), ""),))
    return f"{value * 100:g}" if name == "frequency" else str(value)


def _synonyms(net: Net, name: str, root: str) -> Iterator[Case]:
    for thing in net.of_kind(NODE_BY_ROOT[root].label):
        if any(net.nodes[thing].synonyms.values()):
            yield case(net, name, thing, ask(root, thing), {"value": Synonyms(thing)}, read="synonyms")


def disease_limits(net: Net, seed: int) -> Iterator[Case]:
    """Of which sex and age those are who have a disease."""
    del seed
    for disease in net.of_kind("Disease"):
        held = net.nodes[disease].properties
        limits = [(name, held[name]) for name in ("sex", "age_min", "age_max") if held.get(name) is not None]
        if limits:
            words = Words(tuple((f"only_{v}", "") if name == "sex" else (name, str(v)) for name, v in limits))
            yield case(
                net, "disease_limits", disease, ask("disease", disease), {"value": words},
                read=",".join(name for name, _ in limits), values=tuple(str(value) for _, value in limits),
            )  # fmt: skip


def disease_place(net: Net, seed: int) -> Iterator[Case]:
    """In which blocks and chapter of ICD-10 a disease stands."""
    del seed
    for disease in net.of_kind("Disease"):
        made = case(net, "disease_place", disease, ask("disease", disease).step("codes").step("part_of", high=4), {})
        if made.answer:
            yield made


def drug_atc(net: Net, seed: int) -> Iterator[Case]:
    """The ATC code of a drug."""
    del seed
    for drug in net.of_kind("Drug"):
        code = net.nodes[drug].properties.get("atc")
        if code:
            yield case(net, "drug_atc", drug, ask("drug", drug), {"value": str(code)}, read="atc", values=(str(code),))


def code_meaning(net: Net, seed: int) -> Iterator[Case]:
    """What an ICD-10 code stands for: the one definition that the graph has text for."""
    del seed
    for code in net.of_kind("IcdCode"):
        local = code.partition(":")[2]
        yield case(net, "code_meaning", code, ask("icd", code), {"code": local, "value": Meaning(code)}, read="name")

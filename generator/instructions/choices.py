"""True and false statements, five to choose from, errors to put right, lists to complete, and what has no answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from generator.instructions.case import Case, Lines, Names, Options, Said, Words, case, chosen, draws
from generator.instructions.fields import FIELDS
from generator.instructions.near import RELATIONS, Near, near_of
from generator.instructions.net import Net
from generator.seeds import between
from kg.query.build import Question, ask
from kg.schema import NODE_BY_ROOT

OPTIONS: Final = 5
_PER_THING: Final = 2  # statements of one relation about one thing
_LISTED: Final = 8
_FEW: Final = 3  # diseases that an answer may name

# What is asked for in vain, by the kind of thing; the names are those of the wordings.
_LACKING: Final = (
    ("disease", "drugs"),
    ("disease", "resembling"),
    ("disease", "contraindicated_drugs"),
    ("disease", "parents"),
    ("drug", "interactions"),
    ("drug", "contraindications"),
    ("drug", "side_effects"),
)
_LONG: Final = (
    "disease_symptoms",
    "disease_drugs",
    "disease_codes",
    "disease_lookalikes",
    "disease_forbidden_drugs",
    "disease_broader",
)
_LONG_OF_DRUGS: Final = (
    "drug_class_line",
    "drug_diseases",
    "drug_contraindications",
    "drug_effects",
    "drug_interactions",
    "drug_relatives",
)


def yes_no(net: Net, seed: int) -> Iterator[Case]:
    """Statements about an edge that is there, and about one that is not."""
    near = near_of(net)
    for name, relation in RELATIONS.items():
        for start in net.of_kind(relation.label):
            sides = (("yes", net.next(start, relation.role)), ("no", near.wrong(name, start)))
            for label, things in sides:
                for other in chosen(things, _PER_THING, seed, name, start, label):
                    question = ask(relation.root, start).step(relation.role) & ask(relation.end, other)
                    right = Said(name, start, (other,))
                    said = Words(((label, ""),))
                    yield case(
                        net, "yes_no", start, question,
                        {"statement": right, "verdict": said, "told": Said(f"{name}.{label}", start, (other,))},
                        label=label, stratum=f"{name}|{label}",
                    )  # fmt: skip


def five_choice(net: Net, seed: int) -> Iterator[Case]:
    """One right answer among four near ones; the label is its number."""
    near = near_of(net)
    for name, relation in RELATIONS.items():
        for start in net.of_kind(relation.label):
            wrong = near.wrong(name, start)
            for right in chosen(net.next(start, relation.role), _PER_THING, seed, name, start):
                others = _apart(near, wrong, right, seed)
                if len(others) < OPTIONS - 1:
                    continue
                place = between(0, OPTIONS - 1, seed, name, start, right)
                options = (*others[:place], right, *others[place:])
                question = ask(relation.root, start).step(relation.role) & ask(relation.end, *options)
                yield case(
                    net, "five_choice", start, question,
                    {"options": Options(options), "number": str(place + 1)},
                    label=str(place + 1), stratum=f"{name}|{place + 1}", wording=f"five_choice.{name}",
                )  # fmt: skip


def correction(net: Net, seed: int) -> Iterator[Case]:
    """A statement with an error, and the same put right."""
    near = near_of(net)
    for name, relation in RELATIONS.items():
        alone = name in ("class", "code")
        for start in net.of_kind(relation.label):
            wrong = chosen(near.wrong(name, start), 1, seed, "wrong", name, start)
            right = net.next(start, relation.role) if alone else net.next(start, relation.role)[:2]
            if not wrong or not right:
                continue
            told = wrong if alone else chosen((*right, *wrong), 3, seed, "order", name, start)
            if not alone and len(told) < 2:
                continue
            question = ask(relation.root, start).step(relation.role)
            question = question if alone else question & ask(relation.end, *told)
            slots = {"statement": Said(name, start, told), "wrong": Names(wrong), "right": Said(name, start, right)}
            yield case(net, "correction", start, question, slots, label=wrong[0], stratum=name)


def complete_symptoms(net: Net, seed: int) -> Iterator[Case]:
    """Some symptoms of a disease, and the rest of its strongest."""
    for disease in net.of_kind("Disease"):
        strongest = ask("disease", disease).step("symptoms").top(_LISTED)
        listed = net.answer(strongest).ids
        if len(listed) < 3:
            continue
        for number, given in enumerate(draws(listed, len(listed) // 2, 2, seed, disease)):
            question = strongest - ask("symptom", *given)
            yield case(net, "complete_symptoms", disease, question, {"given": Names(given)}, key=str(number))


def symptoms_to_disease(net: Net, seed: int) -> Iterator[Case]:
    """Symptoms, and the few diseases that have them all."""
    for disease in net.of_kind("Disease"):
        for width in (4, 3):
            for given in draws(net.next(disease, "symptoms")[:_LISTED], width, 3, seed, disease, width):
                question = ask("symptom", *given).step("diseases").shared(len(given))
                made = case(net, "symptoms_to_disease", disease, question, {"given": Names(given)})
                if len(given) > 1 and len(made.answer) <= _FEW:
                    yield made


def long_answer(net: Net, seed: int) -> Iterator[Case]:
    """All that the graph says of a disease or a drug, field by field in a shuffled order."""
    for kind, names in (("disease", _LONG), ("drug", _LONG_OF_DRUGS)):
        for thing in net.of_kind(NODE_BY_ROOT[kind].label):
            found: dict[str, tuple[Question, tuple[str, ...]]] = {}
            for name in chosen(names, len(names), seed, thing):
                question = FIELDS[name].question(thing)
                ids = net.answer(question).ids
                if 0 < len(ids) <= 2 * _LISTED:
                    found[name] = (question, ids)
            if len(found) > 2:
                lines = Lines(tuple((name, ids) for name, (_, ids) in found.items()))
                questions = [question for question, _ in found.values()]
                yield case(net, "long_answer", thing, questions, {"lines": lines}, stratum=kind)


def unanswerable(net: Net, seed: int) -> Iterator[Case]:
    """What the graph has nothing on; the honest answer says so."""
    for kind, role in _LACKING:
        for thing in net.of_kind(NODE_BY_ROOT[kind].label):
            if not net.next(thing, role):
                lacking = Words(((f"{kind}.{role}", ""),))
                question = ask(kind, thing).step(role)
                yield case(
                    net, "unanswerable", thing, question, {"lacking": lacking}, label="none", stratum=f"{kind}.{role}"
                )
    for disease in net.of_kind("Disease"):
        for other in chosen(net.next(disease, "resembling"), 1, seed, disease):
            question = ask("disease", disease).step("drugs") & ask("disease", other).step("drugs")
            if not net.answer(question).ids:
                slots = {"other": Names((other,))}
                yield case(
                    net, "unanswerable", disease, question, slots,
                    label="none", stratum="shared_drugs", wording="unanswerable.shared_drugs",
                )  # fmt: skip


def _apart(near: Near, wrong: tuple[str, ...], right: str, seed: int) -> tuple[str, ...]:
    """Return four of the wrong ones, no two of which could be the same; drawn among the nearest."""
    found: list[str] = []
    for one in chosen(wrong[: 3 * OPTIONS], 3 * OPTIONS, seed, right):
        if not any(near.same(one, other) for other in found):
            found.append(one)
        if len(found) == OPTIONS - 1:
            break
    return tuple(found)

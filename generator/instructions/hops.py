"""Questions whose answer lies one to four edges away (MedSyn's k-hop questions, and longer ones)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from generator.instructions.case import Case, Names, Told, case, draws
from generator.instructions.net import Net
from kg.query.build import Question, ask

# As MedSyn has them: of many symptoms half are drawn, at most 5, ten times; of many drugs 3, three times.
MANY_SYMPTOMS: Final = 5
SYMPTOM_DRAWS: Final = 10
DRUG_DRAWS: Final = 3
# Diseases are taken for one another when they share at least so many symptoms.
_SHARED: Final = 3
_MOST_NAMED: Final = 12  # things that one answer names


def shared_symptoms(net: Net, seed: int) -> Iterator[Case]:
    """1 hop: the symptoms that two diseases have in common."""
    del seed
    for first in net.of_kind("Disease"):
        for second in _partners(net, first):
            question = ask("disease", first).step("symptoms") & ask("disease", second).step("symptoms")
            yield case(net, "shared_symptoms", first, question, {"first": Names((first,)), "second": Names((second,))})


def drug_groups(net: Net, seed: int) -> Iterator[Case]:
    """1 hop: the pharmacological group of each drug of a list."""
    for disease in net.of_kind("Disease"):
        drugs = tuple(drug for drug in net.next(disease, "drugs") if net.next(drug, "in_class"))
        for number, drawn in enumerate(draws(drugs, 3, DRUG_DRAWS, seed, disease)):
            if len(drawn) > 1:
                told = Told(tuple((drug, net.next(drug, "in_class")) for drug in drawn))
                slots = {"drugs": Names(drawn), "told": told}
                question = ask("drug", *drawn).step("in_class")
                yield case(net, "drug_groups", disease, question, slots, key=str(number))


def drugs_for_symptoms(net: Net, seed: int) -> Iterator[Case]:
    """2 hops: from symptoms over the diseases that have them all to their drugs."""
    for disease in net.of_kind("Disease"):
        symptoms = net.next(disease, "symptoms")
        if len(symptoms) < 2:
            continue
        width = min(5, max(2, len(symptoms) // 2)) if len(symptoms) > MANY_SYMPTOMS else len(symptoms)
        for drawn in draws(symptoms, width, SYMPTOM_DRAWS, seed, disease):
            diseases = ask("symptom", *drawn).step("diseases").shared(len(drawn))
            found = net.answer(diseases).ids
            drugs = {key: net.next(key, "drugs") for key in found}
            if any(drugs.values()) and sum(map(len, drugs.values())) <= _MOST_NAMED:
                told = Told(tuple((key, told) for key, told in drugs.items() if told))
                slots = {"symptoms": Names(drawn), "told": told}
                yield case(net, "drugs_for_symptoms", disease, diseases.step("drugs"), slots)


def mistaken_drugs(net: Net, seed: int) -> Iterator[Case]:
    """3 hops: drugs that are given by mistake when a disease is taken for one with which it shares symptoms."""
    yield from _mistaken(net, seed, "mistaken_drugs")


def mistaken_classes(net: Net, seed: int) -> Iterator[Case]:
    """4 hops: the groups of the drugs of a disease with shared symptoms."""
    yield from _mistaken(net, seed, "mistaken_classes", "in_class")


def mistaken_effects(net: Net, seed: int) -> Iterator[Case]:
    """4 hops: what such drugs can do, and the disease's own drugs cannot."""
    yield from _mistaken(net, seed, "mistaken_effects", "side_effects")


def resembling_effects(net: Net, seed: int) -> Iterator[Case]:
    """3 hops: a disease that resembles another, a drug of the other, its unwanted effects."""
    del seed
    for disease in net.of_kind("Disease"):
        for other in net.next(disease, "resembling"):
            for drug in net.next(other, "drugs"):
                # The way is named stop by stop, so that the answer is one and not a crowd.
                drugs = (ask("disease", disease).step("resembling") & ask("disease", other)).step("drugs")
                question = (drugs & ask("drug", drug)).step("side_effects")
                slots = {"other": Names((other,)), "drug": Names((drug,))}
                if net.next(drug, "side_effects"):
                    yield case(net, "resembling_effects", disease, question, slots)


def drugs_of_lookalikes(net: Net, seed: int) -> Iterator[Case]:
    """2 hops: a disease that resembles another, and the drugs of the other."""
    del seed
    for disease in net.of_kind("Disease"):
        told = tuple((other, net.next(other, "drugs")) for other in net.next(disease, "resembling")[:4])
        told = tuple((other, drugs) for other, drugs in told if drugs)
        if told:
            others = ask("disease", disease).step("resembling") & ask("disease", *(other for other, _ in told))
            slots = {"told": Told(told), "others": Names(tuple(other for other, _ in told))}
            yield case(net, "drugs_of_lookalikes", disease, others.step("drugs"), slots)


def _mistaken(net: Net, seed: int, builder: str, *further: str) -> Iterator[Case]:
    for disease in net.of_kind("Disease"):
        own = ask("disease", disease)
        alike = own.step("symptoms").step("diseases").shared(_SHARED) - own
        for other in net.answer(alike).ids:
            # One of them is named in the question, or the answer would hang on all that share symptoms.
            question = (alike & ask("disease", other)).step("drugs")
            question, kind = _beyond(question, own.step("drugs"), further)
            found = net.answer(question).ids
            for number, drawn in enumerate(draws(found, DRUG_DRAWS, DRUG_DRAWS, seed, builder, disease, other)):
                if drawn:
                    only = question if len(drawn) == len(found) else question & ask(kind, *drawn)
                    yield case(net, builder, disease, only, {"other": Names((other,))}, key=f"{other} {number}")


def _beyond(question: Question, own: Question, further: tuple[str, ...]) -> tuple[Question, str]:
    """Return the question with further steps, less what the disease's own drugs lead to, and the kind it ends in."""
    kinds = {"in_class": "drug_class", "side_effects": "side_effect"}
    for role in further:
        question, own = question.step(role), own.step(role)
    return question - own, kinds[further[-1]] if further else "drug"


def _partners(net: Net, disease: str) -> tuple[str, ...]:
    """Return the diseases that resemble a disease and share a symptom with it, each pair once."""
    own = set(net.next(disease, "symptoms"))
    return tuple(
        other
        for other in net.next(disease, "resembling")
        if other > disease and not own.isdisjoint(net.next(other, "symptoms"))
    )

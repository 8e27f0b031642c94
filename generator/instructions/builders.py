"""Every builder of rows by name: what it asks, and what makes its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from generator.instructions import choices, fields, hops, notes
from generator.instructions.case import Case
from generator.instructions.net import Net
from generator.instructions.nli import Triple, nli_cases
from generator.instructions.texts import NoteText

OfGraph = Callable[[Net, int], Iterator[Case]]
OfNotes = Callable[[Net, int, Sequence[NoteText]], Iterator[Case]]


@dataclass(frozen=True, slots=True)
class Builder:
    """One form of task. Exactly one of the three makes its cases: the graph alone, notes, or triples of sentences."""

    name: str
    about: str
    graph: OfGraph | None = None
    notes: OfNotes | None = None
    triples: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """What cases are made from; notes and triples are made when the first builder wants them."""

    net: Net
    seed: int
    notes: Callable[[], Sequence[NoteText]]
    triples: Callable[[], Sequence[Triple]]

    def cases(self, builder: Builder) -> Iterator[Case]:
        """Yield all cases of a builder, in one order."""
        if builder.graph is not None:
            return builder.graph(self.net, self.seed)
        if builder.notes is not None:
            return builder.notes(self.net, self.seed, self.notes())
        return nli_cases(self.triples(), builder.name, self.net)


_FIELDS: Final = {
    "disease_symptoms": "the strongest symptoms of a disease",
    "disease_drugs": "the drugs of a disease",
    "disease_main_drugs": "its drugs that act on cause or course",
    "disease_easing_drugs": "its drugs that ease complaints",
    "disease_codes": "its ICD-10 codes",
    "disease_lookalikes": "diseases that it is taken for",
    "disease_signs": "the sign that tells two diseases apart (English)",
    "disease_forbidden_drugs": "drugs that must not be given",
    "disease_synonyms": "its other names",
    "disease_broader": "what it is a special case of",
    "drug_class": "the group of a drug",
    "drug_class_line": "its groups up to the widest",
    "drug_diseases": "what a drug is given for",
    "drug_purpose": "whether it acts on the cause of a disease or eases complaints",
    "drug_dose": "its usual dose for a disease (English)",
    "drug_contraindications": "diseases that forbid a drug",
    "drug_reason": "why a disease forbids it (English)",
    "drug_effects": "its most frequent unwanted effects",
    "drug_frequent_effects": "unwanted effects of at least one in ten",
    "drug_effect_frequency": "how often one unwanted effect is",
    "drug_interactions": "drugs that it acts on",
    "drug_relatives": "other drugs of its group",
    "drug_synonyms": "its other names",
    "symptom_diseases": "diseases with a symptom",
    "symptom_synonyms": "other names of a symptom",
    "effect_drugs": "drugs that have an unwanted effect",
}

_OF_GRAPH: Final[tuple[tuple[str, str, OfGraph], ...]] = (
    ("shared_symptoms", "symptoms that two diseases have in common", hops.shared_symptoms),
    ("drug_groups", "the group of each of some drugs", hops.drug_groups),
    ("drugs_for_symptoms", "symptoms, diseases that have them, drugs", hops.drugs_for_symptoms),
    ("drugs_of_lookalikes", "diseases that resemble one, and their drugs", hops.drugs_of_lookalikes),
    ("mistaken_drugs", "drugs given when a disease is taken for another", hops.mistaken_drugs),
    ("resembling_effects", "a disease that resembles one, a drug of it, its unwanted effects", hops.resembling_effects),
    ("mistaken_classes", "groups of the drugs given by mistake", hops.mistaken_classes),
    ("mistaken_effects", "unwanted effects of drugs given by mistake", hops.mistaken_effects),
    ("disease_limits", "sex and ages that a disease keeps to", fields.disease_limits),
    ("disease_place", "blocks and chapter of ICD-10", fields.disease_place),
    ("drug_atc", "the ATC code of a drug", fields.drug_atc),
    ("code_meaning", "what an ICD-10 code stands for", fields.code_meaning),
    *((name, about, fields.field_cases(name)) for name, about in _FIELDS.items()),
    ("complete_symptoms", "the rest of a list of symptoms", choices.complete_symptoms),
    ("symptoms_to_disease", "symptoms, and the disease that has them all", choices.symptoms_to_disease),
    ("yes_no", "whether a statement is so", choices.yes_no),
    ("five_choice", "one right answer of five", choices.five_choice),
    ("correction", "an error put right", choices.correction),
    ("long_answer", "all that the graph says, in a shuffled order", choices.long_answer),
    ("unanswerable", "what the graph does not say", choices.unanswerable),
)

_OF_NOTES: Final[tuple[tuple[str, str, OfNotes], ...]] = (
    ("note_from_symptoms", "a note from symptoms", notes.note_from_symptoms),
    ("note_from_diagnosis", "a note from a diagnosis", notes.note_from_diagnosis),
    ("continue_note", "the rest of a note cut at 1/2, 1/3, 1/4", notes.continue_note),
)

_OF_TRIPLES: Final = (
    ("nli_label", "whether one sentence follows from another"),
    ("nli_hypothesis", "a sentence that follows, contradicts or is left open"),
    ("nli_premise", "the sentence that another follows from, contradicts or leaves open"),
)

BUILDERS: Final[dict[str, Builder]] = {
    **{name: Builder(name, about, graph=make) for name, about, make in _OF_GRAPH},
    **{name: Builder(name, about, notes=make) for name, about, make in _OF_NOTES},
    **{name: Builder(name, about, triples=True) for name, about in _OF_TRIPLES},
}

"""A diagnosis that is kept from the model: no fact that names it stays among those a note is written from."""

from __future__ import annotations

import re
from dataclasses import replace

from generator.errors import NothingToTell
from generator.facts import DIAGNOSIS, Fact, FactSheet
from generator.linking.mentions import mentions
from generator.linking.vocabulary import Term, Vocabulary
from generator.linking.words import words_of


def without_diagnosis(sheet: FactSheet, disease: Term) -> FactSheet:
    """Return the sheet with the diagnosis, and whatever names the disease or its code, among `withheld`.

    The other facts are numbered anew. Raises NothingToTell when none is left.
    """
    withheld = tuple(fact for fact in sheet.facts if names_disease(fact, disease, sheet.icd10))
    kept = [fact for fact in sheet.facts if fact not in withheld]
    if not kept:
        raise NothingToTell(
            f"all that the recipe's questions find names the diagnosis of {disease.id}, which it hides",
            place=disease.id,
            hint="Take the recipe without its variant hidden.",
        )
    facts = tuple(replace(fact, id=f"F{number}") for number, fact in enumerate(kept, start=1))
    dropped = tuple(fact for fact in sheet.dropped if not names_disease(fact, disease, sheet.icd10))
    also = tuple(fact for fact in sheet.dropped if fact not in dropped)
    return replace(sheet, facts=facts, dropped=dropped, withheld=(*withheld, *also))


def names_disease(fact: Fact, disease: Term, icd10: str | None) -> bool:
    """Say whether a fact's words name the disease, by any of its names, or its code."""
    if fact.kind == DIAGNOSIS or disease.id in fact.term_ids:
        return True
    known = Vocabulary([disease])
    said = f"{fact.name}\n{fact.text}"
    if icd10 is not None and re.search(rf"\b{re.escape(icd10)}\b", said):
        return True
    return any(any(mentions(words_of(text), known)) for text in (fact.name, fact.text))

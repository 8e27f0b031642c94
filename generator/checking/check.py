"""What a note really says: which facts it tells, which it leaves out, and what it makes up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from generator.checking.agreement import faults_of_patient, wrong_codes
from generator.checking.doses import wrong_doses
from generator.checking.form import faults_of_form, told_twice
from generator.checking.report import CheckReport, Invented, Told, Violation
from generator.checking.telling import telling_of
from generator.checking.wording import unknown_words
from generator.facts import Fact
from generator.linking.links import Link, link
from generator.linking.vocabulary import Term, Vocabulary, is_within
from generator.linking.words import Word, words_of
from generator.patient import Patient

# The typical doses of the graph are those of adults.
_ADULT: Final = 18


def check(
    text: str,
    facts: Sequence[Fact],
    vocabulary: Vocabulary,
    *,
    patient: Patient | None = None,
    icd10: str | None = None,
    required: Collection[str] | None = None,
    shown: Vocabulary | None = None,
    read: Collection[str] | None = None,
) -> CheckReport:
    """Compare a text with the facts it was given and with every word the graph knows.

    Names match whole words whatever their case, inflection and small typos, the longest name first; a capital acronym
    matches only in capitals. How the text speaks of a name (affirmed, negated, of the past, of the family, only
    thought of) decides whether it tells a fact. `required` are the kinds of facts that must be told; None means all.
    `shown` are terms of the examples in the prompt: what is copied from there is invented too. `read` are the stems of
    all words of the prompt: an English word that is neither one of them nor in any text breaks the rule `unknown`;
    without them no word does. Beside these it sees only what the graph has a name for: a symptom unknown to the graph
    slips through.
    """
    words = words_of(text)
    given = Vocabulary(_merged(facts))
    links = link(text, given, vocabulary, *([shown] if shown else []), words=words)
    places = _places(links, given)
    told: list[Told] = []
    missed: list[str] = []
    contradicted: list[str] = []
    for fact in facts:
        groups = [places.get(term_id, []) for term_id in fact.term_ids]
        telling = telling_of(fact.kind)
        if any(place.status in telling.contradicted for group in groups for place in group) and all(groups):
            contradicted.append(fact.id)
            continue
        tellers = [[place for place in group if place.status in telling.told] for group in groups]
        if all(tellers) and tellers:
            first = min((group[0] for group in tellers), key=lambda place: place.start)
            told.append(Told(fact.id, first.start, first.end, fact.edge_id, fact.evidence_ids))
        else:
            missed.append(fact.id)

    found = [*_violations(text, words, links, facts, patient, icd10)]
    if read is not None:
        found += unknown_words(text, words, links, read)
    violations = sorted(found, key=lambda v: (v.start, v.rule))
    said = {item.fact_id for item in told}
    return CheckReport(
        told=tuple(told),
        missed=tuple(missed),
        contradicted=tuple(contradicted),
        invented=tuple(_invented(links, given)),
        violations=tuple(violations),
        not_told=tuple(
            fact.id for fact in facts if (required is None or fact.kind in required) and fact.id not in said
        ),
        mentions=links,
    )


def _merged(facts: Sequence[Fact]) -> Iterator[Term]:
    """Yield each given term once, with the names of all facts that name it."""
    names: dict[str, dict[str, None]] = {}
    kinds: dict[str, str] = {}
    for term in (term for fact in facts for term in fact.terms):
        names.setdefault(term.id, {}).update(dict.fromkeys(term.names))
        kinds.setdefault(term.id, term.kind)
    return (Term(term_id, kinds[term_id], tuple(known)) for term_id, known in names.items())


def _places(links: Sequence[Link], given: Vocabulary) -> Mapping[str, list[Link]]:
    found: dict[str, list[Link]] = {}
    for place in links:
        for term_id in place.term_ids:
            if term_id in given.terms:
                found.setdefault(term_id, []).append(place)
    return found


def _invented(links: Sequence[Link], given: Vocabulary) -> Iterator[Invented]:
    names = [name for term in given.terms.values() for name in term.names]
    for place in links:
        mine = any(term_id in given.terms for term_id in place.term_ids)
        if not mine and not is_within(place.stems, names):
            yield Invented(place.term_ids, place.said, place.start, place.end, place.status)


def _violations(
    text: str,
    words: Sequence[Word],
    links: Sequence[Link],
    facts: Sequence[Fact],
    patient: Patient | None,
    icd10: str | None,
) -> Iterator[Violation]:
    yield from faults_of_form(text, words)
    yield from told_twice(words, links)
    yield from wrong_codes(text, icd10)
    if patient is not None:
        yield from faults_of_patient(text, words, patient)
    if patient is None or patient.age >= _ADULT:
        typical: dict[str, tuple[str, ...]] = {}
        for fact in facts:
            if fact.dose:
                for term_id in fact.term_ids:
                    typical[term_id] = (*typical.get(term_id, ()), fact.dose)
        yield from wrong_doses(text, words, links, typical)

"""What a note really says: which facts it tells, which it leaves out, and what it makes up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from generator.facts import Fact
from generator.negation import is_negated
from generator.patient import Patient
from generator.terms import Mention, Term, Vocabulary, Word, is_within, listed, mentions, words_of

# Facts whose point is that something is not the case: they are told by a negation and contradicted without one.
_SAID_BY_NEGATION: Final = frozenset({"contraindication"})
# Facts that may be told either way: "resembles pneumonia" and "no pneumonia" both name what was considered.
_SAID_EITHER_WAY: Final = frozenset({"resembling"})

_FEWEST_WORDS: Final = 5
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_LOOP_WORDS, _LOOP_TIMES = 5, 3

_CODE = re.compile(r"\b[A-TV-Z]\d{2}(?:\.\d{1,4})?\b")
# Vitamins and viruses look like codes; only a code that is called one, or stands alone in brackets, is checked.
_CODE_CALLED = re.compile(
    r"(?:ICD(?:-?10)?(?:-CM)?|МКБ(?:-?10)?|code|код)\W{0,4}(?:code\W{0,3}|код\W{0,3})?$", re.IGNORECASE
)

_PLACEHOLDER = re.compile(
    r"\[[^\]\n]{1,60}\]|\bX{2,}\b|<[a-zа-яё][^>\n]{0,40}>|_{3,}|\{\{|\}\}|<\|[^|\n]{0,40}\|>"
    r"|\blorem ipsum\b|\b(?:john|jane) doe\b|\bиванов[а]?\s+иван",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\bas an ai\b|\bas a language model\b|\blanguage model\b|\bi(?: am|['’]m) (?:sorry|unable)\b"
    r"|\bi (?:cannot|can['’]t|can not)\b"
    r"|как (?:языковая модель|искусственный интеллект|ии\b)|\bя не могу\b|\bк сожалению, я\b|\bизвините\b",
    re.IGNORECASE,
)
_SEX_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "female": listed(
        "woman female she her hers herself lady girl mrs ms женщина женщины женщине женщину женщиной женский пациентка "
        "пациентки пациентке пациентку пациенткой девушка девочка обратилась больна"
    ),
    "male": listed(
        "man male he his him himself gentleman boy mr мужчина мужчины мужчине мужчину мужчиной мужской юноша мальчик "
        "обратился болен"
    ),
}
_AGES: Final = (
    re.compile(r"\b(\d{1,3})[\s-]*(?:years?|yrs?)[\s-]*(?:old|of age)\b", re.IGNORECASE),
    re.compile(r"\b(\d{1,3})\s*y/?o\b", re.IGNORECASE),
    re.compile(r"\bage[ds]?\b\s*(?:of|is|:)?\s*(\d{1,3})\b", re.IGNORECASE),
    re.compile(r"\bвозраст\w*\s*[:—–-]?\s*(\d{1,3})\b", re.IGNORECASE),
    re.compile(
        r"\b(?:пациент\w*|мужчин\w|женщин\w|больн\w{2,3}|девушк\w|юнош\w),?\s*(\d{1,3})\s*(?:год|лет)", re.IGNORECASE
    ),
    re.compile(r"\b(\d{1,3})-летн", re.IGNORECASE),
)
_AGE_UNDER_A_YEAR = re.compile(r"\b\d{1,3}[\s-]*(?:day|week|month)s?[\s-]*old\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that the text tells, and where it first does (characters, end excluded)."""

    fact_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Invented:
    """A term of the graph that the text names without its being given."""

    term_ids: tuple[str, ...]
    said: str
    start: int
    end: int
    negated: bool


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that the text breaks: `empty`, `placeholder`, `refusal`, `loop`, `sex`, `age` or `code`."""

    rule: str
    said: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The verdict on one text.

    A given fact is in exactly one of `told`, `missed` and `contradicted`. `passed` means: nothing invented, nothing
    contradicted, no rule broken, and every required fact told. `not_told` has the required ones that are not.
    """

    told: tuple[Told, ...]
    missed: tuple[str, ...]
    contradicted: tuple[str, ...]
    invented: tuple[Invented, ...]
    violations: tuple[Violation, ...]
    not_told: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the text may be kept."""
        return not (self.faults or self.not_told)

    @property
    def faults(self) -> int:
        """How many things in the text are wrong, beside what it leaves out."""
        return len(self.invented) + len(self.contradicted) + len(self.violations)

    def reason(self) -> str | None:
        """Return in a few words why the text did not pass, or None."""
        parts = [f"invented {item.said!r}" for item in self.invented]
        parts += [f"contradicted {fact_id}" for fact_id in self.contradicted]
        parts += [f"{item.rule} {item.said!r}" if item.said else item.rule for item in self.violations]
        parts += [f"not told {fact_id}" for fact_id in self.not_told if fact_id not in self.contradicted]
        return "; ".join(parts) or None

    def as_row(self) -> dict[str, Any]:
        """Return the report as it stands in a row of a data set."""
        return {
            "told": [item.fact_id for item in self.told],
            "missed": list(self.missed),
            "contradicted": list(self.contradicted),
            "invented": [
                {"said": i.said, "start": i.start, "end": i.end, "negated": i.negated, "term_ids": list(i.term_ids)}
                for i in self.invented
            ],
            "violations": [{"rule": v.rule, "said": v.said, "start": v.start, "end": v.end} for v in self.violations],
            "spans": {item.fact_id: [item.start, item.end] for item in self.told},
            "passed": self.passed,
        }


def check(
    text: str,
    facts: Sequence[Fact],
    vocabulary: Vocabulary,
    *,
    patient: Patient | None = None,
    icd10: str | None = None,
    required: Collection[str] | None = None,
    shown: Vocabulary | None = None,
) -> CheckReport:
    """Compare a text with the facts it was given and with every word the graph knows.

    Names match whole words whatever their case and inflection (Snowball stems, by the script of the word), the
    longest name first; a capital acronym matches only in capitals. `required` are the kinds of facts that must be
    told; None means all. `shown` are terms of the examples in the prompt: what is copied from there is invented too.
    Beside these it sees only what the graph has a name for: a symptom unknown to the graph slips through.
    """
    words = words_of(text)
    given = Vocabulary(_merged(facts))
    given_names = [name for term in given.terms.values() for name in term.names]

    places: dict[str, list[tuple[Mention, bool]]] = {}
    invented: list[Invented] = []
    for mention in mentions(words, given, vocabulary, *([shown] if shown else [])):
        negated = is_negated(text, words, mention.first, mention.last)
        mine = [term_id for term_id in mention.term_ids if term_id in given.terms]
        for term_id in mine:
            places.setdefault(term_id, []).append((mention, negated))
        stems = [word.stem for word in words[mention.first : mention.last + 1]]
        if not mine and not is_within(stems, given_names):
            said = text[mention.start : mention.end]
            invented.append(Invented(mention.term_ids, said, mention.start, mention.end, negated))

    told: list[Told] = []
    missed: list[str] = []
    contradicted: list[str] = []
    for fact in facts:
        seen = [places.get(term_id, []) for term_id in fact.term_ids]
        if not all(seen):
            missed.append(fact.id)
        elif any(_contradicts(fact, negated) for group in seen for _, negated in group):
            contradicted.append(fact.id)
        else:
            first = min((group[0][0] for group in seen), key=lambda mention: mention.start)
            told.append(Told(fact.id, first.start, first.end))

    said = {item.fact_id for item in told}
    return CheckReport(
        told=tuple(told),
        missed=tuple(missed),
        contradicted=tuple(contradicted),
        invented=tuple(invented),
        violations=tuple(sorted(_violations(text, words, patient, icd10), key=lambda v: (v.start, v.rule))),
        not_told=tuple(
            fact.id for fact in facts if (required is None or fact.kind in required) and fact.id not in said
        ),
    )


def _merged(facts: Sequence[Fact]) -> Iterator[Term]:
    """Yield each given term once, with the names of all facts that name it."""
    names: dict[str, dict[str, None]] = {}
    kinds: dict[str, str] = {}
    for term in (term for fact in facts for term in fact.terms):
        names.setdefault(term.id, {}).update(dict.fromkeys(term.names))
        kinds.setdefault(term.id, term.kind)
    return (Term(term_id, kinds[term_id], tuple(known)) for term_id, known in names.items())


def _contradicts(fact: Fact, negated: bool) -> bool:
    if fact.kind in _SAID_EITHER_WAY:
        return False
    return negated is not (fact.kind in _SAID_BY_NEGATION)


def _violations(text: str, words: Sequence[Word], patient: Patient | None, icd10: str | None) -> Iterator[Violation]:
    if len(words) < _FEWEST_WORDS:
        yield Violation("empty", text.strip(), 0, len(text))
    for rule, pattern in (("placeholder", _PLACEHOLDER), ("refusal", _REFUSAL)):
        for match in pattern.finditer(text):
            yield Violation(rule, match.group(), *match.span())
    yield from _loops(text, words)
    yield from _wrong_codes(text, icd10)
    if patient is not None:
        yield from _another_patient(text, words, patient)


def _loops(text: str, words: Sequence[Word]) -> Iterator[Violation]:
    seen: set[tuple[str, ...]] = set()
    for match in _SENTENCE.finditer(text):
        sentence = tuple(word.said for word in words_of(match.group()))
        if len(sentence) > 2 and sentence in seen:
            yield Violation("loop", match.group().strip(), *match.span())
            return
        seen.add(sentence)
    runs = Counter(
        tuple(word.said for word in words[at : at + _LOOP_WORDS]) for at in range(len(words) - _LOOP_WORDS + 1)
    )
    if runs and (most := runs.most_common(1)[0])[1] >= _LOOP_TIMES:
        at = next(i for i in range(len(words)) if tuple(word.said for word in words[i : i + _LOOP_WORDS]) == most[0])
        start, end = words[at].start, words[at + _LOOP_WORDS - 1].end
        yield Violation("loop", text[start:end], start, end)


def _wrong_codes(text: str, icd10: str | None) -> Iterator[Violation]:
    for match in _CODE.finditer(text):
        called = _CODE_CALLED.search(text[: match.start()]) is not None
        bracketed = text[: match.start()].endswith("(") and text[match.end() : match.end() + 1] == ")"
        if (called or bracketed) and match.group() != icd10:
            yield Violation("code", match.group(), *match.span())


def _another_patient(text: str, words: Sequence[Word], patient: Patient) -> Iterator[Violation]:
    other = _SEX_WORDS["male" if patient.sex == "female" else "female"]
    for word in words:
        if word.said in other:
            yield Violation("sex", text[word.start : word.end], word.start, word.end)
    for pattern in _AGES:
        for match in pattern.finditer(text):
            if int(match.group(1)) != patient.age:
                yield Violation("age", match.group(), *match.span())
    if patient.age > 0:
        for match in _AGE_UNDER_A_YEAR.finditer(text):
            yield Violation("age", match.group(), *match.span())

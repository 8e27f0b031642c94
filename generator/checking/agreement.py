"""Whether a text speaks of the patient it was given: sex, age, and the code of the diagnosis."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from generator.checking.form import sentences_of
from generator.checking.report import Violation
from generator.linking.status.relatives import is_relative
from generator.linking.words import Word, listed
from generator.patient import Patient

_SEX_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "female": listed(
        "woman female she her hers herself lady girl mrs ms женщина женщины женщине женщину женщиной женский "
        "пациентка пациентки пациентке пациентку пациенткой девушка девушки девушке девушку девочка девочки девочке "
        "девочку больна обратилась госпитализирована доставлена осмотрена жаловалась выписана проснулась беременна "
        "согласна курила"
    ),
    "male": listed(
        "man male he his him himself gentleman boy mr мужчина мужчины мужчине мужчину мужчиной мужской юноша юноши "
        "мальчик мальчика мальчику болен обратился госпитализирован доставлен осмотрен жаловался выписан проснулся "
        "согласен курил"
    ),
}
_LETTERS: Final = re.compile(r"\b(\d{1,3})\s?([MF])\b")
_AGES: Final = (
    re.compile(r"\b(\d{1,3})[\s-]*(?:years?|yrs?)[\s-]*(?:old|of age)\b", re.IGNORECASE),
    re.compile(r"\b(\d{1,3})\s*y/?o\b", re.IGNORECASE),
    re.compile(r"\bage[ds]?\b\s*(?:of|is|:)?\s*(\d{1,3})\b(?!\s*(?:%|mg|ml|weeks|months|days))", re.IGNORECASE),
    re.compile(
        r"\b(?:man|woman|boy|girl|patient|lady|gentleman) of (\d{1,3})\b(?!\s*(?:weeks|months|days))", re.IGNORECASE
    ),
    re.compile(r"\b(?:who|she|he) is (?:now )?(\d{1,3})(?=\s*(?:[,.;:)]|and\b|years\b|$))", re.IGNORECASE),
    re.compile(r"\bвозраст\w*\s*[:—–-]?\s*(\d{1,3})\b", re.IGNORECASE),
    re.compile(
        r"\b(?:пациент\w*|мужчин\w|женщин\w|больн\w{2,3}|девушк\w|юнош\w|мальчик\w*|девочк\w|реб[её]н\w+),?\s*(\d{1,3})"
        r"\s*(?:год|лет)",
        re.IGNORECASE,
    ),
    re.compile(r"\b(\d{1,3})-летн", re.IGNORECASE),
    _LETTERS,
)
_AGE_UNDER_A_YEAR: Final = re.compile(r"\b\d{1,3}[\s-]*(?:day|week|month)s?[\s-]*old\b", re.IGNORECASE)
# Somebody else whom a sentence may speak of.
_OTHERS: Final = listed("doctor nurse teacher gp friend colleague neighbour carer boss врач друг подруга сосед соседка")

# Some letters of codes look alike in both alphabets.
_CYRILLIC: Final = str.maketrans("АВСЕКМНОРТХ", "ABCEKMHOPTX")
_CODE: Final = re.compile(r"\b[A-TV-ZАВСЕКМНОРТХ]\d{2}(?:\.[0-9A-Z]{1,4})?\b")
# What stands where a code should, behind the name of the system.
_CALLED_A_CODE: Final = re.compile(
    r"\b(?:ICD-?10(?:-CM)?|МКБ-?10)\W{1,4}(?:(?:code|код)\W{1,3})?([^\W\d_]+\d[\w.]*\w)", re.IGNORECASE
)
# Vitamins, viruses and vertebrae look like codes; only a code that is called one, or stands alone in brackets or at
# the end behind a comma or colon, is checked.
_VITAMIN: Final = "B12"
_CALLED: Final = re.compile(
    r"(?:ICD(?:-?10)?(?:-CM)?|МКБ(?:-?10)?|code|код)\W{0,4}(?:code\W{0,3}|код\W{0,3})?$", re.IGNORECASE
)
_BEHIND_A_NAME: Final = re.compile(r"(?:diagnos\w+|диагноз\w*|dx|ds)\b[^.;\n]{0,80}[,:–—-]\s?$", re.IGNORECASE)


def faults_of_patient(text: str, words: Sequence[Word], patient: Patient) -> Iterator[Violation]:
    """Yield the words that speak of another sex or age; sentences about the family and other people are left out."""
    other = _SEX_WORDS["male" if patient.sex == "female" else "female"]
    apart: list[tuple[int, int]] = []
    for sentence in sentences_of(words):
        goes_on = bool(apart) and text[apart[-1][1] : sentence[0].start].strip() == ";"
        if goes_on or any(is_relative(word) or word.said in _OTHERS for word in sentence):
            apart.append((sentence[0].start, sentence[-1].end))
            continue
        for word in sentence:
            if word.said in other:
                yield Violation("sex", text[word.start : word.end], word.start, word.end)
    for pattern in _AGES:
        for match in pattern.finditer(text):
            if int(match.group(1)) != patient.age and not _inside(match, apart):
                yield Violation("age", match.group(), *match.span())
    for match in _LETTERS.finditer(text):
        if match.group(2) != patient.sex[0].upper() and not _inside(match, apart):
            yield Violation("sex", match.group(), *match.span())
    if patient.age > 0:
        for match in _AGE_UNDER_A_YEAR.finditer(text):
            if not _inside(match, apart):
                yield Violation("age", match.group(), *match.span())


def wrong_codes(text: str, icd10: str | None) -> Iterator[Violation]:
    """Yield the codes that the text gives for its diagnosis and that are not `icd10`."""
    for match in _CODE.finditer(text):
        before, after = text[: match.start()], text[match.end() : match.end() + 1]
        bracketed = before.endswith("(") and after == ")"
        named = (
            _CALLED.search(before[-40:]) is not None or bracketed or _BEHIND_A_NAME.search(before[-100:]) is not None
        )
        if named and match.group() != _VITAMIN and match.group().translate(_CYRILLIC) != icd10:
            yield Violation("code", match.group(), *match.span())
    for match in _CALLED_A_CODE.finditer(text):
        if not _CODE.fullmatch(match.group(1)) and match.group(1).translate(_CYRILLIC) != icd10:
            yield Violation("code", match.group(1), *match.span(1))


def _inside(match: re.Match[str], places: Sequence[tuple[int, int]]) -> bool:
    return any(start <= match.start() < end for start, end in places)

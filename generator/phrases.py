"""How an edge of the graph is said in each language; the one home of these words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Phrase:
    """One kind of edge in words.

    `fact` is the kind of fact it makes. `about` is said when an end of the edge is the patient's disease and `{other}`
    is the other end; `general` is said of any two ends, `{start}` and `{end}`. Both are keyed by language. The Russian
    ones name things after a colon, so that no word has to agree in gender or case.
    """

    fact: str
    about: dict[str, str]
    general: dict[str, str]


PHRASES: Final[dict[str, Phrase]] = {
    "CODED_AS": Phrase(
        "diagnosis",
        {"en": "The diagnosis is {disease} (ICD-10 {other}).", "ru": "Диагноз: {disease} (МКБ-10 {other})."},
        {"en": "The code of {start} is {end}.", "ru": "Код для «{start}»: {end}."},
    ),
    "HAS_SYMPTOM": Phrase(
        "symptom",
        {"en": "The patient has {other}.", "ru": "Отмечается: {other}."},
        {"en": "{start} shows {end}.", "ru": "При «{start}» бывает {end}."},
    ),
    "TREATS": Phrase(
        "drug",
        {"en": "The patient is given {other}.", "ru": "Назначено: {other}."},
        {"en": "{start} is given for {end}.", "ru": "{start} применяют при «{end}»."},
    ),
    "CONTRAINDICATED_FOR": Phrase(
        "contraindication",
        {"en": "The patient must not be given {other}.", "ru": "Противопоказано: {other}."},
        {"en": "{start} is contraindicated in {end}.", "ru": "{start} противопоказан при «{end}»."},
    ),
    "CAUSES": Phrase(
        "side_effect",
        {"en": "{start} can cause {end}.", "ru": "{start} может вызвать {end}."},
        {"en": "{start} can cause {end}.", "ru": "{start} может вызвать {end}."},
    ),
    "IN_CLASS": Phrase(
        "drug_class",
        {"en": "{start} belongs to {end}.", "ru": "{start} относится к группе «{end}»."},
        {"en": "{start} belongs to {end}.", "ru": "{start} относится к группе «{end}»."},
    ),
    "RESEMBLES": Phrase(
        "resembling",
        {"en": "Differential diagnosis: {other}.", "ru": "Дифференциальный диагноз: {other}."},
        {"en": "{start} resembles {end}.", "ru": "«{start}» напоминает «{end}»."},
    ),
    "IS_A": Phrase(
        "broader",
        {"en": "{start} is a kind of {end}.", "ru": "«{start}» — частный случай «{end}»."},
        {"en": "{start} is a kind of {end}.", "ru": "«{start}» — частный случай «{end}»."},
    ),
    "INTERACTS_WITH": Phrase(
        "interaction",
        {"en": "{start} interacts with {end}.", "ru": "{start} взаимодействует с {end}."},
        {"en": "{start} interacts with {end}.", "ru": "{start} взаимодействует с {end}."},
    ),
    "PART_OF": Phrase(
        "code_group",
        {"en": "{start} lies within {end}.", "ru": "{start} входит в {end}."},
        {"en": "{start} lies within {end}.", "ru": "{start} входит в {end}."},
    ),
}

# Said of the diagnosis when the graph has no code for the disease.
DIAGNOSIS_WITHOUT_CODE: Final = {"en": "The diagnosis is {disease}.", "ru": "Диагноз: {disease}."}

# Said of a second disease, which is not the one that the note is about.
ALSO_ILL: Final = {"en": "The patient also has {disease}.", "ru": "Сопутствующее заболевание: {disease}."}

# Facts that no edge makes: what the patient does not have, and what the patient had before.
ABSENT_SYMPTOM: Final = "absent_symptom"
HISTORY: Final = "history"

FACT_KINDS: Final[tuple[str, ...]] = (*(phrase.fact for phrase in PHRASES.values()), ABSENT_SYMPTOM, HISTORY)


def age_in_words(age: int, language: str) -> str:
    """Return an age of whole years as it is written in a note, for instance `45-year-old` or `42 года`."""
    if language != "ru":
        return f"{age}-year-old"
    if age % 10 == 1 and age % 100 != 11:
        return f"{age} год"
    if age % 10 in (2, 3, 4) and age % 100 not in (12, 13, 14):
        return f"{age} года"
    return f"{age} лет"


# What a model is told of a note that did not pass, so that it mends it. Names stand after a colon, as above.
REPAIR: Final[dict[str, dict[str, str]]] = {
    "en": {
        "again": "Write the whole note again. Keep what is right in it, and mend this:",
        "missing": "Name what is missing: {said}.",
        "contradicted": "This is so, and the note says otherwise: {said}",
        "invented": "Leave out what was not given: {said}.",
        "patient": "The patient is a {said}.",
        "code": "Give no other code than that of the diagnosis; leave out: {said}.",
        "dose": "Leave out this dose: {said}.",
        "placeholder": "Leave nothing to be filled in: {said}.",
        "refusal": "Write the note itself, and nothing about yourself.",
        "loop": "Do not say the same thing again: {said}",
        "noise": "Leave out signs that say nothing: {said}",
        "repeated": "Name each thing once; named twice: {said}.",
        "unknown": "Use words that people know, and names as they are given; leave out: {said}.",
        "empty": "Write whole sentences.",
        "other": "Leave out: {said}.",
        "female": "{age} woman",
        "male": "{age} man",
    },
    "ru": {
        "again": "Напишите всю запись заново. Сохраните верное и исправьте следующее:",
        "missing": "Назовите недостающее: {said}.",
        "contradicted": "Верно следующее, а в записи сказано обратное: {said}",
        "invented": "Уберите то, что не было дано: {said}.",
        "patient": "Речь идёт о следующем: {said}.",
        "code": "Не приводите других кодов, кроме кода диагноза; уберите: {said}.",
        "dose": "Уберите эту дозу: {said}.",
        "placeholder": "Не оставляйте пропусков: {said}.",
        "refusal": "Напишите саму запись и ничего о себе.",
        "loop": "Не повторяйте одно и то же: {said}",
        "noise": "Уберите знаки, которые ничего не значат: {said}",
        "repeated": "Называйте каждое один раз; названо дважды: {said}.",
        "unknown": "Пишите известными словами и данными названиями; уберите: {said}.",
        "empty": "Пишите полными предложениями.",
        "other": "Уберите: {said}.",
        "female": "пациентка, {age}",
        "male": "пациент, {age}",
    },
}

# How a patient lives, for a man and for a woman.
LIFE: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "en": {
        "never_married": ("never married", "never married"),
        "married": ("married", "married"),
        "widowed": ("widowed", "widowed"),
        "divorced": ("divorced", "divorced"),
        "smoker": ("smokes", "smokes"),
        "non_smoker": ("does not smoke", "does not smoke"),
        "pregnant": ("", "pregnant"),
    },
    "ru": {
        "never_married": ("не женат", "не замужем"),
        "married": ("женат", "замужем"),
        "widowed": ("вдовец", "вдова"),
        "divorced": ("разведён", "разведена"),
        "smoker": ("курит", "курит"),
        "non_smoker": ("не курит", "не курит"),
        "pregnant": ("", "беременна"),
    },
}


def life_in_words(
    sex: str, language: str, *, smoker: bool | None, pregnant: bool | None, marital_state: str | None
) -> tuple[str, ...]:
    """Return how a patient lives in a few words, for instance `married` and `smokes`; what is not known is not said."""
    said = [marital_state] if marital_state in LIFE[language] else []
    said += ["pregnant"] if pregnant else []
    if smoker is not None:
        said.append("smoker" if smoker else "non_smoker")
    return tuple(LIFE[language][word][sex == "female"] for word in said)

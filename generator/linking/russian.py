"""The stem of a Russian word: its case ending taken off, its vowel that comes and goes left out."""

from __future__ import annotations

import re
from typing import Final

_CASES: Final = (
    "а я о е и ы у ю ь й ом ем ой ей ов ев ый ые ое ее ая яя ую юю ого его ому ему ым им ых их ыми ими ам ям ами ями "
    "ах ях ью ья ье ьи ьем ьям ьями ьях ий ие ия ию ии ием иям иями иях ией иею"
)
_ENDINGS: Final = sorted(_CASES.split(), key=len, reverse=True)
_CONSONANT: Final = "бвгджзклмнпрстфхцчшщ"
# After these an ending in "и" is an adjective's (хронические, поздний), elsewhere the "и" is the noun's (снижение).
_ADJECTIVE: Final = re.compile(rf"(?:[кгхжшщч]|[{_CONSONANT}]н)$")
_OF_NOUNS_TOO: Final = frozenset({"им", "их", "ими"})
# Nouns that end like a case: синдром, симптом, страх. The same is taken off all their forms.
_LIKE_AN_ENDING: Final = re.compile(r"(?:[оеаы]м|ах|им|их)$")
# кашель and кашля, отек and отека, сухожилие; ноготь and ногтя; палец and пальца.
_FLEETING: Final = re.compile(
    rf"(?<=[{_CONSONANT}])(?:[ео](?=[кн]$)|е(?=[лц]$)|(?<=[кг])о(?=т$)|ь(?=[бвгдзклмнпрстфхцчшщ]$))"
)
_REFLEXIVE_PARTICIPLE: Final = re.compile(r"(?:щ|вш)[а-я]{2,3}ся$")
_REFLEXIVE: Final = re.compile(r"ся$|(?:л[аои]|[ую])сь$")
_PAST_REFLEXIVE: Final = re.compile(r"л[аои]сь$")
_DIARRHOEA: Final = re.compile(r"(?<=[оа]ре)(?:я|и|ю|й|ей|е)$")
# кашляет, кашлял; the same is taken off the few nouns that end so.
_PRESENT_OR_PAST: Final = re.compile(r"(?<=\w\w[ая])(?:ет|л)$")
# Of verbs in the present only the number is levelled: болит, болят; чешется, чешутся.
_PLURALS: Final = (("ят", "ит"), ("ют", "ет"), ("утся", "ется"), ("ются", "ется"), ("ятся", "ится"), ("атся", "ится"))
_SHORTEST: Final = 3
_ODD: Final = {
    form: stem
    for stem, forms in {
        "рот": "рот рта рту рте ртом рты",
        "сон": "сон сна сну сне сном сны снов снам снами снах",
        "ух": "ухо уха уху ухе ухом уши ушей ушам ушами ушах",
        "ше": "шея шеи шее шею шеей",
        "бели": "бели белей белям белями белях",
        "ед": "еда еды еде еду едой",
        "син": "синий синие синих синим синими синяя синей синюю",
    }.items()
    for form in forms.split()
} | {word: word for word in ("более", "менее", "ранее", "потому", "пока", "после")}


def russian_stem(word: str) -> str:
    """Return the stem of a word in lower case."""
    word = word.replace("ё", "е")
    if word in _ODD:
        return _ODD[word]
    if len(word) <= _SHORTEST:
        return word
    if _REFLEXIVE_PARTICIPLE.search(word):
        word = word[:-2]
    for plural, singular in _PLURALS:
        if word.endswith(plural):
            word = word.removesuffix(plural) + singular
    if _REFLEXIVE.search(word):
        return _PAST_REFLEXIVE.sub("лся", word)
    if _DIARRHOEA.search(word):
        return _DIARRHOEA.sub("", word)
    stem = _without_ending(word)
    if len(stem) > _SHORTEST + 1 and _LIKE_AN_ENDING.search(stem):
        stem = _without_ending(stem)
    if len(stem) > _SHORTEST + 2 and stem.endswith("нн"):
        stem = stem[:-1]
    stem = _PRESENT_OR_PAST.sub("", stem)
    return _FLEETING.sub("", stem) if len(stem) > _SHORTEST else stem


def _without_ending(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            stem = word.removesuffix(ending)
            keeps_i = ending[0] == "и" and len(ending) > 1 and ending not in _OF_NOUNS_TOO
            return stem + "и" if keeps_i and not _ADJECTIVE.search(stem) else stem
    return word

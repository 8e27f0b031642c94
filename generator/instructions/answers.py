"""Free answers of a model read as labels: by keywords in two languages, asked again when nothing can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

PASSES: Final = 5
"""How often an answer that cannot be read is asked for again (MedSyn's number)."""

Parse = Callable[[str], str | None]
# Given the places of the questions to be asked again and the number of the pass, from 1; one answer each, in order.
Again = Callable[[Sequence[int], int], Sequence[str]]

_NLI: Final[Mapping[str, str]] = {
    "contradiction": r"contradict\w*|противореч\w*|conflicts?|inconsistent|ложн\w*|false|неверн\w*",
    "neutral": r"neutral\w*|нейтральн\w*|undetermined|unknown|неизвестн\w*|неопредел[её]нн\w*|unrelated|не связан\w*",
    "entailment": r"entail\w*|следовани\w*|следует|вытекает|follows|подразумева\w*|true|верн[оаы]?",
}
# What turns one label into another when it stands before it: "does not follow".
_NOT: Final = r"(?:(?:does|do|is|can)(?:\s+not|n['’]t)|cannot|not|не|нельзя\s+сказать\W+что)\W+(?:\w+\W+)?"
_YES_NO: Final[Mapping[str, str]] = {
    "no": r"no|not|false|wrong|incorrect|нет|неверно|не верно|неправда|ложь",
    "yes": r"yes|true|right|correct|да|верно|правда|правильно",
}
_NUMBER: Final = re.compile(
    r"(?:answer|option|number|choice|variant|ответ\w*|вариант\w*|номер\w*|пункт\w*)(?:\s+(?:is|будет|номер|number|no\.?))?"
    r"\W{0,3}([1-5])(?![\d.,]\d|\d)",
    re.IGNORECASE,
)
_FIRST_NUMBER: Final = re.compile(r"^\W*([1-5])(?:[).:](?!\d)|\s*$)")
_ANY_NUMBER: Final = re.compile(r"(?<![\d.,])([1-5])(?![\d%]|[.,]\d)")
_NUMBERS: Final = {
    "1": r"first|перв\w+",
    "2": r"second|втор\w+",
    "3": r"third|трет\w+",
    "4": r"fourth|четв[её]рт\w+",
    "5": r"fifth|пят(?:ый|ая|ое|ого|ой|ом)",
}
_LETTERS: Final = {
    **dict(zip("abcde", "12345", strict=True)),
    **dict(zip("абвгд", "12345", strict=True)),
}
_LETTER: Final = re.compile(
    r"^\W*([a-eа-д])(?:[).:]|\s*$)|(?:answer|option|ответ|вариант)\W{1,3}([a-eа-д])(?!\w)", re.I
)


def read_nli(answer: str) -> str | None:
    """Return `entailment`, `contradiction` or `neutral`, or None when none or several are named."""
    denied = re.search(rf"\b{_NOT}(?:follow\w*|entail\w*|следует|вытекает|следовани\w*)\b", answer, re.IGNORECASE)
    contradicts = re.search(rf"\b{_NOT}(?:contradict\w*|противореч\w*|conflict\w*)\b", answer, re.IGNORECASE)
    if denied and contradicts:
        return "neutral"
    found = _named(answer, _NLI)
    if denied:
        found.discard("entailment")
    if contradicts:
        found.discard("contradiction")
    # That it does not follow says only what it is not.
    return found.pop() if len(found) == 1 else None


def read_yes_no(answer: str) -> str | None:
    """Return `yes` or `no` by the word that comes first, or None."""
    places = {
        label: found.start()
        for label, words in _YES_NO.items()
        if (found := re.search(rf"\b(?:{words})\b", answer, re.IGNORECASE))
    }
    return min(places, key=lambda label: (places[label], label)) if places else None


def read_option(answer: str) -> str | None:
    """Return the number of the option that is named, `1` to `5`, or None when none or several are.

    A number after the word "answer" counts before one at the beginning, that before any other, then number words, then
    letters.
    """
    for pattern in (_NUMBER, _FIRST_NUMBER, _ANY_NUMBER):
        found = {match.group(1) for match in pattern.finditer(answer)}
        if found:
            return found.pop() if len(found) == 1 else None
    worded = _named(answer, _NUMBERS)
    if worded:
        return worded.pop() if len(worded) == 1 else None
    letters = {_LETTERS[(match.group(1) or match.group(2)).lower()] for match in _LETTER.finditer(answer)}
    return letters.pop() if len(letters) == 1 else None


PARSERS: Final[Mapping[str, Parse]] = {"nli_label": read_nli, "yes_no": read_yes_no, "five_choice": read_option}
"""What reads the answers to the rows of a builder that have a label."""


@dataclass(frozen=True, slots=True)
class Read:
    """The labels in order. `unparsed` are the places that got the default, `asked_again` how many answers were."""

    labels: tuple[str, ...]
    unparsed: tuple[int, ...]
    asked_again: int

    @property
    def share_unparsed(self) -> float:
        """The share of answers that could not be read."""
        return len(self.unparsed) / len(self.labels) if self.labels else 0.0


def read_answers(
    answers: Sequence[str], parse: Parse, default: str, again: Again | None = None, passes: int = PASSES
) -> Read:
    """Return the label of each answer; what cannot be read is asked for again, up to `passes` times, then `default`."""
    labels: list[str | None] = [parse(answer) for answer in answers]
    asked = 0
    for number in range(1, passes + 1 if again else 1):
        open_ = [place for place, label in enumerate(labels) if label is None]
        if not open_ or again is None:
            break
        for place, answer in zip(open_, again(open_, number), strict=True):
            labels[place] = parse(answer)
        asked += len(open_)
    unparsed = tuple(place for place, label in enumerate(labels) if label is None)
    return Read(tuple(label or default for label in labels), unparsed, asked)


def _named(answer: str, words: Mapping[str, str]) -> set[str]:
    return {label for label, known in words.items() if re.search(rf"\b(?:{known})\b", answer, re.IGNORECASE)}

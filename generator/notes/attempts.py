"""The steps by which a note comes about: written, written again, repaired, completed, or rejected with the reason.

Everything here is a pure function of what the model has written so far, so that notes written side by side, one after
another or listened to on the way come about in the same steps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from generator.checking.check import check
from generator.checking.report import CheckReport
from generator.checking.respelling import Respelt, respell
from generator.linking.vocabulary import Vocabulary
from generator.linking.words import words_of
from generator.notes.names import told_apart
from generator.notes.prepare import Prepared
from generator.notes.repair import repairs
from generator.prompt import Message, Prompt, Sampling
from generator.seeds import derive

# What produced the text that was kept.
Step = Literal["first", "retry", "repair", "completed", "rejected"]
Status = Literal["accepted", "repaired", "completed", "rejected"]

_ENDS: Final = re.compile(r"[.!?…][»\")\]]*$")
_WHOLE_SENTENCES: Final = re.compile(r".*[.!?…](?=[\s»\")\]]|$)[»\")\]]*", re.DOTALL)
_STATUS: Final[dict[Step, Status]] = {
    "first": "accepted",
    "retry": "accepted",
    "repair": "repaired",
    "completed": "completed",
    "rejected": "rejected",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the model is asked next: the prompt, the seed, and what it was told to mend, if it was."""

    number: int
    step: Step
    prompt: Prompt
    seed: int
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One text of the model, its names spelled as the graph spells them, and what the check says of it."""

    asked: Asked
    response: str
    text: str
    report: CheckReport
    respelt: tuple[Respelt, ...] = ()

    def rank(self) -> tuple[int, int, int]:
        """Return what puts the best attempt first: no faults, then most told, then the earliest."""
        return (self.report.faults, len(self.report.not_told), self.asked.number)


@dataclass(frozen=True, slots=True)
class Kept:
    """The text that is kept, which attempt it is or grew from, and which facts were said for it in plain sentences."""

    text: str
    report: CheckReport
    best: Attempt
    completed: tuple[str, ...]
    step: Step

    @property
    def status(self) -> Status:
        """What became of the note."""
        return _STATUS[self.step]


class Trial:
    """One row on its way: what was written so far, and what comes next."""

    def __init__(self, ready: Prepared, vocabulary: Vocabulary) -> None:
        self.ready = ready
        self.attempts: tuple[Attempt, ...] = ()
        self._recipe = ready.recipe
        self._vocabulary = vocabulary
        self._shown = Vocabulary(told_apart(ready.examples, ready.sheet))
        self._read = _stems(ready) if ready.recipe.options.known_words else None

    @property
    def sampling(self) -> Sampling:
        """How the model draws its words."""
        return self._recipe.options.sampling

    def asks(self) -> Asked | None:
        """Return what the model is asked next, or None when it is not asked any more."""
        return next_asked(self.ready, self.attempts)

    def take(self, asked: Asked, response: str) -> None:
        """Check what the model wrote, once names that it misspelt are put right."""
        text = whole_sentences(response, lines=self._recipe.keeps_lines)
        report = self._checked(text)
        text, respelt = respell(text, report.mentions, self.ready.sheet.facts)
        if respelt:
            report = self._checked(text)
        self.attempts = (*self.attempts, Attempt(asked, response, text, report, respelt))

    def kept(self) -> Kept:
        """Return what is kept of all attempts, completed in plain sentences if the recipe says so."""
        best = min(self.attempts, key=Attempt.rank)
        report = best.report
        if report.passed:
            return Kept(best.text, report, best, (), best.asked.step)
        if not self._recipe.options.complete or not report.not_told or report.contradicted:
            return Kept(best.text, report, best, (), "rejected")
        completed = report.not_told
        said = [fact.text for fact in self.ready.sheet.facts if fact.id in completed]
        text = " ".join([best.text, *said]).strip()
        report = self._checked(text)
        return Kept(text, report, best, completed, "completed" if report.passed else "rejected")

    def _checked(self, text: str) -> CheckReport:
        return check(
            text,
            self.ready.sheet.facts,
            self._vocabulary,
            patient=self.ready.patient,
            icd10=self.ready.icd10,
            required=self._recipe.options.required,
            shown=self._shown,
            read=self._read,
        )


def _stems(ready: Prepared) -> frozenset[str]:
    """Return the stems of all words that the model is shown, and of the facts as they may be told for it."""
    texts = [message.content for message in ready.prompt.messages] + [fact.text for fact in ready.sheet.facts]
    return frozenset(word.stem for text in texts for word in words_of(text))


def next_asked(ready: Prepared, attempts: Sequence[Attempt]) -> Asked | None:
    """Return what the model is asked after these attempts, or None: one has passed, or there is nothing left to try.

    The first asks and the next ones differ in their seeds alone. Then the model is shown the best of what it wrote and
    told what to mend; a text without a word has nothing that could be mended.
    """
    options, number = ready.recipe.options, len(attempts)
    if any(attempt.report.passed for attempt in attempts):
        return None
    seed = derive(ready.seed, "attempt", number)
    if number < options.attempts:
        return Asked(number, "retry" if number else "first", ready.prompt, seed)
    if not options.repair or number > options.attempts:
        return None
    best = min(attempts, key=Attempt.rank)
    if not best.text:
        return None
    mend = repairs(best.report, ready.sheet.facts, ready.patient, ready.recipe.language)
    turns = (Message("assistant", best.text), Message("user", mend))
    return Asked(number, "repair", replace(ready.prompt, messages=(*ready.prompt.messages, *turns)), seed, mend)


def whole_sentences(response: str, *, lines: bool = False) -> str:
    """Return the text without a last sentence that the limit of tokens cut off, in one line unless `lines`.

    Where other lines end without a full stop too, the last one is not taken for one that was cut off.
    """
    parts = response.splitlines() if lines else [response]
    text = "\n".join(filter(None, (" ".join(part.split()) for part in parts)))
    found = _WHOLE_SENTENCES.match(text)
    listed = any(not _ENDS.search(line) for line in text.splitlines()[:-1])
    return text if found is None or listed else found.group()

"""How far a cue reaches: over the list that follows it or stands before it, within one statement of a sentence.

In the way of NegEx and ConText, with lists: after a comma a cue goes on only over what still is a list of names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from generator.linking.mentions import Mention
from generator.linking.status import Status, english, russian
from generator.linking.status.contexts import context_cues, is_over, questioned
from generator.linking.status.cues import Cue, cues_in
from generator.linking.status.relatives import family_cues
from generator.linking.words import Gap, Word

_REACH: Final = 5  # other words between a cue, or a name that it reaches, and the next name
_REACH_BACK: Final = 3
_FARTHEST: Final = 60  # words, names and all
_BESIDE: Final = 1  # other words that an item of a list may have beside its names

_STATEMENTS: Final = english.STATEMENTS | russian.STATEMENTS | russian.ADVICE
_AFTER_PAUSE: Final = english.STATEMENTS_AFTER_PAUSE | russian.STATEMENTS_AFTER_PAUSE
_JOINING: Final = english.JOINING | russian.JOINING
_CHOOSING: Final = english.CHOOSING | russian.CHOOSING
_TELLING: Final = english.TELLING | russian.TELLING
_PLURAL: Final = english.PLURAL | russian.PLURAL
_PREPOSITIONS: Final = english.PREPOSITIONS | russian.PREPOSITIONS
_TODAY: Final = english.TODAY | russian.TODAY
_NOW: Final = english.NOW | russian.NOW
_PATIENT: Final = english.PATIENT | russian.PATIENT
_CAUSE: Final = english.CAUSE | russian.CAUSE
_PAUSE_WORDS: Final = frozenset({"and", "и", "а"})
# What reaches to the end of the sentence unless it says that now something else is meant.
_LONG: Final = frozenset({Status.HISTORY, Status.FAMILY})


def statuses(text: str, words: Sequence[Word], found: Sequence[Mention]) -> list[Status]:
    """Return the status of each mention. Of several cues the nearest counts."""
    return _Reading(text, words, found).statuses()


class _Reading:
    """One text with its mentions, and what each cue makes of them."""

    def __init__(self, text: str, words: Sequence[Word], found: Sequence[Mention]) -> None:
        self.text, self.words, self.found = text, words, found
        self.taken: list[int | None] = [None] * len(words)
        for number, mention in enumerate(found):
            self.taken[mention.first : mention.last + 1] = [number] * (mention.last - mention.first + 1)
        self.said: list[list[tuple[int, Status]]] = [[] for _ in found]

    def statuses(self) -> list[Status]:
        if self.found:
            cues = cues_in(self.words, self.taken)
            starts = {cue.first for cue in cues}
            in_context = context_cues(self.text, self.words, self.found, self.taken)
            for cue in (*cues, *in_context, *family_cues(self.words, self.taken)):
                if is_over(cue, self.words):
                    self._apply(cue, starts)
            for number in questioned(self.text, self.found):
                self.said[number].append((0, Status.HYPOTHETICAL))
        return [_verdict(said) for said in self.said]

    def _apply(self, cue: Cue, starts: set[int]) -> None:
        back = list(self._behind(cue)) if cue.after and not self._looks_ahead(cue) else []
        # "Fever was denied, cough": what denies the name beside it says nothing of the next.
        beside = any(distance <= 1 for _, distance in back)
        ahead = [] if cue.before is None or beside else list(self._ahead(cue, cue.before, starts))
        for number, distance in back if beside or not ahead else []:
            assert cue.after
            self.said[number].append((distance, cue.after))
        for number, distance in ahead:
            assert cue.before
            self.said[number].append((distance, cue.before))

    def _looks_ahead(self, cue: Cue) -> bool:
        """Say whether a cue that could speak of either side belongs to what follows it: "cough, no fever"."""
        following = cue.last + 1 < len(self.words) and self.words[cue.last + 1].gap == Gap.JOINED
        apart = self.words[cue.first].gap != Gap.JOINED
        return following and (self.words[cue.first].said in english.ONLY_LAST or (cue.before is not None and apart))

    def _ahead(self, cue: Cue, status: Status, starts: set[int]) -> Iterator[tuple[int, int]]:
        """Yield the mentions after a cue that it reaches, each with its distance in words."""
        words, at, beside = self.words, cue.last + 1, 0
        genitive = words[cue.last].said in russian.GENITIVE or words[cue.first].said in russian.GENITIVE
        if at < len(words) and words[at].gap == Gap.PAUSE:
            return
        while at < min(len(words), cue.last + _FARTHEST) and words[at].gap != Gap.STOP:
            first = at == cue.last + 1
            paused = not first and words[at].gap != Gap.JOINED
            if status in _LONG:
                if words[at].said in _NOW or (status is Status.FAMILY and not first and words[at].said in _PATIENT):
                    return
            else:
                if paused and not self._is_item(at, starts):
                    return
                if not first and self.taken[at] is None and self._ends(at, paused, status):
                    return
                if self.taken[at] is None and at in starts and not first and words[at].said not in _JOINING:
                    return
                if beside > _REACH:
                    return
            number = self.taken[at]
            if number is None:
                beside = 0 if paused else beside + (words[at].said not in _JOINING)
                at += 1
                continue
            mention = self.found[number]
            if genitive and paused and mention.is_base and self._is_russian(mention):
                return
            yield number, at - cue.last - 1
            beside = 0
            at = mention.last + 1

    def _ends(self, at: int, paused: bool, status: Status) -> bool:
        said = self.words[at].said
        if said in _STATEMENTS:
            return True
        if status is Status.HYPOTHETICAL and said in _CAUSE:
            return True
        paused = paused or self.words[at - 1].said in _PAUSE_WORDS
        return paused and said in _AFTER_PAUSE

    def _is_item(self, at: int, starts: set[int]) -> bool:
        """Say whether what begins here, after a comma, is still an item of a list, and not a statement of its own."""
        beside, named, chosen, place = 0, False, False, at
        while place < min(len(self.words), at + _FARTHEST) and (place == at or self.words[place].gap == Gap.JOINED):
            number, said = self.taken[place], self.words[place].said
            if number is not None:
                named, place = True, self.found[number].last + 1
                continue
            chosen = chosen or said in _CHOOSING
            if chosen and named:
                return True
            if said in _STATEMENTS or said in _TELLING or said[0].isdigit():
                return False
            if place in starts and said not in _JOINING:
                return False
            beside += said not in _JOINING
            place += 1
        return (chosen and named) or (beside <= _BESIDE and named) or (not named and beside <= _BESIDE + 1)

    def _behind(self, cue: Cue) -> Iterator[tuple[int, int]]:
        """Yield the mentions before a cue that it reaches, the nearest first."""
        words, at, beside = self.words, cue.first - 1, 0
        genitive = words[cue.first].said in russian.GENITIVE or words[cue.last].said == "нет"
        plural = any(words[n].said in _PLURAL for n in range(cue.first, cue.last + 1))
        joined = covered = False
        while at >= max(0, cue.first - _FARTHEST) and words[at + 1].gap != Gap.STOP:
            paused = words[at + 1].gap != Gap.JOINED
            number = self.taken[at]
            if paused and not covered and at + 1 != cue.first:
                return
            if number is not None:
                mention = self.found[number]
                oblique = not mention.is_base and not mention.edits and self._is_russian(mention)
                if covered and not (joined or plural or (genitive and oblique)):
                    return
                if covered and genitive and not oblique and self._is_russian(mention):
                    return
                yield number, cue.first - 1 - mention.last
                covered, beside, at = True, 0, mention.first - 1
                continue
            said = words[at].said
            if said in _JOINING or (covered and said in _PREPOSITIONS):
                joined = True
            else:
                beside += 1
                starts_anew = said in _STATEMENTS and (covered or said not in _TODAY)
                if starts_anew or beside > (_BESIDE if covered else _REACH_BACK):
                    return
                if covered and (said in _TELLING or said[0].isdigit()):
                    return
            at -= 1

    def _is_russian(self, mention: Mention) -> bool:
        return not self.words[mention.first].said.isascii()


def _verdict(said: Sequence[tuple[int, Status]]) -> Status:
    if not said:
        return Status.AFFIRMED
    nearest = min(said, key=lambda item: item[0])[1]
    if nearest in _LONG:
        # "No family history of gout", "her mother had gout as a child".
        found = {status for _, status in said}
        return next(status for status in (Status.NEGATED, Status.FAMILY, Status.HISTORY) if status in found)
    return nearest

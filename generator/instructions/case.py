"""One thing that can be asked and answered from the graph, before anybody puts it into words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.instructions.net import Net, length_of
from generator.seeds import derive
from kg.query.build import Question


@dataclass(frozen=True, slots=True)
class Names:
    """Things by name, with commas between them."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Each thing with what it leads to."""

    items: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Options:
    """Things to choose from, numbered from 1, a line each."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the wordings by their name (yes, no, a purpose, a limit of age), each with a number or nothing."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The other names of a thing in the language of the row."""

    id: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """The name of a code without the code."""

    id: str


@dataclass(frozen=True, slots=True)
class Said:
    """A statement about two things, by the relation between them."""

    relation: str
    start: str
    end: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences side by side, each a heading of the wordings and things."""

    items: tuple[tuple[str, tuple[str, ...]], ...]


Slot = str | Names | Told | Options | Words | Synonyms | Meaning | Said | Lines


@dataclass(frozen=True, slots=True)
class Case:
    """What a row is made from.

    `questions` are answered by `answer` (ids, of all questions together) along `edges`; for a value that stands on a
    node or an edge of the answer, `read` names the property and `values` are what it holds. `key` tells the cases of a
    builder apart; rows are taken from each `stratum` (`group|label`) in turn, so that labels come equally often.
    `subject` is the id of what the row is about. `languages` are those it can be told in; None is any that has names
    for all of it.
    """

    builder: str
    key: str
    subject: str
    questions: tuple[str, ...]
    hops: int
    answer: tuple[str, ...]
    edges: tuple[str, ...]
    slots: Mapping[str, Slot]
    read: str | None = None
    values: tuple[str, ...] = ()
    label: str | None = None
    stratum: str = ""
    wording: str = ""
    languages: tuple[str, ...] | None = None
    source: str | None = None


def case(
    net: Net,
    builder: str,
    subject: str,
    questions: Question | Iterable[Question],
    slots: Mapping[str, Slot],
    *,
    key: str = "",
    read: str | None = None,
    values: tuple[str, ...] = (),
    label: str | None = None,
    stratum: str = "",
    wording: str = "",
    languages: tuple[str, ...] | None = None,
    source: str | None = None,
) -> Case:
    """Return a case with the graph's answer to its questions; the slot `answer` has it unless one was given."""
    asked = (questions,) if isinstance(questions, Question) else tuple(questions)
    found = [net.answer(question) for question in asked]
    texts = tuple(map(str, asked))
    # Without an answer there is no way; then it is as far as one would have had to go.
    hops = [answered.hops if answered.ids else length_of(one) for one, answered in zip(asked, found, strict=True)]
    answer = tuple(dict.fromkeys(node for answered in found for node in answered.ids))
    return Case(
        builder=builder,
        key="\x1f".join((subject, key, *texts)),
        subject=subject,
        questions=texts,
        hops=max(hops, default=0),
        answer=answer,
        edges=tuple(sorted({edge for answered in found for edge in answered.edges})),
        slots={"subject": Names((subject,)), "answer": Names(answer), **slots},
        read=read,
        values=values,
        label=label,
        stratum=stratum,
        wording=wording or builder,
        languages=languages,
        source=source,
    )


def chosen(items: Iterable[str], count: int, *parts: str | int) -> tuple[str, ...]:
    """Return `count` of the items in an order that hangs on the parts alone; fewer when there are fewer."""
    return tuple(sorted(dict.fromkeys(items), key=lambda item: derive(*parts, item))[:count])


def draws(items: tuple[str, ...], width: int, times: int, *parts: str | int) -> Iterator[tuple[str, ...]]:
    """Yield different choices of `width` items, at most `times`; all of them at once when there are no more."""
    if len(items) <= width:
        yield items
        return
    seen: set[frozenset[str]] = set()
    for number in range(times * 2):
        drawn = chosen(items, width, *parts, number)
        if frozenset(drawn) not in seen and len(seen) < times:
            seen.add(frozenset(drawn))
            yield drawn

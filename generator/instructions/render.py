"""A case in words: instruction, input and output in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from generator.facts import tokens_in
from generator.instructions.case import Case, Lines, Meaning, Names, Options, Said, Slot, Synonyms, Told, Words
from generator.instructions.net import Net
from generator.instructions.wordings import Wordings
from generator.quoting import as_data
from generator.seeds import between, derive

MOST_TOKENS: Final = 2000
"""The longest answer, in tokens as `generator.facts.tokens_in` counts them."""


class _CannotBeTold(Exception):
    """The graph has no name in this language for something that the case speaks of, or the answer is too long."""


@dataclass(frozen=True, slots=True)
class Worded:
    """What a row asks and answers; `role` is whom the model is told to be, or empty."""

    instruction: str
    input: str
    output: str
    role: str
    values: tuple[str, ...]


def render(
    net: Net, wordings: Wordings, case: Case, language: str, turn: int, seed: int, role_prefix: float
) -> Worded | None:
    """Return a case in words, or None when it cannot be told in this language: no name, or too long.

    Each `turn` of a case asks in other words, as long as there are others.
    """
    wording = wordings.of(language, case.wording)
    place = derive(seed, case.builder, case.key, language)
    asked = wording.ask[(place + turn) % len(wording.ask)]
    told = wording.tell[between(0, len(wording.tell) - 1, place, turn)]
    try:
        slots = {
            name: _filled(net, wordings, slot, language, between(0, 1000, place, turn, name))
            for name, slot in case.slots.items()
            if name in wording.slots
        }
        values = _values(net, case, language)
    except _CannotBeTold:
        return None
    role = ""
    if between(0, 9999, place, turn, "role") < role_prefix * 10_000:
        roles = wordings.roles(language)
        role = roles[between(0, len(roles) - 1, place, turn, "which role")]
    output = told.format_map(slots)
    # An answer that is nothing but a note or the rest of one begins as that does.
    alone = told.startswith("{") and told.endswith("}") and told.count("{") == 1
    return Worded(
        _capital(asked.format_map(slots)),
        wording.input.format_map(slots),
        output if alone else _capital(output),
        role,
        values,
    )


def _filled(net: Net, wordings: Wordings, slot: Slot, language: str, draw: int) -> str:
    match slot:
        case str():
            return slot
        case Names(ids):
            return _names(net, ids, language)
        case Told(items):
            lines = [f"{_name(net, thing, language)}: {_names(net, told, language)}" for thing, told in items]
            return ("\n" if any(";" in line for line in lines) else "; ").join(lines)
        case Options(ids):
            return "\n".join(f"{number}) {_name(net, one, language)}" for number, one in enumerate(ids, start=1))
        case Words(items):
            return "; ".join(wordings.word(language, name).format(n=number) for name, number in items)
        case Synonyms(thing):
            return ", ".join(_synonyms(net, thing, language))
        case Meaning(thing):
            return _plain(net, thing, language)
        case Said(relation, start, end):
            ways = wordings.statements(language, relation)
            said = ways[draw % len(ways)]
            return said.format(start=_name(net, start, language), end=_names(net, end, language))
        case Lines(items):
            text = " ".join(f"{wordings.word(language, name)} {_names(net, ids, language)}." for name, ids in items)
            # What was cut off would still stand among the ids of the answer, so it is all or nothing.
            if tokens_in(text) > MOST_TOKENS:
                raise _CannotBeTold
            return text


def _values(net: Net, case: Case, language: str) -> tuple[str, ...]:
    if case.read == "synonyms":
        return _synonyms(net, case.subject, language)
    if case.read == "name":
        return (_plain(net, case.subject, language),)
    return case.values


def _synonyms(net: Net, thing: str, language: str) -> tuple[str, ...]:
    found = tuple(as_data(name) for name in net.nodes[thing].synonyms.get(language, ()))
    if not found:
        raise _CannotBeTold
    return found


def _names(net: Net, ids: tuple[str, ...], language: str) -> str:
    names = [_name(net, one, language) for one in ids]
    # A name with a comma of its own would be read as two.
    return ("; " if any("," in name for name in names) else ", ").join(names)


def _name(net: Net, thing: str, language: str) -> str:
    plain = _plain(net, thing, language)
    return f"{thing.partition(':')[2]} ({plain})" if net.nodes[thing].kind == "IcdCode" else plain


def _plain(net: Net, thing: str, language: str) -> str:
    name = net.name(thing, language)
    if not name:
        raise _CannotBeTold
    return as_data(name)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

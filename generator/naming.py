"""By which of its names a thing is called in a row: the preferred one, or a synonym that a note would use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from generator.linking.words import listed
from generator.seeds import SEED_BITS, derive
from kg.subgraph import SubgraphNode

# Synonyms of large terminologies are often whole definitions, or codes: "Cough (finding)", "TB - tuberculosis".
_PLAIN: Final = re.compile(r"[^\W\d_]{2,}(?:[ '’-][^\W\d_]+)*")
_MOST_WORDS: Final = 4
_LONGEST: Final = 40
# "Complains of" goes before a noun. What has a verb, a negation or nothing but an adjective is a name for a reader of
# the graph: "mouth burns", "no appetite", "dizzy on rising".
_OF_CLAUSES: Final = listed(
    "is are was were has have had hurts hurt bleeds bleed burns burn itches itch aches ache wakes feels feel loses "
    "lose drops snores talks speaks shows stays gives give goes go comes came gets got needs says turns washes drinks "
    "worries interrupts dozes fell falls fainted passed blacked vomits coughs avoids keeps refuses forces makes hears "
    "sees shuffles walks squints stops gasps breathes look looks tastes sticks pops peels tires tire locks hangs "
    "flicker flushes wanders acts reads removed lost struggles spins misses heals heal returns race dazzles smells "
    "seen shakes wants must hungry whiteheads break pack dull bitten bit needing eats "
    "no not cannot never without unable "
    "не нет без болит болят"
)
_OF_ADJECTIVES: Final = listed(
    "dizzy drowsy confused muddled disoriented lightheaded light-headed faint tired worn febrile restless irritable "
    "distractible jumpy talkative queasy nauseous sick pale unconscious unresponsive forgetful withdrawn dehydrated "
    "constipated indifferent afraid convinced sensitive always short-tempered easily unsteady breathless awake sleepy "
    "very hard out being run on symptom-free bruises large small found whooping impotent overweight thirsty starving"
)
_BEHIND_ADJECTIVES: Final = listed("when to by on after during for at of in between lying than down up out early")


@dataclass(frozen=True, slots=True)
class Naming:
    """How names are drawn in a language; the seed decides, for each thing by itself.

    `shares` says how often a fact of a kind goes by a synonym, `coded` how often a diagnosis has its code behind it;
    both are shares from 0 to 1.
    """

    language: str
    seed: int = 0
    shares: Mapping[str, float] = field(default_factory=dict)
    coded: float = 1

    def name(self, node: SubgraphNode, kind: str) -> str:
        """Return what a fact of this kind calls the node."""
        share = self.shares.get(kind, 0)
        if share and self._chance("synonym", node.id) < share and (known := fit_synonyms(node, self.language)):
            return known[derive(self.seed, "name", node.id) % len(known)]
        return node.name(self.language)

    def says_code(self, node: SubgraphNode) -> bool:
        """Say whether the diagnosis is told with its code."""
        return self._chance("code", node.id) < self.coded

    def _chance(self, what: str, node_id: str) -> float:
        return derive(self.seed, what, node_id) / 2**SEED_BITS


def fit_synonyms(node: SubgraphNode, language: str) -> list[str]:
    """Return the synonyms of the node that a sentence could have: a few plain words, a noun among them, no acronym."""
    return [
        name
        for name in node.synonyms.get(language, ())
        if _PLAIN.fullmatch(name)
        and len(name) <= _LONGEST
        and len(name.split()) <= _MOST_WORDS
        and not any(word.isupper() for word in name.split())
        and _is_noun(name.casefold().split())
    ]


def _is_noun(words: Sequence[str]) -> bool:
    if not _OF_CLAUSES.isdisjoint(words):
        return False
    lone = len(words) == 1 or words[1] in _BEHIND_ADJECTIVES
    return not (lone and words[0] in _OF_ADJECTIVES) and words[0] not in {"always", "easily", "very"}

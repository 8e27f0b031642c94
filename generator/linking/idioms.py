"""Phrases that hold the name of something and mean something else: *cold water*, *газы крови*."""

from __future__ import annotations

from typing import Final

from generator.linking.words import words_of

_PHRASES: Final = """
cold water; cold air; cold weather; cold compress; cold compresses; cold pack; cold packs; cold drinks; cold food;
cold day; cold wind; cold room; cold bath; cold shower; cold sore; cold sores; cold all day; cold outside; very cold;
feels cold; felt cold; been cold; is cold; was cold; are cold; were cold; cold to touch; cold to the touch; in the
cold; alcohol consumption; fluid consumption; salt consumption; tobacco consumption; coffee consumption; caffeine
consumption; oxygen consumption; sugar consumption; consumption of; ST depression; ST-segment depression; depression
of the ST; segment depression; respiratory depression; marrow depression; fits the; fits with; fits in; fits well;
fits a; it fits; that fits; this fits; dentures fit; which was withdrawn; was withdrawn; were withdrawn; been
withdrawn; withdrawn because; withdrawn for; blood withdrawn; falls asleep; falling asleep; fell asleep; falls within;
falls into; falls back; falls under; falling back; wind instrument; wind up; in the wind; boil water; boil the; to the
boil; being sick leave; sick leave; sick note; pace maker; saline lock; limp hair; general anxiety about; piles of;
thick and fast; pale yellow; pale green; pale urine; pale pink; pale blue; pale brown; on edge of; tired of; allergy
to; rash decision; tearing of; tearing up; wind speed; hot flush of; restless leg; bleeding time; blood saline; labour
pains; fit and well; fits and starts; keeps fit; worn out shoes; worn out boots; scratches the; strokes the;
consumption was; shaking hands; shook hands; газы крови; газов крови; газы артериальной крови; газы венозной крови;
выхлопные газы; депрессия сегмента; депрессия ST; депрессии ST; депрессию ST; депрессии сегмента; депрессию сегмента;
депрессия дыхания; угнетение сегмента; ячменная каша; дома престарелых; литий-ионный; жары нет; на жаре; в жару;
летняя жара; тик-так; горб верблюда; приливы и отливы; морская свинка; морской свинки; морскую свинку; морские свинки;
пузырьки воздуха; пузырьки газа; кислота соляная; соляная кислота; питьевая сода
"""


def idioms() -> frozenset[tuple[str, ...]]:
    """Return the phrases as the words they say."""
    phrases = (phrase.strip() for phrase in _PHRASES.split(";"))
    return frozenset(tuple(word.said for word in words_of(phrase)) for phrase in phrases if phrase)


IDIOMS: Final = idioms()
LONGEST_IDIOM: Final = max(map(len, IDIOMS))
IDIOM_STARTS: Final = frozenset(phrase[0] for phrase in IDIOMS)

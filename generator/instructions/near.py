"""What is near a right answer in the graph and is not right: the wrong answers that a question is made hard with."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from generator.instructions.net import Net
from generator.linking.words import words_of

_NEIGHBOURS: Final = 12  # things alike that are looked at
_SHARED: Final = 2


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation that statements are made of: from what kind (`root`) by which role to what kind (`end`)."""

    root: str
    role: str
    end: str
    label: str


RELATIONS: Final[dict[str, Relation]] = {
    "symptom": Relation("disease", "symptoms", "symptom", "Disease"),
    "drug": Relation("disease", "drugs", "drug", "Disease"),
    "forbidden": Relation("drug", "contraindications", "disease", "Drug"),
    "effect": Relation("drug", "side_effects", "side_effect", "Drug"),
    "class": Relation("drug", "in_class", "drug_class", "Drug"),
    "code": Relation("disease", "codes", "icd", "Disease"),
}


@dataclass(frozen=True, eq=False)
class Near:
    """Near neighbours of the things of a graph; it remembers what it compared, so take the one of `near_of`."""

    net: Net
    _same: dict[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])
    _stems: dict[str, tuple[frozenset[str], ...]] = field(default_factory=dict[str, tuple[frozenset[str], ...]])

    def wrong(self, name: str, start: str) -> tuple[str, ...]:
        """Return what stands in a relation to neighbours of `start` and surely not to itself, the nearest first."""
        relation = RELATIONS[name]
        right = self.net.next(start, relation.role)
        if name == "class":
            found = [one for group in right for above in self.net.next(group, "in_class") for one in self._below(above)]
        elif name == "code":
            found = [one for code in right for above in self.net.next(code, "part_of") for one in self._parts(above)]
        else:
            found = [one for near in self.alike(start) for one in self.net.next(near, relation.role)]
        return tuple(one for one in dict.fromkeys(found) if one != start and not self._could_be(one, right))

    def alike(self, thing: str) -> tuple[str, ...]:
        """Return what is like a disease by look or symptoms, or the drugs of a drug's groups, the nearest first."""
        net = self.net
        if net.nodes[thing].kind == "Drug":
            groups = net.next(thing, "in_class")
            above = [wider for group in groups for wider in net.next(group, "in_class")]
            wider = [narrower for group in above for narrower in self._below(group)]
            found = [drug for group in (*groups, *wider) for drug in net.next(group, "drugs")]
        else:
            shared: dict[str, int] = {}
            for symptom in net.next(thing, "symptoms"):
                for other in net.next(symptom, "diseases"):
                    shared[other] = shared.get(other, 0) + 1
            sharing = sorted((key for key, n in shared.items() if n >= _SHARED), key=lambda key: (-shared[key], key))
            found = [*net.next(thing, "resembling"), *sharing]
        return tuple(one for one in dict.fromkeys(found) if one != thing)[:_NEIGHBOURS]

    def same(self, one: str, other: str) -> bool:
        """Return whether two things could be meant by the same words, or one is a special case of the other."""
        pair = (one, other) if one < other else (other, one)
        if pair not in self._same:
            names = ((a, b) for a in self._names(one) for b in self._names(other))
            self._same[pair] = one == other or other in self.net.kin(one) or any(a <= b or b <= a for a, b in names)
        return self._same[pair]

    def _could_be(self, one: str, right: tuple[str, ...]) -> bool:
        if any(self.same(one, other) for other in right):
            return True
        # A drug of the same group may well be given too, though nobody told the graph; a wider group holds the drug.
        groups = set(self.net.next(one, "in_class"))
        if self.net.nodes[one].kind == "DrugClass":
            return any(one in self._line(other) for other in right)
        return any(not groups.isdisjoint(self.net.next(other, "in_class")) for other in right)

    def _line(self, group: str) -> set[str]:
        above = self.net.next(group, "in_class")
        return {group, *above, *(wider for one in above for wider in self._line(one))}

    def _below(self, group: str) -> tuple[str, ...]:
        return self.net.next(group, "subclasses")

    def _parts(self, code: str) -> tuple[str, ...]:
        return tuple(part for part in self.net.next(code, "parts") if self.net.next(part, "diseases"))

    def _names(self, node: str) -> tuple[frozenset[str], ...]:
        if node not in self._stems:
            known = self.net.nodes[node]
            names = (*known.names.values(), *(name for group in known.synonyms.values() for name in group))
            self._stems[node] = tuple(frozenset(word.stem for word in words_of(name)) for name in names)
        return self._stems[node]


@lru_cache(maxsize=1)
def near_of(net: Net) -> Near:
    """Return the neighbours of the things of a graph."""
    return Near(net)

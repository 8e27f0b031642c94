"""What the identity step came to: which node each id of a load means, and the aliases to keep."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from kg.changes import Change, State
from kg.identity.settle import Settled
from kg.identity.told import WHYS, Why
from kg.stored import alias_key, alias_state

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class Kept(NamedTuple):
    """An alias as the graph has it: the id that stands for it, why, and who said so."""

    of: str
    why: Why
    source: str


# The aliases that the graph has, by kind and id, as far as a load names them.
Before = Mapping[str, Mapping[str, Kept]]


@dataclass(frozen=True, slots=True)
class Identities:
    """Which node an id means, what has to be kept so that this is known next time, and which nodes become one.

    `stands_for` and `settled` are by kind; `things` has the ids of the nodes that the load tells, by kind; `present`
    has the kind of each node that the graph has, among those that the load names. `source` told of the links.
    """

    settled: Mapping[str, Settled]
    stands_for: Mapping[str, Mapping[str, str]]
    things: Mapping[str, Collection[str]]
    present: Mapping[str, str]
    before: Before
    merged: Mapping[str, str]
    source: str

    def of(self, kind: str, key: str) -> str:
        """Return the id of the node that `key` means, as the id of a thing of that kind."""
        return self.stands_for.get(kind, _NONE).get(key, key)

    def end(self, kinds: Sequence[str], key: str) -> str:
        """Return the id of the node that `key` means at an end of an edge where things of `kinds` may stand.

        One id may mean things of several kinds; those that the load itself tells come first.
        """
        if len(kinds) > 1:
            kinds = [*(kind for kind in kinds if key in self.things.get(kind, ())), *kinds]
        for kind in kinds:
            found = self.stands_for.get(kind, _NONE).get(key)
            if found is not None or key in self.things.get(kind, ()):
                return found or key
        return key

    def aliases(self) -> Iterator[Change]:
        """Yield the aliases that are new, or lead to another id than before, in the order of kinds and ids."""
        for kind, settled in sorted(self.settled.items()):
            before = self.before.get(kind, {})
            for (key, of), why in zip(settled.stands_for.items(), settled.why, strict=True):
                kept = before.get(key)
                if kept is None or kept.of != of:
                    after = _state(kind, key, Kept(of, WHYS[why], self.source))
                    yield Change("alias", alias_key(kind, key), kept and _state(kind, key, kept), after)


def _state(kind: str, key: str, kept: Kept) -> State:
    return alias_state({"kind": kind, "id": key, **kept._asdict()})

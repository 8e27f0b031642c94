"""The English names of the graph as vectors, and which of them is nearest to some words."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from generator.linking.vocabulary import NAMED_KINDS
from generator.scoring.bertscore import Vectors
from generator.scoring.encoder import Encoder
from kg.subgraph import SubgraphNode

# Texts that are turned into vectors between two words of progress.
_AT_ONCE: Final = 512
# Names that are compared with some words at once: 100,000 names take 150 MB, the table of likenesses far more.
_SHARE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Near:
    """The name nearest to some words: the ids of the terms that bear it, and the cosine, -1 to 1."""

    term_ids: frozenset[str]
    similarity: float


class Names:
    """Names as vectors, and whose they are."""

    def __init__(
        self, texts: Sequence[str], bearers: Sequence[frozenset[str]], vectors: Vectors, fingerprint: str = ""
    ) -> None:
        """`texts` are the names, `bearers` the ids of the terms that bear name i, `vectors` its vector as row i."""
        self.fingerprint = fingerprint
        self._texts = tuple(texts)
        self._bearers = tuple(bearers)
        self._vectors = vectors
        self._rows: dict[str, list[int]] = {}
        for row, ids in enumerate(self._bearers):
            for term_id in ids:
                self._rows.setdefault(term_id, []).append(row)

    def __len__(self) -> int:
        return len(self._bearers)

    def __contains__(self, term_id: str) -> bool:
        return term_id in self._rows

    def of(self, term_ids: Collection[str]) -> Names:
        """Return the names of these terms alone; a term without an English name has none."""
        rows = sorted({row for term_id in term_ids for row in self._rows.get(term_id, ())})
        own = frozenset(term_ids)
        texts, bearers = [self._texts[row] for row in rows], [self._bearers[row] & own for row in rows]
        return Names(texts, bearers, self._vectors[rows])

    def has_within(self, words: Collection[str]) -> bool:
        """Say whether these words, in lower case, all stand in one of the names."""
        return any(set(words) <= set(text.split()) for text in self._texts)

    def nearest(self, vectors: Vectors) -> list[Near]:
        """Return for each row of `vectors` the name nearest to it; the first of several that are equally near."""
        best = np.full(len(vectors), -2.0, dtype=np.float32)
        place = np.zeros(len(vectors), dtype=np.int64)
        for start in range(0, len(self._vectors), _SHARE):
            alike = vectors @ self._vectors[start : start + _SHARE].T
            there = alike.argmax(axis=1)
            values = alike[np.arange(len(vectors)), there]
            better = values > best
            best[better] = values[better]
            place[better] = there[better] + start
        found = zip(place.tolist(), best.tolist(), strict=True)
        return [Near(self._bearers[row], float(value)) for row, value in found]


def english_names(nodes: Iterable[SubgraphNode]) -> dict[str, frozenset[str]]:
    """Return the English names and synonyms of what a note can name, with the ids of those that bear them."""
    found: dict[str, set[str]] = {}
    for node in nodes:
        if node.kind in NAMED_KINDS:
            for name in (node.names.get("en"), *node.synonyms.get("en", ())):
                if name:
                    found.setdefault(name.casefold(), set()).add(node.id)
    return {name: frozenset(found[name]) for name in sorted(found)}


def with_vectors(
    bearers: Mapping[str, frozenset[str]], encoder: Encoder, cache: Path, told: Callable[[int, int], None]
) -> Names:
    """Return the names with their vectors, from the cache if they were made before.

    `told` is given how many names are done, and of how many. The cache holds one file for each set of names and model.
    """
    texts = tuple(bearers)
    key = hashlib.sha256("\n".join([encoder.fingerprint, *texts]).encode()).hexdigest()
    path = cache / f"{key}.npy"
    vectors = _read(path, len(texts))
    if vectors is None:
        vectors = _made(texts, encoder, told)
        _keep(path, vectors)
    return Names(texts, tuple(bearers.values()), vectors, key)


def _made(texts: Sequence[str], encoder: Encoder, told: Callable[[int, int], None]) -> Vectors:
    made: list[list[float]] = []
    for start in range(0, len(texts), _AT_ONCE):
        made += encoder.encode(texts[start : start + _AT_ONCE])
        told(len(made), len(texts))
    return np.asarray(made, dtype=np.float32)


def _read(path: Path, rows: int) -> Vectors | None:
    try:
        found: Vectors = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        # Not there, or a file that was cut off: it is made again.
        return None
    return found if found.shape[:1] == (rows,) and found.dtype == np.float32 else None


def _keep(path: Path, vectors: Vectors) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            np.save(file, vectors, allow_pickle=False)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)

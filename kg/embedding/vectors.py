"""From the names of a node to what its vector is made of, and from the vectors of names to the node's own."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any, Final, LiteralString

import orjson

from kg.schema import NODE_KINDS

# Of terms with dozens of spellings the first say enough, and each costs the model the same again.
MOST_NAMES: Final = 32

LABELS: Final[dict[str, LiteralString]] = {kind.label: f"{kind.label}Vector" for kind in NODE_KINDS}
"""The label of the vectors of each kind of node."""

INDEXES: Final[dict[str, LiteralString]] = {kind.label: f"meaning_{kind.label}" for kind in NODE_KINDS}
"""The vector index of each kind of node."""


def names_of(name: str | None, synonyms: Sequence[str] | None) -> tuple[str, ...]:
    """Return the English names that a node is embedded by, each once: its name, then its synonyms."""
    told = [*([name] if name else []), *(synonyms or ())]
    return tuple(dict.fromkeys(told))[:MOST_NAMES]


def hash_of(kind: str, names: Sequence[str], model: str) -> str:
    """Return what a vector follows from, in hex: while this stays, it need not be made again."""
    return hashlib.sha256(orjson.dumps([kind, names, model])).hexdigest()


def middle(vectors: Sequence[Sequence[float]]) -> list[float]:
    """Return the direction in which the vectors point together, as a vector of length 1.

    That is their sum over its length. Vectors that cancel out have no such direction: the first one stands for all.
    """
    total = [math.fsum(numbers) for numbers in zip(*vectors, strict=True)]
    length = math.sqrt(math.fsum(number * number for number in total))
    return [number / length for number in total] if length > 1e-9 else list(vectors[0])


def row(key: str, kind: str, digest: str, vectors: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Return a node's vector as `embedding/vectors_set` takes it."""
    return {"id": key, "label": LABELS[kind], "hash": digest, "embedding": middle(vectors)}

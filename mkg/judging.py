"""Joins graph and model to a second judge of notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from generator.models.minilm import MiniLm
from generator.scoring.judge import Judge
from generator.scoring.names import english_names, with_vectors
from kg.settings import Settings
from kg.subgraph import SubgraphNode


def judge_of(settings: Settings, nodes: Iterable[SubgraphNode], told: Callable[[int, int], None]) -> Judge:
    """Return a judge that knows the English names of the graph; their vectors are kept for the next time.

    `told` hears of how many names a vector was made, and of how many. Raises ModelMissing with the next step.
    """
    encoder = MiniLm(settings.cache_dir)
    return Judge(encoder, with_vectors(english_names(nodes), encoder, settings.cache_dir / "vectors", told))

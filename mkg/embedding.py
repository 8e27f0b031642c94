"""Joins graph and model: what the command and the service need for search by meaning."""

from __future__ import annotations

from generator.models.minilm import MiniLm
from kg.embedding import Encoder
from kg.settings import Settings


def encoder_of(settings: Settings) -> Encoder:
    """Return the model that makes vectors, its weights not loaded yet; raises ModelMissing and ModelRefused."""
    return MiniLm(settings.cache_dir)

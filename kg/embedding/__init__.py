"""Search by meaning: vectors of names, kept beside the graph, and the nodes nearest to what was typed."""

from kg.embedding.embed import EmbedReport, embed
from kg.embedding.encoder import Encoder
from kg.embedding.meaning import Meaning

__all__ = ["EmbedReport", "Encoder", "Meaning", "embed"]

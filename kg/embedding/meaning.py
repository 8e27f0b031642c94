"""Finds the nodes whose names mean what was typed, whatever the words; the model works on one text at a time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from kg.embedding.encoder import Encoder
from kg.embedding.vectors import INDEXES
from kg.errors import EmbeddingError, EncoderBusy, NothingEmbedded, QueryError
from kg.reading.lucene import cleaned, closeness
from kg.reading.records import Found, node_of
from kg.schema import NODE_BY_LABEL
from kg.statements import fixed
from kg.store import Store
from kg.subgraph import SubgraphNode

# Texts that may wait for the model; one takes some hundredths of a second.
_QUEUE: Final = 32
# The index is approximate, and nodes may have gone since it was made: more are looked at than are wanted.
_MORE: Final = 50
# What `closeness` says of a name that is the text.
_SAME: Final = 3
_LETTER: Final = re.compile(r"[A-Za-z]")


class Meaning:
    """Search by meaning in a graph that was embedded (`mkg embed`).

    `brought` returns the model; it is called once, in the thread in which the model works, by `prepare` or a search.
    """

    def __init__(self, store: Store, brought: Callable[[], Encoder] | None) -> None:
        self._store = store
        self._brought = brought
        self._encoder: Encoder | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="meaning")
        self._waiting: set[Future[tuple[str, list[float]]]] = set()

    async def prepare(self) -> None:
        """Bring the model now if the graph was embedded, so that the first search does not wait for it.

        Whatever goes wrong with the model is told by the first search; raises StoreError.
        """
        if self._brought is not None and await self._store.read(fixed("embedding/state")):
            # A model brings its weights with the first text.
            self._thread.submit(self._encoded, "asthma")

    async def search(self, text: str, kinds: Sequence[str] = (), limit: int = 20) -> tuple[Found, ...]:
        """Return the nodes whose English names mean most nearly what the text says, nearest first.

        What has exactly this name stands before all others. `score` is the cosine of the vector of the text and that of
        all names of the node: the larger, the nearer, about 0 for what has nothing to do with it.
        Raises QueryError for a text that cannot be read, EmbeddingError when there is no model, NothingEmbedded,
        EncoderBusy, whatever the model raises, and StoreError.
        """
        text = cleaned(text)
        if not text:
            return ()
        if not _LETTER.search(text):
            raise QueryError(
                "search by meaning knows English only", hint="Say it in English, or search by words, in any language."
            )
        model, vector = await self._vector(text)
        rows = await self._store.read(
            fixed(
                "embedding/nearest",
                model=model,
                indexes=[INDEXES[kind] for kind in kinds or NODE_BY_LABEL],
                vector=vector,
                reach=limit + _MORE,
            )
        )
        if not rows:
            await self._check_state(model)
        return _ranked(text, [(node_of(row), row["score"]) for row in rows])[:limit]

    async def _vector(self, text: str) -> tuple[str, list[float]]:
        """Return the model's fingerprint and the vector of a text."""
        # Whoever gave up while waiting has left the queue; a text that the model works on is finished.
        self._waiting = {job for job in self._waiting if not job.done()}
        if len(self._waiting) > _QUEUE:
            raise EncoderBusy("too many searches by meaning are waiting", hint="Ask again in a second or two.")
        job = self._thread.submit(self._encoded, text)
        self._waiting.add(job)
        return await asyncio.wrap_future(job)

    def _encoded(self, text: str) -> tuple[str, list[float]]:
        if self._encoder is None:
            if self._brought is None:
                raise EmbeddingError("no model for search by meaning was brought along", hint="Use `mkg serve`.")
            self._encoder = self._brought()
        return self._encoder.fingerprint, self._encoder.encode([text])[0]

    async def _check_state(self, model: str) -> None:
        """Raise NothingEmbedded when there are no vectors that this model could be compared with."""
        state = await self._store.read(fixed("embedding/state"))
        if not state:
            raise NothingEmbedded("the graph was not prepared for search by meaning", hint="Run `mkg embed` once.")
        if state[0]["model"] != model:
            raise NothingEmbedded("the vectors were made by another model", hint="Run `mkg embed` again.")


def _ranked(text: str, rows: Sequence[tuple[SubgraphNode, float]]) -> tuple[Found, ...]:
    """Return what was found with its name, or with the one that was typed; nodes that have that one come first.

    A node's vector lies amid its names, so one of them typed as it is can be nearer to a node with fewer names.
    """
    found = [(_name(text, node), node, score) for node, score in rows]
    found.sort(key=lambda item: item[0] is None)
    return tuple(Found(node, name or node.name(), score) for name, node, score in found)


def _name(text: str, node: SubgraphNode) -> str | None:
    """Return the name or synonym that is the text itself, or None."""
    names = (*node.names.values(), *(name for group in node.synonyms.values() for name in group))
    return next((name for name in names if closeness(text, name) == _SAME), None)

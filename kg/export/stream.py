"""The graph as a stream of bytes, without a file: what a service sends while it reads."""

from __future__ import annotations

import io
import zlib
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import IO, Any, Final

from kg.errors import DataError
from kg.export import kgx
from kg.export.export import Going, check_unchanged, chosen_of, place
from kg.export.jsonl import JsonLines
from kg.export.writer import Writer
from kg.store import Store

_PIECE: Final = 64 * 1024
# A head as gzip writes it, without name and time, so that the same graph is the same bytes.
_GZIP: Final = 31


class _Nowhere(io.StringIO):
    """Takes the half of a format that was not asked for."""

    def write(self, s: str, /) -> int:
        return len(s)


@dataclass(frozen=True, slots=True)
class _Stream:
    """One file that can be streamed: its media type, its writer, and whether it holds nodes and edges."""

    media_type: str
    writer: Callable[[IO[str]], Writer]
    nodes: bool = True
    edges: bool = True


_LINES: Final = "application/x-ndjson"
_TABLE: Final = "text/tab-separated-values; charset=utf-8"
STREAMS: Final[Mapping[str, _Stream]] = {
    "graph.jsonl": _Stream(_LINES, JsonLines),
    "nodes.tsv": _Stream(_TABLE, lambda file: kgx.table_writer(file, _Nowhere()), edges=False),
    "edges.tsv": _Stream(_TABLE, lambda file: kgx.table_writer(_Nowhere(), file), nodes=False),
    "nodes.jsonl": _Stream(_LINES, lambda file: kgx.json_writer(file, _Nowhere()), edges=False),
    "edges.jsonl": _Stream(_LINES, lambda file: kgx.json_writer(_Nowhere(), file), nodes=False),
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A file on its way: its media type, the change set that the graph stands at, and the bytes as they are read."""

    media_type: str
    release: str
    pieces: AsyncGenerator[bytes]


async def outgoing(store: Store, name: str, only: Collection[str] = (), without: Collection[str] = ()) -> Outgoing:
    """Return one file of an export; a name that ends with `.gz` is packed.

    `nodes.*` and `edges.*` are those of KGX. `only` and `without` are as for `export`. Raises DataError for what does
    not exist, or a StoreError; the pieces raise StoreConflict at their end when the graph was changed meanwhile.
    """
    stream = STREAMS.get(name.removesuffix(".gz"))
    if stream is None:
        raise DataError(f"there is no export {name[:80]!r}", hint=f"Exports: {', '.join(STREAMS)}, each also as .gz.")
    chosen = await chosen_of(store, only, without)
    before = await place(store)
    file = io.StringIO()
    writer = stream.writer(file)
    going = Going(store, chosen, writer, _silent, {"nodes": 0, "edges": 0})
    pieces = _pieces(store, stream, going, file, before, closed=bool(chosen.unwanted))
    media_type = stream.media_type
    if name.endswith(".gz"):
        pieces, media_type = _packed(pieces), "application/gzip"
    return Outgoing(media_type, before["head"], pieces)


async def _pieces(
    store: Store, stream: _Stream, going: Going, file: io.StringIO, before: Mapping[str, Any], *, closed: bool
) -> AsyncGenerator[bytes]:
    # Edges alone need the nodes only to know which of them unwanted licences leave out.
    steps = [*([going.nodes()] if stream.nodes or closed else []), *([going.edges()] if stream.edges else [])]
    for step in steps:
        async with aclosing(step) as rows:
            async for _ in rows:
                if file.tell() >= _PIECE:
                    yield _taken(file)
    if file.tell():
        yield _taken(file)
    await check_unchanged(store, before)


async def _packed(pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    packer = zlib.compressobj(wbits=_GZIP)
    async with aclosing(pieces):
        async for piece in pieces:
            packed = packer.compress(piece)
            if packed:
                yield packed
    yield packer.flush()


def _taken(file: io.StringIO) -> bytes:
    piece = file.getvalue().encode()
    file.seek(0)
    file.truncate()
    return piece


def _silent(what: str, done: int, total: int) -> None:
    del what, done, total

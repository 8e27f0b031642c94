"""Spoils real files by seeded mutation and loads them: never a traceback, never half a change set."""

from __future__ import annotations

import bz2
import gzip
import random
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import anyio

from bench.children import server
from bench.figures import Figure, Section
from kg.connect import connected
from kg.errors import KgError
from kg.graph import Graph
from kg.load import Inputs, load, plan_load, recognised
from kg.load.gather import gather
from kg.load.report import Problems
from kg.spool import spool

# Enough of a file to hold every kind of row, and little enough to be read a thousand times.
LINES: Final = 250
WHOLE: Final = 400_000
# One in so many goes through the whole load, into a graph.
LOADED: Final = 20

Mutation = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Sample:
    """A small load made from the beginnings of real files, by name, and the rules that break in it as it is."""

    format: str
    files: Mapping[str, bytes]
    rules: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Spoilt:
    """One spoilt load: what was done to which file, and what came of it.

    `found` is `refused` (an error of this package), `reported` (rows that broke other rules than before), `valid` or
    `crash`, where `told` is the traceback.
    """

    format: str
    file: str
    mutations: tuple[str, ...]
    found: Literal["refused", "reported", "valid", "crash"]
    told: str


def measure(folder: Path, shared: Path, number: int, seed: int = 1) -> Section:
    """Spoil so many loads and return what came of them; some are loaded into a graph, which must stay whole."""
    folder.mkdir(parents=True)
    some = samples(shared, folder)
    results = list(spoilt(some, folder, number, seed))
    with server(folder / "data", heap="512m", page_cache="64m") as settings:

        async def work() -> int:
            async with connected(settings) as graph:
                return await halves(graph, some, folder, number // LOADED, seed)

        half = anyio.run(work)
    found = Counter(one.found for one in results)
    for one in results:
        if one.found == "crash":
            sys.stderr.write(f"{one.format} {one.file} {one.mutations}: {one.told}\n")
    return Section(
        "Corrupted inputs",
        (
            Figure("inputs spoilt", number, "", f"of {len(some)} formats; seed {seed}"),
            Figure("refused whole, with the place", found["refused"] / number, "share"),
            Figure("loaded with a report of the spoilt rows", found["reported"] / number, "share"),
            Figure("still valid", found["valid"] / number, "share", "the mutation made another right file"),
            Figure("tracebacks", found["crash"], ""),
            Figure("half change sets", half, "", f"{number // LOADED} of them loaded into a graph"),
        ),
    )


def samples(shared: Path, folder: Path) -> list[Sample]:
    """Return a sample of every format that the folder of real data holds files of."""
    found, _ = recognised(shared)
    made: dict[str, Sample] = {}
    for inputs in [plan_load("core"), *found]:
        if inputs.format in made:
            continue
        files = {_plain(file.path.name): _beginning(file.path) for file in inputs.files}
        try:
            _, rules = _read(inputs.format, files, folder)
        except KgError:
            # The beginning alone is no file of the format, as of a long JSON; it is refused, spoilt or not.
            rules = Counter[str]()
        made[inputs.format] = Sample(inputs.format, files, rules)
    return list(made.values())


def spoilt(some: Sequence[Sample], folder: Path, number: int, seed: int) -> Iterator[Spoilt]:
    """Yield what comes of so many spoilt loads, one format after the other."""
    for at in range(number):
        sample, files, name, done = _spoil(some, at, seed)
        found, told = _outcome(sample, files, folder)
        yield Spoilt(sample.format, name, done, found, told)


async def halves(graph: Graph, some: Sequence[Sample], folder: Path, number: int, seed: int) -> int:
    """Load so many spoilt inputs into a graph; return how many left a change set open."""
    half = 0
    for at in range(number):
        sample, files, *_ = _spoil(some, at, seed + 1)
        with tempfile.TemporaryDirectory(dir=folder) as place, suppress(KgError):
            await load(graph.ledger, graph.store, _planned(sample.format, files, Path(place)), by="bench")
        half += sum(head["status"] != "done" for head in await graph.ledger.change_sets(1000))
    return half


def _spoil(some: Sequence[Sample], at: int, seed: int) -> tuple[Sample, dict[str, bytes], str, tuple[str, ...]]:
    chance = random.Random(f"{seed} {at}")
    sample = some[at % len(some)]
    name = chance.choice(sorted(sample.files))
    files = dict(sample.files)
    content = files.pop(name)
    done: list[str] = []
    for _ in range(chance.randint(1, 3)):
        what = chance.choice(sorted(MUTATIONS))
        content = MUTATIONS[what](chance, content)
        done.append(what)
    ending, packed = chance.choice(PACKINGS)
    if ending:
        done.append(f"packed as {ending}")
    files[name + ending] = packed(chance, content)
    return sample, files, name, tuple(done)


def _outcome(
    sample: Sample, files: Mapping[str, bytes], folder: Path
) -> tuple[Literal["refused", "reported", "valid", "crash"], str]:
    try:
        wrong, rules = _read(sample.format, files, folder)
    except KgError as error:
        return ("refused", error.message) if error.hint or error.place else ("crash", f"no place, no hint: {error}")
    except Exception:  # This is what the whole run looks for.
        return "crash", traceback.format_exc()
    if wrong:
        return "crash", wrong
    return ("valid" if rules == sample.rules else "reported"), ""


def _read(format: str, files: Mapping[str, bytes], folder: Path) -> tuple[str, Mapping[str, int]]:
    """Read all records; return what is wrong with the problems themselves, if anything, and how many there are."""
    with tempfile.TemporaryDirectory(dir=folder) as place, spool() as disk:
        problems = Problems()
        gather(_planned(format, files, Path(place)).parts, disk, problems, lambda _: None)
    known = {_plain(name) for name in files}
    for item in problems.listed():
        if not (item.message and item.fix and item.rule and _plain(item.place.file) in known and item.place.line >= 0):
            return f"a problem without place or words: {item}", {}
    return "", problems.by_rule()


def _planned(format: str, files: Mapping[str, bytes], folder: Path) -> Inputs:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return plan_load(format, [folder])


def _plain(name: str) -> str:
    return name.removesuffix(".gz").removesuffix(".bz2")


def _beginning(path: Path) -> bytes:
    raw = path.read_bytes()
    if raw.startswith(b"\x1f\x8b"):
        raw = gzip.decompress(raw)
    elif raw.startswith(b"BZh"):
        raw = bz2.decompress(raw)
    if raw.lstrip(b"\xef\xbb\xbf \r\n").startswith((b"{\n", b"{\r", b"<", b"[")) and len(raw) <= WHOLE:
        return raw
    return b"".join(raw.splitlines(keepends=True)[:LINES])[:WHOLE]


def _at_line(change: Callable[[random.Random, bytes], bytes]) -> Mutation:
    """Return the mutation that does this to one line."""

    def mutation(chance: random.Random, content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        if not lines:
            return content
        at = chance.randrange(len(lines))
        line = lines[at]
        end = line[len(line.rstrip(b"\r\n")) :]
        lines[at] = change(chance, line.rstrip(b"\r\n")) + end
        return b"".join(lines)

    return mutation


def _cells(line: bytes) -> tuple[bytes, list[bytes]]:
    mark = max((b"\t", b",", b";", b"|", b" "), key=line.count)
    return mark, line.split(mark)


def _swapped(chance: random.Random, line: bytes) -> bytes:
    mark, cells = _cells(line)
    one, other = chance.randrange(len(cells)), chance.randrange(len(cells))
    cells[one], cells[other] = cells[other], cells[one]
    return mark.join(cells)


def _cell(put: Callable[[random.Random], bytes]) -> Mutation:
    def change(chance: random.Random, line: bytes) -> bytes:
        mark, cells = _cells(line)
        cells[chance.randrange(len(cells))] = put(chance)
        return mark.join(cells)

    return _at_line(change)


def _spliced(put: Callable[[random.Random], bytes]) -> Mutation:
    def mutation(chance: random.Random, content: bytes) -> bytes:
        at = chance.randrange(len(content) + 1)
        return content[:at] + put(chance) + content[at:]

    return mutation


def _columns_swapped(chance: random.Random, content: bytes) -> bytes:
    """Swap two columns of the whole file, or of all but its header."""
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    mark, cells = _cells(lines[0].rstrip(b"\r\n"))
    one, other, begin = chance.randrange(len(cells)), chance.randrange(len(cells)), chance.randrange(2)
    for at in range(begin, len(lines)):
        row = lines[at].rstrip(b"\r\n").split(mark)
        if max(one, other) < len(row):
            row[one], row[other] = row[other], row[one]
            lines[at] = mark.join(row) + b"\n"
    return b"".join(lines)


def _twice(chance: random.Random, content: bytes) -> bytes:
    """Tell one row again, its last cells changed: one id, two things."""
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    line = chance.choice(lines)
    return b"".join([*lines, line.rstrip(b"\r\n")[: max(1, len(line) - chance.randrange(1, 9))] + b"x\n"])


def _packed(pack: Callable[[bytes], bytes], spoil: Mutation) -> Mutation:
    return lambda chance, content: spoil(chance, pack(content))


def _cut(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _flipped(chance: random.Random, content: bytes) -> bytes:
    spoilt = bytearray(content)
    if spoilt:
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _whole(chance: random.Random, content: bytes) -> bytes:
    del chance
    return content


MUTATIONS: Final[Mapping[str, Mutation]] = {
    "line cut": _at_line(_cut),
    "file cut": _cut,
    "line gone": _at_line(lambda chance, line: b""),
    "cells swapped": _at_line(_swapped),
    "columns swapped": _columns_swapped,
    "row twice": _twice,
    "bad bytes": _spliced(lambda chance: chance.choice((b"\xff", b"\xe0\x41", b"\xd0", b"\x80" * 4))),
    "control characters": _spliced(lambda chance: chance.choice((b"\0", b"\r", b"\x1b[0m", "\u202e".encode()))),
    "huge cell": _cell(lambda chance: b"x" * chance.choice((301, 20_000, 200_000, 2_000_000))),
    "formula": _cell(lambda chance: chance.choice((b"=1+1", b"@SUM(A1)", b"+cmd|' /C calc'!A0", b"-2+3"))),
    "no number": _cell(lambda chance: chance.choice((b"nan", b"inf", b"1e999", b"-1", "½".encode(), b"9" * 400))),
    "empty cell": _cell(lambda chance: b""),
    "quotes": _spliced(lambda chance: chance.choice((b'"', b"'", b'""', b"\\"))),
    "brackets": _spliced(lambda chance: chance.choice((b"<", b">", b"{", b"}", b"]", b"&x;", b"<!DOCTYPE x>"))),
    "bit flipped": _flipped,
}
PACKINGS: Final[Sequence[tuple[str, Mutation]]] = (
    *((("", _whole),) * 6),
    (".gz", _packed(gzip.compress, _whole)),
    (".bz2", _packed(bz2.compress, _whole)),
    (".gz", _packed(gzip.compress, _cut)),
    (".bz2", _packed(bz2.compress, _cut)),
    (".gz", _packed(gzip.compress, _flipped)),
    (".bz2", _packed(bz2.compress, _flipped)),
)

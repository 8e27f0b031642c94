"""Finds the files of a load and looks at them: which format, which slot, which hashes; nothing is read in full."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import metadata, resources
from pathlib import Path
from typing import Any, Final

from kg.changes import AUTHORITY
from kg.errors import DataError
from kg.load.reading import TextFile, sha256_of, text_file
from kg.sources import core, table
from kg.sources.format import Format, Head, Part, Slot
from kg.sources.mapping import MAX_BYTES, read_mapping
from kg.sources.registry import FORMAT_BY_NAME

CSV: Final = "csv"
# Files that go with data and are none.
_BESIDE: Final = ("readme", "license", "licence", "copying", "sha256sums", "md5sums", "changelog")
_PACKED: Final = (".gz", ".bz2")
_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a load will read, found and looked at but not yet read.

    `key` is the hash of format, release, mapping and file contents; `about` is kept with the change set. `whole` says
    that the parts make sense only together, so that one fault refuses all. `unread` are files of the folders named that
    the format does not take.
    """

    format: str
    title: str
    parts: tuple[Part, ...]
    key: str
    about: Mapping[str, Any]
    files: tuple[TextFile, ...]
    whole: bool = False
    unread: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many bytes the files have on the disk."""
        return sum(file.path.stat().st_size for file in self.files)

    @property
    def position(self) -> int:
        """How many bytes of them have been read so far."""
        return sum(file.gauge.position for file in self.files)


@dataclass(frozen=True, slots=True)
class Looked:
    """A file with its beginning."""

    file: TextFile
    head: Head


def plan_load(format: str, paths: Sequence[Path] = (), mapping: Path | None = None) -> Inputs:
    """Return what to load; raise DataError or FileUnreadable before anything is touched."""
    if format == CSV:
        return _plan_csv(paths, mapping)
    known = FORMAT_BY_NAME.get(format)
    if known is None:
        raise DataError(f"there is no format {format!r}", hint=f"Formats: {', '.join((*FORMAT_BY_NAME, CSV))}.")
    if mapping is not None:
        raise DataError(f"the format {format} takes no mapping file", hint="Leave --mapping out.")
    if known is core.FORMAT and not paths:
        return _plan_core(known)
    if not paths:
        raise DataError("no file is named", hint=f"Name the files or their folder: mkg load {format} PATH...")
    named = [looked(text_file(path)) for path in paths if not path.is_dir()]
    inside = [looked(file) for path in paths if path.is_dir() for file in files_below(path)]
    return planned(known, named, inside)


def planned(known: Format, named: Sequence[Looked], inside: Sequence[Looked]) -> Inputs:
    """Return the load of these files: each that was named must be of the format, of a folder's files those that are."""
    slots: dict[str, list[Looked]] = {slot.name: [] for slot in known.slots}
    unread: list[str] = []
    for must, files in ((True, named), (False, inside)):
        for item in files:
            slot = slot_of(known, item.head)
            if slot is not None:
                slots[slot.name].append(item)
            elif must:
                wanted = "; ".join(slot.meaning for slot in known.slots)
                raise DataError(
                    f"{item.file.name} is not a file of the format {known.name}",
                    place=str(item.file.path),
                    hint=f"It takes: {wanted}. `mkg load auto` says what a file is.",
                )
            else:
                unread.append(item.file.name)
    for slot in known.slots:
        _check_number(known, slot, slots[slot.name])
    taken = {name: [item.file for item in items] for name, items in slots.items()}
    files = [file for some in taken.values() for file in some]
    parts = known.plan(taken)
    return _inputs(known.name, _title(known, parts), parts, files, unread=unread, whole=known is core.FORMAT)


def _title(known: Format, parts: Sequence[Part]) -> str:
    """Return what the log of change sets calls the load: its sources with their versions, if these are few."""
    told = dict.fromkeys(f"{part.source} {part.version}" for part in parts)
    return ", ".join(told) if 0 < len(told) <= _FEW else known.title


def slot_of(known: Format, head: Head) -> Slot | None:
    """Return the slot of the format that takes a file with this beginning."""
    return next((slot for slot in known.slots if slot.recognises(head)), None)


def looked(file: TextFile) -> Looked:
    """Return the file with its beginning; raise FileUnreadable when it cannot be read."""
    name = file.name.lower()
    for ending in _PACKED:
        name = name.removesuffix(ending)
    return Looked(file, Head(name, file.head()))


def files_below(folder: Path) -> list[TextFile]:
    """Return the files in a folder and its folders that may hold data, in the order of their paths."""
    paths = (
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and not path.name.lower().startswith(_BESIDE)
    )
    return [text_file(path) for path in paths]


def _check_number(known: Format, slot: Slot, files: Sequence[Looked]) -> None:
    if len(files) > 1 and not slot.many:
        told = ", ".join(str(item.file.path) for item in files)
        raise DataError(f"there are several files for one place: {told}", hint=f"Name one: {slot.meaning}.")
    if not files and slot.required:
        raise DataError(
            f"no file of the format {known.name} was found for one place: {slot.meaning}",
            hint="`mkg load --list` shows the formats; `mkg load auto` says what a file is.",
        )


def _plan_core(known: Format) -> Inputs:
    folder = resources.files("kg.core")
    # The package is unpacked when it is installed, so its files have paths.
    tables = {slot.name: [text_file(Path(str(folder.joinpath(slot.name))))] for slot in known.slots}
    files = [file for some in tables.values() for file in some]
    title = f"core graph {metadata.version('mkg')}"
    return _inputs(known.name, title, known.plan(tables), files, whole=True)


def _plan_csv(paths: Sequence[Path], mapping: Path | None) -> Inputs:
    if mapping is None:
        raise DataError(
            "a csv file needs a mapping", hint="Say what its columns mean: --mapping FILE; docs/loading.md shows one."
        )
    if not paths:
        raise DataError("no file is named", hint="Name the files or their folder: mkg load csv PATH... --mapping FILE")
    told = text_file(mapping)
    if mapping.stat().st_size > MAX_BYTES:
        raise DataError("the mapping is too large", place=str(mapping), hint=f"At most {MAX_BYTES} bytes.")
    text = "".join(told)
    spec = read_mapping(text, told.name)
    if spec.source.name in AUTHORITY:
        raise DataError(
            f"the source name {spec.source.name!r} is kept for the project itself",
            place=f"{told.name}, source.name",
            hint="Give your source a name of its own.",
        )
    files = _files_of_tables([table.file for table in spec.tables], paths, told.name)
    part = Part(spec.source.name, spec.source.version, spec.source.licence, partial(table.read, spec, files))
    title = f"{spec.source.name} {spec.source.version}"
    return _inputs(CSV, title, [part], [*files.values()], mapping=told)


def _files_of_tables(names: Sequence[str], paths: Sequence[Path], mapping: str) -> Mapping[str, TextFile]:
    """Return the file of each table of a mapping, by the name that it has there; `.gz` may be added to it."""
    found: dict[str, TextFile] = {}
    left = {file.name: file for path in paths if not path.is_dir() for file in [text_file(path)]}
    folders = [path for path in paths if path.is_dir()]
    for name in names:
        spellings = (name, *(f"{name}{ending}" for ending in _PACKED))
        file = next((left.pop(spelt) for spelt in spellings if spelt in left), None)
        inside = (folder / spelt for folder in folders for spelt in spellings)
        path = next((path for path in inside if path.is_file()), None)
        if file is None and path is None:
            raise DataError(
                f"the table {name!r} is not among the files",
                place=mapping,
                hint="Name it on the command line, or write its name in the mapping as it is on the disk.",
            )
        found[name] = file or text_file(path or Path(name))
    if left:
        raise DataError(
            f"the mapping says nothing of {', '.join(left)}",
            place=mapping,
            hint=f"It tells of {', '.join(names)}.",
        )
    return found


def _inputs(
    format: str,
    title: str,
    parts: Sequence[Part],
    files: Sequence[TextFile],
    *,
    mapping: TextFile | None = None,
    unread: Iterable[str] = (),
    whole: bool = False,
) -> Inputs:
    told = [{"name": file.name, "sha256": sha256_of(file.path), "bytes": file.path.stat().st_size} for file in files]
    about: dict[str, Any] = {
        "format": format,
        "release": metadata.version("mkg"),
        "files": told,
        "sources": [{"name": part.source, "version": part.version, "licence": part.licence} for part in parts],
    }
    # Another release may read the same files otherwise.
    hashes = [format, str(about["release"]), *(str(file["sha256"]) for file in told)]
    if mapping is not None:
        about["mapping"] = {"name": mapping.name, "sha256": sha256_of(mapping.path)}
        hashes.append(str(about["mapping"]["sha256"]))
    key = hashlib.sha256("\x1f".join(hashes).encode()).hexdigest()
    return Inputs(format, title, tuple(parts), key, about, tuple(files), whole, tuple(unread))

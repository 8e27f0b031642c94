"""The formats that can be loaded, and for each how its files are found and read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import metadata, resources
from pathlib import Path
from typing import Any, Final

from kg.changes import AUTHORITY
from kg.errors import DataError
from kg.load.reading import TextFile, files_in, sha256_of, text_file
from kg.sources import core, hetionet, obo, table
from kg.sources.mapping import MAX_BYTES, read_mapping
from kg.sources.records import Record
from kg.sources.rows import header_of

CORE_SOURCE: Final = "mkg-core"


@dataclass(frozen=True, slots=True)
class Part:
    """What one source tells: its name, version and licence, and its records, which can be read more than once."""

    source: str
    version: str
    licence: str
    records: Callable[[], Iterator[Record]]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a load will read, found and looked at but not yet read.

    `key` is the hash of format, mapping and file contents; `about` is kept with the change set. `whole` says that the
    parts make sense only together, so that one fault refuses all.
    """

    format: str
    title: str
    parts: tuple[Part, ...]
    key: str
    about: Mapping[str, Any]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A format: its name on the command line, what it is, and how it plans a load."""

    format: str
    title: str
    plan: Callable[[Sequence[Path], Path | None], Inputs]


def plan_load(format: str, paths: Sequence[Path] = (), mapping: Path | None = None) -> Inputs:
    """Return what to load; raise DataError or FileUnreadable before anything is touched."""
    source = FORMATS.get(format)
    if source is None:
        raise DataError(f"there is no format {format!r}", hint=f"Formats: {', '.join(FORMATS)}.")
    if mapping is not None and format != "csv":
        raise DataError(f"the format {format} takes no mapping file", hint="Leave --mapping out.")
    if not paths and format != "core":
        raise DataError("no file is named", hint=f"Name the files or their folder: mkg load {format} PATH...")
    return source.plan(paths, mapping)


def _plan_core(paths: Sequence[Path], mapping: Path | None) -> Inputs:
    if paths:
        raise DataError("the core graph ships with the project and takes no files", hint="Run: mkg load core")
    folder = resources.files("kg.core")
    tables: dict[str, TextFile] = {}
    for name in core.TABLES:
        # The package is unpacked when it is installed, so its files have paths.
        tables[name] = text_file(Path(str(folder.joinpath(name))))
    version = metadata.version("mkg")
    part = Part(CORE_SOURCE, version, "Apache-2.0", partial(core.read, tables, version))
    return _inputs("core", f"core graph {version}", [part], list(tables.values()), whole=True)


def _plan_hetionet(paths: Sequence[Path], mapping: Path | None) -> Inputs:
    found: dict[str, list[TextFile]] = {"nodes": [], "edges": []}
    others: list[str] = []
    for file in files_in(paths, (".tsv", ".sif")):
        _, columns = header_of(file, "\t")
        if set(hetionet.NODE_COLUMNS) <= set(columns):
            found["nodes"].append(file)
        elif set(hetionet.EDGE_COLUMNS) <= set(columns):
            found["edges"].append(file)
        else:
            others.append(file.name)
    nodes = _the_one(found["nodes"], "nodes", hetionet.NODE_COLUMNS, others)
    edges = _the_one(found["edges"], "edges", hetionet.EDGE_COLUMNS, others)
    read = partial(hetionet.read, nodes, edges, nodes_file=nodes.name, edges_file=edges.name)
    part = Part(hetionet.SOURCE, hetionet.VERSION, "per metaedge, see docs/loading.md", read)
    return _inputs("hetionet", f"Hetionet v{hetionet.VERSION}", [part], [nodes, edges])


def _the_one(files: Sequence[TextFile], what: str, columns: Sequence[str], others: Sequence[str]) -> TextFile:
    if len(files) == 1:
        return files[0]
    hint = f"Name one file with the columns {', '.join(columns)}."
    if files:
        raise DataError(f"there are several files of {what}: {', '.join(file.name for file in files)}", hint=hint)
    looked = f"; looked at {', '.join(others)}" if others else ""
    raise DataError(f"there is no file of {what}{looked}", hint=hint)


def _plan_obo(paths: Sequence[Path], mapping: Path | None) -> Inputs:
    files = files_in(paths, (".obo",))
    parts: list[Part] = []
    titles: list[str] = []
    for file in files:
        head = obo.header(file)
        if head.ontology is None:
            known = ", ".join(obo.ONTOLOGIES)
            raise DataError(
                "no term of an ontology that is read here was found",
                place=str(file.path),
                hint=f"The ids of its terms begin with one of {known}; other files are not OBO for this graph.",
            )
        titles.append(f"{head.ontology.title} {head.version}")
        parts.append(Part(head.ontology.source, head.version, head.licence, partial(obo.read, file, file.name)))
    return _inputs("obo", "; ".join(titles), parts, files)


def _plan_csv(paths: Sequence[Path], mapping: Path | None) -> Inputs:
    if mapping is None:
        raise DataError(
            "a csv file needs a mapping", hint="Say what its columns mean: --mapping FILE; docs/loading.md shows one."
        )
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
    return _inputs("csv", title, [part], [*files.values()], mapping=told)


def _files_of_tables(names: Sequence[str], paths: Sequence[Path], mapping: str) -> Mapping[str, TextFile]:
    """Return the file of each table of a mapping, by the name that it has there; `.gz` may be added to it."""
    found: dict[str, TextFile] = {}
    left = {file.name: file for path in paths if not path.is_dir() for file in [text_file(path)]}
    folders = [path for path in paths if path.is_dir()]
    for name in names:
        file = left.pop(name, None) or left.pop(f"{name}.gz", None)
        inside = (folder / spelt for folder in folders for spelt in (name, f"{name}.gz"))
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
    whole: bool = False,
) -> Inputs:
    told = [{"name": file.name, "sha256": sha256_of(file.path), "bytes": file.path.stat().st_size} for file in files]
    about: dict[str, Any] = {
        "format": format,
        "files": told,
        "sources": [{"name": part.source, "version": part.version, "licence": part.licence} for part in parts],
    }
    hashes = [str(file["sha256"]) for file in told]
    if mapping is not None:
        about["mapping"] = {"name": mapping.name, "sha256": sha256_of(mapping.path)}
        hashes.insert(0, str(about["mapping"]["sha256"]))
    key = hashlib.sha256("\x1f".join((format, *hashes)).encode()).hexdigest()
    return Inputs(format, title, tuple(parts), key, about, whole)


FORMATS: Final[Mapping[str, Source]] = {
    source.format: source
    for source in (
        Source("core", "the graph that ships with the project", _plan_core),
        Source("hetionet", "Hetionet v1.0: nodes (tsv) and edges (sif or tsv)", _plan_hetionet),
        Source("obo", "ontologies in the OBO format: DO, Mondo, SYMP, HPO", _plan_obo),
        Source("csv", "any csv or tsv table, by a mapping file", _plan_csv),
    )
}

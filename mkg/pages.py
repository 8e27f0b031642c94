"""Writes the pages that follow from the code (schema, settings, errors, core graph): `python -m mkg.pages`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Final

from pydantic_settings import BaseSettings

import generator.errors
import kg.errors
from generator.settings import GeneratorSettings
from graphql_api.settings import ApiSettings
from kg.check.coverage_page import core_graph_page
from kg.errors import KgError
from kg.schema import EDGE_KINDS, LANGUAGES, NODE_KINDS, EdgeKind, NodeKind, Property, roles_of
from kg.settings import Settings
from mkg.grammar_page import grammar_page

_NOTE: Final = "<!-- Written by `python -m mkg.pages` from the code; a test compares the two. -->"

EXIT_CODES: Final[Mapping[int, str]] = {
    0: "done",
    1: "something was rejected, or went wrong in a way that nobody foresaw",
    2: "the command, a setting or a question does not make sense",
    3: "a file or a row cannot be used",
    4: "the database is not there, or refused",
    5: "the model is not there, or refused",
    6: "refused: wrong state, wrong person, or somebody changed it first",
    130: "stopped by Ctrl+C",
}


def schema_page() -> str:
    """Return docs/schema.md."""
    lines = ["# The schema", "", _NOTE, ""]
    lines += [
        "What the graph holds. Every node has an `id` (a CURIE), a name and synonyms in "
        f"{' and '.join(f'`{language}`' for language in LANGUAGES)}, and cross-references (`xrefs`). Every edge has an",
        "id made of its ends and its kind (`DOID:2841/HAS_SYMPTOM/MESH:D003371`) and at least one item of evidence:",
        "source, version, licence, reference, an optional quoted snippet, for or against, who asserted it, when,",
        "and in which change set.",
        "",
        "## Nodes",
    ]
    for kind in NODE_KINDS:
        lines += ["", f"### {kind.label}", "", f"{kind.meaning} A question starts with `{kind.root}`.", ""]
        lines += list(_properties(kind))
        lines += ["| step | along | to |", "| --- | --- | --- |"]
        for role in roles_of(kind.label):
            way = "along" if role.forward else "against"
            lines.append(f"| `{role.name}` | {way} `{role.edge}` | {role.end} |")
    lines += ["", "## Edges"]
    for edge in EDGE_KINDS:
        ends = f"{' or '.join(edge.starts)} {'—' if edge.symmetric else '→'} {' or '.join(edge.ends)}"
        lines += ["", f"### {edge.type}", "", f"{ends}. {edge.meaning}", ""]
        lines += list(_properties(edge))
    return "\n".join(lines).rstrip() + "\n"


def _properties(kind: NodeKind | EdgeKind) -> Iterator[str]:
    if kind.properties:
        yield "| property | type | meaning |"
        yield "| --- | --- | --- |"
        yield from (f"| `{item.name}` | {_type(item)} | {item.meaning} |" for item in kind.properties)
        yield ""


def _type(item: Property) -> str:
    if item.choices:
        return " or ".join(f"`{choice}`" for choice in item.choices)
    bounds = [f"{bound:g}" for bound in (item.minimum, item.maximum) if bound is not None]
    told = f"{item.type} {' to '.join(bounds)}".strip()
    return f"{told} {item.unit}" if item.unit else told


def settings_page() -> str:
    """Return docs/settings.md."""
    lines = ["# Settings", "", _NOTE, "", "Set as environment variables or in a `.env` file in the current folder."]
    lines += ["Options of a command come before them.", ""]
    groups: tuple[tuple[str, type[BaseSettings]], ...] = (
        ("Graph and database", Settings),
        ("GraphQL service", ApiSettings),
        ("Generator", GeneratorSettings),
    )
    for title, group in groups:
        lines += [f"## {title}", "", "| variable | default | meaning |", "| --- | --- | --- |"]
        for name, field in group.model_fields.items():
            variable = field.validation_alias or f"{group.model_config.get('env_prefix', '')}{name}".upper()
            lines.append(f"| `{variable}` | {_default(field.default, field.default_factory)} | {field.description} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _default(value: object, factory: object) -> str:
    if factory is not None:
        return "a folder of the user's, by platform"
    if value is None or value in ("", (), []):
        return "none"
    if isinstance(value, tuple | list):
        return ", ".join(f"`{item}`" for item in value)  # pyright: ignore[reportUnknownVariableType]
    return f"`{value}`"


def errors_page() -> str:
    """Return docs/errors.md."""
    lines = ["# Errors and exit codes", "", _NOTE, ""]
    lines += [
        "An error names its cause, its place and the next step; with `--json` it is one JSON object on standard error:",
        "",
    ]
    lines += ['`{"error": {"code": …, "message": …, "place": …, "hint": …}}`', ""]
    lines += ["## Exit codes", "", "| code | meaning |", "| --- | --- |"]
    lines += [f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items()]
    lines += ["", "## Error codes", "", "| code | exit | when |", "| --- | --- | --- |"]
    for error in errors():
        lines.append(f"| `{error.code}` | {error.exit_code} | {(inspect.getdoc(error) or '').splitlines()[0]} |")
    return "\n".join(lines) + "\n"


def errors() -> list[type[KgError]]:
    """Return every expected failure of the graph and the generator, in the order they are told in the code."""
    found: list[type[KgError]] = []
    modules: tuple[ModuleType, ...] = (kg.errors, generator.errors)
    for module in modules:
        for _, item in inspect.getmembers(module, inspect.isclass):
            if issubclass(item, KgError) and item.__module__ == module.__name__:
                found.append(item)
    return sorted(found, key=lambda item: (item.__module__ != "kg.errors", inspect.getsourcelines(item)[1]))


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "schema.md": schema_page,
    "settings.md": settings_page,
    "errors.md": errors_page,
    "query-grammar.md": lambda: grammar_page(_NOTE),
    "core-graph.md": core_graph_page,
}


def main() -> None:
    """Write the pages into `docs/` of the current folder."""
    for name, page in PAGES.items():
        Path("docs", name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Signs and symptoms of MeSH: the headings, and IS_A as their tree numbers tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from kg.sources.cells import MESH, Cells, each, told_rows
from kg.sources.format import Files, Format, Part, Slot, Text
from kg.sources.heads import with_header
from kg.sources.origin import Origin
from kg.sources.records import Record
from kg.values import Edge, Node

_SYMPTOMS: Final = ("mesh_id", "mesh_name", "in_hsdn")
_TREE: Final = ("mesh_id", "mesh_name", "mesh_tree_number")
_TREE_NUMBER: Final = re.compile(r"[A-Z]\d\d(?:\.\d{3})*")

_ORIGIN: Final = Origin("mesh-symptoms", "2015", "CC0-1.0", "Medical Subject Headings, NLM")


def symptom(row: Cells) -> Node:
    """Return the symptom of a row; a heading such as `Abdomen, Acute` is also known as `Acute Abdomen`."""
    name = row.filled("mesh_name")
    last, comma, first = name.partition(", ")
    turned = {"en": (f"{first} {last}",)} if comma and ", " not in first else {}
    return Node("Symptom", row.id("mesh_id", MESH), {"en": name}, turned)


def read(text: Text) -> Iterator[Record]:
    """Yield a symptom for each heading."""
    yield from each(text, "\t", _SYMPTOMS, lambda row: [row.record(symptom(row))])


def read_tree(text: Text) -> Iterator[Record]:
    """Yield the headings of the tree, and IS_A to the heading whose tree number is one step shorter.

    `text` is gone through twice. The number of the branch's root leads to nothing in the file, and is no edge.
    """
    headings: dict[str, str] = {}
    for row in told_rows(text, "\t", _TREE):
        if MESH.pattern.fullmatch(row["mesh_id"]):
            headings.setdefault(row["mesh_tree_number"], MESH.prefix + row["mesh_id"])
    # Where the branch begins, which is the one number that has no parent in the file.
    root = min((number.count(".") for number in headings), default=0)
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        node, number = symptom(row), row["mesh_tree_number"]
        if not _TREE_NUMBER.fullmatch(number):
            message = f"{number!r} is not a tree number"
            raise row.refused("mesh_tree_number", "tree-number", message, "Write it like C23.888.821.")
        if node.id not in seen:
            seen.add(node.id)
            yield row.record(node)
        parent = headings.get(number.rpartition(".")[0])
        if parent is None and number.count(".") > root:
            message = f"no row has the tree number above {number}"
            raise row.refused("mesh_tree_number", "unknown-parent", message, "Bring the whole branch.")
        # Two places of one heading may lie below one another, or below the same heading.
        edge = f"{node.id} {parent}"
        if parent is not None and parent != node.id and edge not in seen:
            seen.add(edge)
            yield row.record(Edge("IS_A", node.id, parent, (_ORIGIN.evidence("mesh tree numbers"),)))

    yield from each(text, "\t", _TREE, of)


def _records(files: Files) -> Iterator[Record]:
    for text in files["symptoms"]:
        yield from read(text)
    for text in files["tree"]:
        yield from read_tree(text)


def _plan(files: Files) -> Sequence[Part]:
    return (_ORIGIN.part(partial(_records, files)),)


FORMAT: Final = Format(
    "mesh-symptoms",
    "MeSH 2015: signs and symptoms",
    "CC0-1.0 (MeSH by NLM).",
    (
        Slot("symptoms", "symptoms.tsv, `mesh_id mesh_name in_hsdn`", with_header("\t", *_SYMPTOMS)),
        Slot("tree", "tree numbers, `mesh_id mesh_name mesh_tree_number`", with_header("\t", *_TREE), required=False),
    ),
    _plan,
)

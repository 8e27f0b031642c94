"""PharmacotherapyDB: which drug is given for which disease, and whether it acts on the disease or on its symptoms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Final

from kg.sources.cells import DOID, DRUGBANK, Cells, each, short
from kg.sources.checked import not_held
from kg.sources.format import Files, Format, Part, Slot, Text
from kg.sources.heads import with_columns, with_header
from kg.sources.origin import Origin
from kg.sources.records import Record
from kg.values import Edge, Node

_INDICATIONS: Final = ("doid_id", "drugbank_id", "disease", "drug", "category")
_DISEASES: Final = ("doid_id", "disease", "DM", "SYM", "NOT", "total")
_DRUGS: Final = ("drugbank_id", "drug", "DM", "SYM", "NOT", "total")
_PURPOSES: Final = {"DM": "disease_modifying", "SYM": "symptomatic"}

_ORIGIN: Final = Origin("pharmacotherapydb", "1.0", "CC0-1.0", "PharmacotherapyDB, curated by physicians")
_EVIDENCE: Final = {
    category: _ORIGIN.evidence(f"pharmacotherapydb indications {category}", {"purpose": purpose})
    for category, purpose in _PURPOSES.items()
}


def read(indications: Text) -> Iterator[Record]:
    """Yield diseases, drugs and TREATS; a row of the category NOT says that a drug is not given, and is skipped."""
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        disease, drug = row.id("doid_id", DOID), row.id("drugbank_id", DRUGBANK)
        category = row["category"]
        if category == "NOT":
            why = short(f"{row['drug']} is not given for {row['disease']}")
            yield not_held(row.place("category"), "no-indication", category, why, "Nothing to do.")
            return
        if category not in _EVIDENCE:
            message = f"there is no category {category!r}"
            raise row.refused("category", "category-unknown", message, "Categories: DM, SYM, NOT.")
        yield from row.once(seen, "Disease", disease, "disease")
        yield from row.once(seen, "Drug", drug, "drug")
        yield row.record(Edge("TREATS", drug, disease, (_EVIDENCE[category],)))

    yield from each(indications, "\t", _INDICATIONS, of)


def read_diseases(text: Text) -> Iterator[Record]:
    """Yield the diseases of the catalogue, those without an indication too."""
    yield from each(
        text,
        "\t",
        _DISEASES,
        lambda row: [row.record(Node("Disease", row.id("doid_id", DOID), {"en": row.filled("disease")}))],
    )


def read_drugs(text: Text) -> Iterator[Record]:
    """Yield the drugs of the catalogue, those without an indication too."""
    yield from each(
        text,
        "\t",
        _DRUGS,
        lambda row: [row.record(Node("Drug", row.id("drugbank_id", DRUGBANK), {"en": row.filled("drug")}))],
    )


def _records(files: Files) -> Iterator[Record]:
    return chain(
        chain.from_iterable(map(read_diseases, files["diseases"])),
        chain.from_iterable(map(read_drugs, files["drugs"])),
        chain.from_iterable(map(read, files["indications"])),
    )


def _plan(files: Files) -> Sequence[Part]:
    return (_ORIGIN.part(partial(_records, files)),)


FORMAT: Final = Format(
    "pharmacotherapydb",
    "PharmacotherapyDB 1.0: indications curated by physicians",
    "CC0-1.0.",
    (
        Slot(
            "indications",
            "indications.tsv, `doid_id drugbank_id disease drug category`",
            with_columns("\t", *_INDICATIONS),
        ),
        Slot("diseases", "diseases.tsv", with_header("\t", *_DISEASES), required=False),
        Slot("drugs", "drugs.tsv", with_header("\t", *_DRUGS), required=False),
    ),
    _plan,
)

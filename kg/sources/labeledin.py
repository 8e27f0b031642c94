"""LabeledIn: what drugs are given for, as experts and the crowd read it in FDA labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from kg.sources.cells import RXNORM, UMLS, Cells, each
from kg.sources.checked import not_held
from kg.sources.format import Files, Format, Part, Slot, Text
from kg.sources.heads import with_columns
from kg.sources.origin import Origin
from kg.sources.records import Record
from kg.values import Edge

_COLUMNS: Final = ("rxnorm_id", "disease_cui", "n_labels", "expert", "crowd", "disease_mesh_name", "rxnorm_name")

_ORIGIN: Final = Origin("labeledin", "1.0", "public domain", "LabeledIn, NCBI")
_EVIDENCE: Final = _ORIGIN.evidence("labeledin indications", {"purpose": "unknown"})


def read(text: Text) -> Iterator[Record]:
    """Yield drugs (RxNorm), diseases (UMLS) and TREATS of unknown purpose.

    A combination of substances is skipped. A disease without a name in the file is told by its id alone.
    """
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        if ";" in row["rxnorm_id"]:
            why = "the row is about a combination of substances"
            yield not_held(row.place("rxnorm_id"), "combination", row["rxnorm_id"], why, "Nothing to do.")
            return
        drug, disease = row.id("rxnorm_id", RXNORM), row.id("disease_cui", UMLS)
        yield from row.once(seen, "Drug", drug, "rxnorm_name")
        if row["disease_mesh_name"]:
            yield from row.once(seen, "Disease", disease, "disease_mesh_name")
        edge = Edge("TREATS", drug, disease, (_EVIDENCE,))
        if edge.id not in seen:
            seen.add(edge.id)
            yield row.record(edge)

    yield from each(text, "\t", _COLUMNS, of)


def _plan(files: Files) -> Sequence[Part]:
    (text,) = files["indications"]
    return (_ORIGIN.part(partial(read, text)),)


FORMAT: Final = Format(
    "labeledin",
    "LabeledIn: indications read from FDA labels",
    "Public domain (US government work).",
    (Slot("indications", "indications.tsv, `rxnorm_id disease_cui n_labels ...`", with_columns("\t", *_COLUMNS)),),
    _plan,
)

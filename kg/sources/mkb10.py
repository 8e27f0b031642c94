"""MKB-10, the Russian Ministry of Health's ICD-10: codes with Russian names, as the ministry's open CSV has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from kg.sources.cells import Cells, each, told_rows
from kg.sources.format import Files, Format, Part, Slot, Text
from kg.sources.heads import with_header
from kg.sources.icd_tree import code_node, usual_code
from kg.sources.left_out import LeftOut
from kg.sources.origin import Origin
from kg.sources.records import Record
from kg.values import Edge

_COLUMNS: Final = ("ID", "REC_CODE", "MKB_CODE", "MKB_NAME", "ID_PARENT", "ADDL_CODE", "ACTUAL", "DATE")
_LICENCE: Final = "official document of the Russian Federation; ICD-10 itself is copyright WHO"
_VERSION: Final = re.compile(r"_(\d+\.\d+)\.csv$", re.IGNORECASE)
# Which of two codes stands for the cause and which for the place; this graph holds codes one by one.
_MARKED: Final = ("1", "2")


def read(text: Text, origin: Origin) -> Iterator[Record]:
    """Yield the codes in force and PART_OF between them; `text` is gone through twice.

    Withdrawn codes (ACTUAL is not 1) are told as skipped, and dagger and asterisk marks once for the whole file.
    """
    codes = {
        row["ID"]: code
        for row in told_rows(text, ";", _COLUMNS)
        if row["ACTUAL"] == "1" and (code := usual_code("ICD10", row["MKB_CODE"]))
    }
    left_out = LeftOut()
    evidence = origin.evidence(f"{origin.source} ID_PARENT")
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        if row["ACTUAL"] != "1":
            left_out.add(row.place("ACTUAL"), "code-withdrawn", row["MKB_CODE"], "the code is no longer in force")
            return
        code = usual_code("ICD10", row.filled("MKB_CODE"))
        if code is None:
            message = f"{row['MKB_CODE']!r} is not a code of ICD-10"
            raise row.refused("MKB_CODE", "icd-form", message, "Write it like J20, J20.9 or J20-J22.")
        if code in seen:
            raise row.refused("MKB_CODE", "code-twice", f"{code} is told a second time", "Keep the row in force.")
        name = row.filled("MKB_NAME")
        seen.add(code)
        if row["ADDL_CODE"] in _MARKED:
            left_out.add(row.place("ADDL_CODE"), "mark-not-held", code, "dagger and asterisk marks are not kept")
        yield row.record(code_node("ICD10", code, {"ru": name}), "MKB_NAME")
        if not row["ID_PARENT"]:
            return
        parent = codes.get(row["ID_PARENT"])
        if parent is None:
            message = f"{code} lies in a row that is not in force, or not there"
            raise row.refused("ID_PARENT", "unknown-parent", message, "Name the ID of a code in force.")
        yield row.record(Edge("PART_OF", f"ICD10:{code}", f"ICD10:{parent}", (evidence,)), "ID_PARENT")

    yield from each(text, ";", _COLUMNS, of)
    yield from left_out.told()


def _plan(files: Files) -> Sequence[Part]:
    (text,) = files["codes"]
    found = _VERSION.search(text.name)
    origin = Origin("mkb10", found[1] if found else "undated", _LICENCE, "Ministry of Health of the Russian Federation")
    return (origin.part(partial(read, text, origin)),)


FORMAT: Final = Format(
    "mkb10",
    "MKB-10: ICD-10 in Russian, reference book 1.2.643.5.1.13.13.11.1005",
    "Official document of the Russian Ministry of Health; ICD-10 itself is copyright WHO.",
    (Slot("codes", "the ministry's CSV, `ID;REC_CODE;MKB_CODE;MKB_NAME;...`", with_header(";", *_COLUMNS)),),
    _plan,
)

"""The ATC index: groups of drugs in four levels, and substances by their code of level 5."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from kg.sources.cells import Cells, each, told_rows
from kg.sources.format import Files, Format, Part, Slot, Text
from kg.sources.heads import version_in, with_columns
from kg.sources.origin import Origin
from kg.sources.records import Record
from kg.values import Edge, Node

_COLUMNS: Final = ("atc_code", "atc_name")
_CODE: Final = re.compile(r"[A-Z](?:\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?)?")
# A code's length, and that of the group it lies in.
_WIDER: Final = {3: 1, 4: 3, 5: 4, 7: 5}
_EMPTY: Final = ("", "NA")


def read(text: Text, origin: Origin) -> Iterator[Record]:
    """Yield classes (levels 1 to 4), drugs (level 5) and IN_CLASS; `text` is gone through twice.

    A code stands in one row for each dose and way of giving; doses and ways are not kept.
    """
    codes = {row["atc_code"] for row in told_rows(text, ",", _COLUMNS)}
    evidence = origin.evidence("atc index")
    names: dict[str, str] = {}

    def of(row: Cells) -> Iterator[Record]:
        code, name = row["atc_code"], row["atc_name"]
        if not _CODE.fullmatch(code):
            raise row.refused("atc_code", "atc-form", f"{code!r} is not an ATC code", "Write it like J01CA04 or J01C.")
        if name in _EMPTY:
            raise row.refused("atc_name", "empty-cell", f"{code} has no name", "Write its name.")
        if code in names:
            if names[code] != name:
                message = f"{code} is {names[code]!r} in a row above"
                raise row.refused("atc_name", "name-twice", message, "One code has one name.")
            return
        names[code] = name
        drug = len(code) == 7
        properties = {"atc": code} if drug else {}
        yield row.record(Node("Drug" if drug else "DrugClass", f"ATC:{code}", {"en": name}, properties=properties))
        wider = code[: _WIDER.get(len(code), 0)]
        if wider and wider not in codes:
            message = f"the group {wider} of {code} has no row"
            raise row.refused("atc_code", "unknown-class", message, f"Add a row for {wider}.")
        if wider:
            yield row.record(Edge("IN_CLASS", f"ATC:{code}", f"ATC:{wider}", (evidence,)))

    yield from each(text, ",", _COLUMNS, of)


def _plan(files: Files) -> Sequence[Part]:
    (text,) = files["index"]
    licence = "NonCommercial: ATC/DDD index, WHO Collaborating Centre for Drug Statistics Methodology"
    origin = Origin("atc", version_in(text.name), licence, "WHO Collaborating Centre for Drug Statistics Methodology")
    return (origin.part(partial(read, text, origin)),)


FORMAT: Final = Format(
    "atc",
    "ATC index: drug classes and substances",
    "NonCommercial: copyright of the WHO Collaborating Centre for Drug Statistics Methodology; reference required.",
    (Slot("index", "the ATC/DDD table, `atc_code,atc_name,...`", with_columns(",", *_COLUMNS)),),
    _plan,
)

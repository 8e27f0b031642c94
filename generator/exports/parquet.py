"""Notes as Parquet, with the meaning of each column in the file; the one doorway to Arrow for data sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from generator.exports.columns import Column, Kind

# Notes held in memory at once; a row group of about 20 MB.
_GROUP: Final = 4096

_STRINGS: Final = pa.list_(pa.string())
_TYPES: Final[Mapping[Kind, Any]] = {
    "string": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "strings": _STRINGS,
    "facts": pa.list_(
        pa.struct(
            [
                ("id", pa.string()),
                ("kind", pa.string()),
                ("text", pa.string()),
                ("edge_id", pa.string()),
                ("evidence_ids", _STRINGS),
                ("term_ids", _STRINGS),
                ("told", pa.bool_()),
                ("start", pa.int64()),
                ("end", pa.int64()),
            ]
        )
    ),
    "turns": pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())])),
}


def schema_of(columns: Sequence[Column]) -> Any:
    """Return the Arrow schema of the columns; what each means stands in the field's metadata."""
    return pa.schema(
        [pa.field(column.name, _TYPES[column.kind], metadata={"about": column.about}) for column in columns]
    )


def write_parquet(notes: Iterable[Any], out: Path, columns: Sequence[Column], first: int = 0) -> int:
    """Write a Parquet file, a group of rows at a time, and return how many rows; `first` is the number of the first."""
    schema = schema_of(columns)
    number = first
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for group in _groups(notes):
            rows = [
                {column.name: column.value(note, at) for column in columns}
                for at, note in enumerate(group, start=number)
            ]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            number += len(rows)
    return number - first


def _groups(notes: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(notes)
    while group := list(islice(waiting, _GROUP)):
        yield group

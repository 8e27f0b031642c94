from __future__ import annotations

import pytest

from kg.errors import DataError
from kg.sources.mapping import columns_of, read_mapping

SOURCE = 'source: {name: clinic, version: "1", licence: CC0-1.0, asserted_by: us}\n'
TABLE = """tables:
  - file: d.csv
    nodes:
      - {kind: Disease, id: "{id}", names: {en: "{name}"}, when: code, properties: {age_min: "{from}"}}
    edges:
      - {kind: IS_A, start: "{id}", end: "{parent}", each: {column: parent, by: ";"}, evidence: {reference: "{@line}"}}
"""


def test_a_mapping_is_read_with_its_columns() -> None:
    mapping = read_mapping(SOURCE + TABLE, "m.yaml")
    assert mapping.source.reference == "{@file}"
    assert columns_of(mapping.tables[0]) == ("id", "name", "from", "code", "parent")


@pytest.mark.parametrize(
    ("text", "message", "place", "hint"),
    [
        ("a: [", "the mapping is not YAML", "m.yaml, line 1", "docs/loading.md"),
        ("", "the mapping makes no sense", "m.yaml", "docs/loading.md"),
        ("- 1", "the mapping makes no sense", "m.yaml", "docs/loading.md"),
        (TABLE, "source is missing", "m.yaml", "docs/loading.md"),
        (SOURCE, "tables is missing", "m.yaml", "docs/loading.md"),
        (SOURCE.replace("version", "release") + TABLE, "source.version is missing", "m.yaml", "docs/loading.md"),
        (
            SOURCE + TABLE.replace("when:", "whenn:"),
            "tables[0].nodes[0].whenn is not a key",
            "m.yaml",
            "docs/loading.md",
        ),
        (
            SOURCE + TABLE.replace("kind: Disease", "kind: Desease"),
            "'Desease' is not a kind of node here",
            "m.yaml, tables[0].nodes[0].kind",
            "Did you mean Disease?",
        ),
        (
            SOURCE + TABLE.replace("IS_A", "ISA"),
            "'ISA' is not a kind of edge here",
            "m.yaml, tables[0].edges[0].kind",
            "Did you mean IS_A?",
        ),
        (
            SOURCE + TABLE.replace("{en:", "{eng:"),
            "'eng' is not a language here",
            "m.yaml, tables[0].nodes[0].names",
            "Did you mean en?",
        ),
        (
            SOURCE + TABLE.replace("age_min:", "age:"),
            "'age' is not a property here",
            "m.yaml, tables[0].nodes[0].properties",
            "age_m",
        ),
        (
            SOURCE + TABLE.replace('"{name}"', '"{name"'),
            "brace without its other half",
            "m.yaml, tables[0].nodes[0].names.en",
            "Write a column as {name}.",
        ),
        (
            SOURCE + "tables: [{file: d.csv}]",
            "the table makes neither nodes nor edges",
            "m.yaml, tables[0]",
            "docs/loading.md",
        ),
        (SOURCE + TABLE + TABLE.removeprefix("tables:\n"), "two tables are of the file 'd.csv'", "m.yaml", "Put"),
        (
            SOURCE.replace("us}", 'us, reference: "{id}"}') + TABLE,
            "'id' is not of every table",
            "m.yaml, source.reference",
            "Only {@file} and {@line}",
        ),
        (SOURCE.replace("clinic", "My Clinic") + TABLE, "source.name makes no sense", "m.yaml", "docs/loading.md"),
        (
            SOURCE + TABLE.replace("nodes:", "nodes: !!python/object/apply:os.getcwd []\n    other:"),
            "the mapping is not YAML",
            "m.yaml, line 4",
            "docs/loading.md",
        ),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused_with_the_key(text: str, message: str, place: str, hint: str) -> None:
    with pytest.raises(DataError) as caught:
        read_mapping(text, "m.yaml")
    assert message in caught.value.message
    assert caught.value.place == place
    assert hint in (caught.value.hint or "")

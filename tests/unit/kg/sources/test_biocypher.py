from __future__ import annotations

from pathlib import Path

import pytest

from kg.sources import biocypher, neo4j_admin
from kg.sources.format import Text
from tests.unit.kg.sources.collection_records import counts, places, read_all, table
from tests.unit.kg.sources.reading_formats import Opened, Told, slots_of

HEADERS: list[Text] = [
    table("Disease-header.csv", ":ID;name;icd10:string[];id;preferred_id;:LABEL"),
    table("Phenotype-header.csv", ":ID;name;id;preferred_id;:LABEL"),
    table("HasPhenotype-header.csv", ":START_ID;id;source;:END_ID;:TYPE"),
]


def parts(quote: str = "'") -> list[Text]:
    rows = [
        ("Disease-part000.csv", "DOID:1;'von Gierke''s; disease';'J45|J45.1';'DOID:1';'doid';Disease|Entity"),
        ("Disease-part001.csv", "doid:2;'flu';'';'DOID:2';'doid';Disease|Entity"),
        ("Phenotype-part000.csv", "mesh:D1;'cough';'mesh:D1';'mesh';PhenotypicFeature|Entity"),
        ("HasPhenotype-part000.csv", "doid:2;'';'Hetionet';mesh:D1;DiseaseToPhenotypicFeatureAssociation"),
    ]
    return [table(name, row.replace("''", "§").replace("'", quote).replace("§", quote * 2)) for name, row in rows]


def read(headers: list[Text], rows: list[Text]) -> Told:
    return read_all(biocypher.FORMAT, headers=headers, parts=rows)


@pytest.mark.parametrize("quote", ["'", '"'])
def test_rows_are_read_under_the_header_of_their_name(quote: str) -> None:
    told = read(HEADERS, parts(quote))
    assert told.node("DOID:1").names == {"en": f"von Gierke{quote}s; disease"}
    assert {edge.end for edge in told.edges_of("CODED_AS")} == {"ICD10:J45", "ICD10:J45.1"}
    (edge,) = told.edges_of("HAS_SYMPTOM")
    assert (edge.id, edge.evidence[0].source) == ("DOID:2/HAS_SYMPTOM/MESH:D1", "hetionet")
    assert not told.problems


def test_a_header_without_rows_and_rows_without_header_are_told() -> None:
    told = read([HEADERS[0], HEADERS[1]], [parts()[0], parts()[3]])
    assert [item[:4] for item in places(told)] == [
        ("HasPhenotype-part000.csv", 1, "", "no-header"),
        ("Phenotype-header.csv", 1, "", "no-rows"),
    ]
    assert told.ids("Disease") == {"DOID:1"}


def test_its_files_and_those_of_neo4j_admin_are_told_apart() -> None:
    for text in HEADERS:
        assert (slots_of(biocypher.FORMAT, text), slots_of(neo4j_admin.FORMAT, text)) == (["headers"], [])
    for text in parts():
        assert (slots_of(biocypher.FORMAT, text), slots_of(neo4j_admin.FORMAT, text)) == (["parts"], [])


def test_a_real_graph_is_read_whole(shared_data: Path) -> None:
    files: dict[str, list[Text]] = {"headers": [], "parts": []}
    for path in sorted((shared_data / "layouts" / "biocypher").glob("*.csv")):
        (slot,) = slots_of(biocypher.FORMAT, Opened(path))
        files[slot].append(Opened(path))
    told = read(files["headers"], files["parts"])
    assert counts(told) == (
        {"Disease": 137, "Symptom": 438, "Drug": 1552, "IcdCode": 125},
        {"HAS_SYMPTOM": 3357, "TREATS": 1145, "CODED_AS": 126},
        {},
    )
    assert not told.problems
    assert told.dangling() == set()

"""ICD-10-CM: chapters, blocks and codes in one spelling, each part of the wider one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.sources.icd10cm import FORMAT
from tests.unit.kg.sources.reading_formats import Opened, Told, slots_of, told
from tests.unit.kg.sources.text_in_memory import InMemory

TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular>
  <version>2026</version>
  <chapter>
    <name>10</name>
    <desc>Diseases of the lungs (J00-J99)</desc>
    <section id="J20-J22">
      <desc>Lower airways (J20-J22)</desc>
      <diag>
        <name>J20</name>
        <desc>Bronchitis</desc>
        <includes><note>all of it</note></includes>
        <inclusionTerm><note>Chest cold</note><note>bronchitis</note></inclusionTerm>
        <diag><name>J20.0</name><desc>Bronchitis, first</desc></diag>
      </diag>
    </section>
    <section id="J95">
      <desc>After procedures (J95)</desc>
      <diag><name>J95</name><desc>After procedures</desc></diag>
    </section>
    <section id="QA0"><desc>New (QA0)</desc><diag><name>QA0</name><desc>New</desc></diag></section>
  </chapter>
</ICD10CM.tabular>
"""


def tabular(text: str = TABULAR) -> Told:
    return told(FORMAT, {"tabular": [InMemory.of("tabular.xml", text)]})


def parents(found: Told) -> dict[str, str]:
    return {edge.start: edge.end for edge in found.edges_of("PART_OF")}


def test_the_tabular_list_becomes_chapters_blocks_and_codes() -> None:
    found = tabular()
    assert found.problems == []
    assert parents(found) == {
        "ICD10CM:J20-J22": "ICD10CM:X",
        "ICD10CM:J20": "ICD10CM:J20-J22",
        "ICD10CM:J20.0": "ICD10CM:J20",
        "ICD10CM:J95-J95": "ICD10CM:X",
        "ICD10CM:J95": "ICD10CM:J95-J95",
        "ICD10CM:QA0-QA0": "ICD10CM:X",
        "ICD10CM:QA0": "ICD10CM:QA0-QA0",
    }
    assert {node.id: node.properties["level"] for node in found.nodes} == {
        "ICD10CM:X": "chapter",
        "ICD10CM:J20-J22": "block",
        "ICD10CM:J20": "category",
        "ICD10CM:J20.0": "subcategory",
        "ICD10CM:J95-J95": "block",
        "ICD10CM:J95": "category",
        "ICD10CM:QA0-QA0": "block",
        "ICD10CM:QA0": "category",
    }


def test_a_name_stands_without_its_range_and_terms_become_synonyms() -> None:
    found = tabular()
    assert found.node("ICD10CM:X").names == {"en": "Diseases of the lungs"}
    assert found.node("ICD10CM:J20").synonyms == {"en": ("Chest cold",)}
    assert found.node("ICD10CM:J20.0").synonyms == {}


def test_at_most_five_terms_are_kept_and_none_that_is_long() -> None:
    many = "".join(f"<note>term {number}</note>" for number in range(9)) + f"<note>{'x' * 121}</note>"
    found = tabular(TABULAR.replace("<note>Chest cold</note>", f"<note>{'y' * 121}</note>{many}"))
    assert found.node("ICD10CM:J20").synonyms["en"] == tuple(f"term {number}" for number in range(5))


@pytest.mark.parametrize(
    ("before", "after", "rule", "line"),
    [
        ("<name>J20.0</name>", "<name>J2</name>", "icd-form", 14),
        ("<name>J95</name>", "<name>J20</name>", "code-twice", 19),
        ("<desc>Bronchitis, first</desc>", "", "empty-name", 14),
        ("<name>10</name>", "<name>ten</name>", "icd-form", 4),
        ('id="J20-J22"', "", "icd-form", 7),
    ],
)
def test_a_fault_in_one_code_is_told_with_its_line_and_the_rest_is_read(
    before: str, after: str, rule: str, line: int
) -> None:
    found = tabular(TABULAR.replace(before, after, 1))
    assert [(problem.rule, problem.place.line) for problem in found.errors] == [(rule, line)]
    assert len(found.nodes) == 7


def test_damage_ends_the_file_with_a_problem() -> None:
    found = tabular(TABULAR[: TABULAR.index("</section>")])
    assert found.rules == [("xml-damaged", "error")]
    assert found.ids("IcdCode") == {"ICD10CM:J20", "ICD10CM:J20.0"}


def test_an_entity_is_refused() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "boom">]><ICD10CM.tabular>&a;</ICD10CM.tabular>'
    assert tabular(bomb).rules == [("xml-entity", "error")]


def test_elements_that_nest_without_end_are_refused() -> None:
    assert tabular("<ICD10CM.tabular>" + "<a>" * 5000).rules == [("xml-depth", "error")]


def test_a_list_of_codes_hangs_each_code_below_the_next_wider_one_of_all_files() -> None:
    codes = InMemory.of("icd10cm-codes-2024.txt", "J200    Bronchitis, first\nJ2001XA Deep\nJ95     After\n")
    found = told(FORMAT, {"codes": [codes], "tabular": [InMemory.of("t.xml", TABULAR)]})
    assert found.problems == []
    assert parents(found)["ICD10CM:J20.01XA"] == "ICD10CM:J20.0"
    versions = {edge.evidence[0].version for edge in found.edges}
    assert versions == {"2026", "2024"}


def test_a_list_of_billable_codes_alone_says_once_that_wider_codes_are_missing() -> None:
    codes = InMemory.of("codes.txt", "A000    Cholera\nA001    Other\nA0100 \nnonsense\n")
    found = told(FORMAT, {"codes": [codes]})
    assert found.rules == [("line-form", "error"), ("line-form", "error"), ("no-wider-code", "skipped")]
    assert "2 rows" in found.problems[-1].message
    assert found.edges == []


def test_an_order_file_is_read_by_its_columns() -> None:
    order = InMemory.of(
        "icd10cm-order-2026.txt",
        f"00001 A00     0 {'Cholera':<60} Cholera in full\n00002 A000    1 {'Vibrio':<60} Cholera due to Vibrio\n",
    )
    found = told(FORMAT, {"order": [order]})
    assert slots_of(FORMAT, order) == ["order"]
    assert found.problems == []
    assert found.node("ICD10CM:A00.0").names == {"en": "Cholera due to Vibrio"}
    assert parents(found) == {"ICD10CM:A00.0": "ICD10CM:A00"}


def test_no_file_is_told() -> None:
    with pytest.raises(DataError):
        told(FORMAT, {})


def test_the_real_files_are_read_whole(shared_data: Path) -> None:
    folder = shared_data / "icd10cm"
    files = {
        "tabular": [Opened(folder / "icd10c-tabular-April-1-2026.xml.gz")],
        "codes": [Opened(folder / "icd10cm-codes-2024.txt.gz")],
    }
    found = told(FORMAT, files)
    assert found.problems == []
    assert len(found.nodes) == 22 + 297 + 46_881 + 74_044
    assert found.dangling() == set()
    levels = Counter({node.id: node.properties["level"] for node in found.nodes}.values())
    assert (levels["chapter"], levels["block"]) == (22, 297)
    assert parents(found)["ICD10CM:J20.9"] == "ICD10CM:J20"
    assert parents(found)["ICD10CM:S02.0XXA"] == "ICD10CM:S02.0"
    assert all(len(synonym) <= 120 for node in found.nodes for group in node.synonyms.values() for synonym in group)

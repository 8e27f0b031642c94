from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest

from kg.sources import obo
from kg.sources.records import Found, Place, Problem, Record
from kg.values import Edge, Node, Same
from tests.unit.kg.sources.collection_records import counts, read_all, table
from tests.unit.kg.sources.reading_formats import Opened

HEAD = """format-version: 1.2
data-version: doid/releases/2026-07-31/doid.obo
remark: http://creativecommons.org/licenses/by/3.0/.
"""
ASTHMA = """
[Term]
id: DOID:2841
name: asthma
alt_id: DOID:13835
def: "A bronchial disease." [url:http\\://example.org]
synonym: "bronchial hyperreactivity" EXACT []
synonym: "Asthma" EXACT []
synonym: "wheezy \\"bronchitis\\" " RELATED [MSH:D1] {comment="x"}
xref: ICD10CM:J45
xref: MSH:D001249
xref: SNOMEDCT_US_2025_09_01:195967001
xref: UMLS_CUI:C0004096 {source="x"}
is_a: DOID:1176 {source="x"} ! bronchial disease
"""
BRONCHIAL = """
[Term]
id: DOID:1176
name: bronchial disease
"""


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def read(text: str) -> list[Record]:
    return list(obo.read(lines(text), "doid.obo"))


def nodes_of(records: list[Record]) -> dict[str, Node]:
    return {
        item.record.id: item.record for item in records if isinstance(item, Found) and isinstance(item.record, Node)
    }


def edges_of(records: list[Record]) -> dict[str, Edge]:
    return {
        item.record.id: item.record for item in records if isinstance(item, Found) and isinstance(item.record, Edge)
    }


def problems_of(records: list[Record]) -> list[tuple[int, str, str, str, str]]:
    return [
        (item.place.line, item.place.column, item.rule, item.value, item.severity)
        for item in records
        if isinstance(item, Problem)
    ]


def test_a_term_becomes_a_node_with_synonyms_and_usual_cross_references() -> None:
    node = nodes_of(read(HEAD + ASTHMA + BRONCHIAL))["DOID:2841"]
    assert node.kind == "Disease"
    assert node.names == {"en": "asthma"}
    assert node.synonyms == {"en": ("bronchial hyperreactivity", 'wheezy "bronchitis"')}
    assert node.xrefs == ("DOID:13835", "MESH:D001249", "SNOMEDCT:195967001", "UMLS:C0004096")


def test_a_parent_and_a_code_become_edges_with_evidence() -> None:
    records = read(HEAD + ASTHMA + BRONCHIAL)
    edges = edges_of(records)
    assert set(edges) == {"DOID:2841/IS_A/DOID:1176", "DOID:2841/CODED_AS/ICD10CM:J45"}
    evidence = edges["DOID:2841/CODED_AS/ICD10CM:J45"].evidence[0]
    assert (evidence.source, evidence.version, evidence.licence) == ("disease-ontology", "2026-07-31", "CC BY 3.0")
    assert (evidence.reference, evidence.asserted_by) == ("DOID:2841 xref ICD10CM:J45", "Human Disease Ontology")
    assert edges["DOID:2841/IS_A/DOID:1176"].evidence[0].reference == "DOID:2841"
    assert not problems_of(records)


def test_a_code_becomes_a_node_once_named_by_the_code() -> None:
    text = HEAD + BRONCHIAL + "xref: ICD10CM:J98.0\nxref: ICD10CM:J980\nxref: ICD-10:J98\nxref: ICD10CM:J40-J47\n"
    codes = {key: node for key, node in nodes_of(read(text)).items() if node.kind == "IcdCode"}
    assert {key: (node.names["en"], node.properties) for key, node in codes.items()} == {
        "ICD10CM:J98.0": ("J98.0", {"system": "ICD10CM", "level": "subcategory"}),
        "ICD10:J98": ("J98", {"system": "ICD10", "level": "category"}),
        "ICD10CM:J40-J47": ("J40-J47", {"system": "ICD10CM", "level": "block"}),
    }


def test_symptoms_keep_codes_as_cross_references_because_only_diseases_are_coded() -> None:
    records = read("[Term]\nid: SYMP:0000019\nname: constipation\nxref: ICD10CM:K59.02\n")
    assert nodes_of(records)["SYMP:0000019"].xrefs == ("ICD10CM:K59.02",)
    assert nodes_of(records)["SYMP:0000019"].kind == "Symptom"
    assert not edges_of(records)


def test_only_what_lies_below_the_root_of_phenotypes_is_a_symptom() -> None:
    terms = {"HP:0000001": "", "HP:0000118": "HP:0000001", "HP:0002086": "HP:0000118", "HP:0012735": "HP:0002086"}
    terms["HP:0000005"] = "HP:0000001"
    text = "".join(
        f"[Term]\nid: {key}\nname: {key}\n" + (f"is_a: {parent} ! x\n" if parent else "")
        for key, parent in terms.items()
    )
    records = read(text)
    assert set(nodes_of(records)) == {"HP:0002086", "HP:0012735"}
    assert set(edges_of(records)) == {"HP:0012735/IS_A/HP:0002086"}
    assert [(rule, value, severity) for _, _, rule, value, severity in problems_of(records)] == [
        ("not-a-symptom", "HP:0000001", "skipped"),
        ("not-a-symptom", "HP:0000118", "skipped"),
        ("not-a-symptom", "HP:0000005", "skipped"),
        ("parent-not-held", "HP:0000118", "skipped"),
    ]


def test_an_obsolete_term_is_skipped_and_its_successor_told() -> None:
    problem, link = read(HEAD + BRONCHIAL + "is_obsolete: true\nreplaced_by: DOID:1\n")
    assert isinstance(problem, Problem)
    assert (problem.rule, problem.severity, problem.place.line) == ("obsolete", "skipped", 8)
    assert problem.fix == "Replaced by DOID:1."
    assert link == Found(Same("Disease", "DOID:1176", "DOID:1", "replaced"), Place("doid.obo", 9, "replaced_by"))


@pytest.mark.parametrize("tags", ["", "replaced_by: DOID:1\nreplaced_by: DOID:2\n", "replaced_by: SYMP:1\n"])
def test_an_obsolete_term_leads_nowhere_without_one_successor_of_its_kind(tags: str) -> None:
    assert [type(item) for item in read(HEAD + BRONCHIAL + "is_obsolete: true\n" + tags)] == [Problem]


def test_earlier_ids_and_cross_references_are_links_between_ids() -> None:
    links = [item.record for item in read(HEAD + ASTHMA + BRONCHIAL) if isinstance(item, Found)]
    assert [link for link in links if isinstance(link, Same)] == [
        Same("Disease", "DOID:13835", "DOID:2841", "replaced"),
        Same("Disease", "DOID:2841", "MESH:D001249", "xref"),
        Same("Disease", "DOID:2841", "UMLS:C0004096", "xref"),
    ]


def test_an_earlier_id_that_is_none_is_told_and_the_term_is_kept() -> None:
    records = read(BRONCHIAL.lstrip() + "alt_id: 13 835\n")
    assert problems_of(records) == [(4, "alt_id", "id-form", "13 835", "error")]
    assert nodes_of(records)["DOID:1176"].xrefs == ()


def test_an_obsolete_term_without_successor_tells_what_to_consider() -> None:
    (problem,) = (
        item
        for item in read(BRONCHIAL + "is_obsolete: true\nconsider: DOID:1\nconsider: DOID:2\n")
        if isinstance(item, Problem)
    )
    assert problem.fix == "Consider DOID:1, DOID:2."


@pytest.mark.parametrize(
    ("line", "column", "rule", "value", "severity"),
    [
        ("xref: ICD10CM:78.8", "xref", "icd-form", "ICD10CM:78.8", "error"),
        ("xref: ICD10CM:I71\\,2", "xref", "icd-form", "ICD10CM:I71,2", "error"),
        ("xref: ICD10CM:J47-J40", "xref", "icd-form", "ICD10CM:J47-J40", "error"),
        ("xref: ICD-10:QA0.01", "xref", "icd-form", "ICD-10:QA0.01", "error"),
        ("xref: nonsense", "xref", "xref-form", "nonsense", "error"),
        ("xref: ICDO:9827/3", "xref", "xref-not-held", "ICDO:9827/3", "skipped"),
        ("xref: https://example.org/x", "xref", "xref-not-held", "https://example.org/x", "skipped"),
        ('synonym: "airways" BROAD []', "synonym", "synonym-scope", "airways", "skipped"),
        ('synonym: "old word" EXACT obsolete_synonym []', "synonym", "synonym-scope", "old word", "skipped"),
        ("synonym: airways EXACT []", "synonym", "synonym-form", "airways EXACT []", "error"),
        ('synonym: " " EXACT []', "synonym", "synonym-text", "", "error"),
        (f'synonym: "{"a" * 301}" EXACT []', "synonym", "synonym-text", "a" * 200, "error"),
        (
            "relationship: has_symptom SYMP:1 ! x",
            "relationship",
            "relationship-not-held",
            "has_symptom SYMP:1",
            "skipped",
        ),
        ("is_a: DOID 4", "is_a", "edge-schema", "DOID:1176/IS_A/DOID 4", "error"),
        ("is_a: DOID:1176", "is_a", "self-loop", "DOID:1176/IS_A/DOID:1176", "error"),
        ("colour: blue", "colour", "tag-unknown", "blue", "skipped"),
        ("no tag here", "", "line-form", "no tag here", "error"),
    ],
)
def test_a_line_that_is_not_taken_is_told_and_the_term_is_kept(
    line: str, column: str, rule: str, value: str, severity: str
) -> None:
    records = read(BRONCHIAL.lstrip() + line + "\n")
    assert problems_of(records) == [(4, column, rule, value, severity)]
    assert set(nodes_of(records)) == {"DOID:1176"}


@pytest.mark.parametrize(
    ("stanza", "line", "column", "rule", "value", "severity"),
    [
        ("[Term]\nname: x\n", 5, "id", "no-id", "", "error"),
        ("[Term]\nid: DOID:7\n", 5, "name", "no-name", "DOID:7", "error"),
        ("[Term]\nid: DOID:a b\nname: x\n", 6, "id", "id-form", "DOID:a b", "error"),
        ("[Term]\nid: UBERON:4\nname: nose\n", 6, "id", "id-outside", "UBERON:4", "skipped"),
        ("[Term]\nid: DOID:1176\nname: again\n", 6, "id", "id-twice", "DOID:1176", "error"),
        (f"[Term]\nid: DOID:7\nname: {'x' * 301}\n", 7, "name", "node-schema", "DOID:7", "error"),
        ("[Typedef]\nid: part_of\n", 5, "", "stanza-not-held", "[Typedef]", "skipped"),
    ],
)
def test_a_term_that_is_not_taken_is_told_with_its_line(
    stanza: str, line: int, column: str, rule: str, value: str, severity: str
) -> None:
    records = read(BRONCHIAL.lstrip() + "\n" + stanza)
    assert problems_of(records) == [(line, column, rule, value, severity)]
    assert set(nodes_of(records)) == {"DOID:1176"}


def test_a_file_of_another_ontology_is_told_as_a_whole() -> None:
    assert problems_of(read("[Term]\nid: GO:1\nname: x\n")) == [(1, "", "ontology-unknown", "", "error")]


@pytest.mark.parametrize(
    ("head", "version", "licence"),
    [
        ("date: 14:05:2015 16:40\n", "2015-05-14", "CC0-1.0"),
        ("data-version: v7\n", "v7", "CC0-1.0"),
        ("", "undated", "CC0-1.0"),
        ("property_value: terms:license https://creativecommons.org/licenses/by/4.0/\n", "undated", "CC BY 4.0"),
    ],
)
def test_the_head_tells_version_and_licence(head: str, version: str, licence: str) -> None:
    told = obo.header(lines(head + BRONCHIAL))
    assert (told.version, told.licence) == (version, licence)


def test_a_licence_may_be_told_from_outside() -> None:
    edges = (item.record for item in obo.read(lines(HEAD + ASTHMA), "x", licence="CC BY-ND") if isinstance(item, Found))
    assert {edge.evidence[0].licence for edge in edges if isinstance(edge, Edge)} == {"CC BY-ND"}


def test_all_of_the_disease_ontology_of_2015_is_read_or_told(shared_data: Path) -> None:
    text = (shared_data / "disease-ontology-2015" / "HumanDO.obo").read_text("utf-8").splitlines(keepends=True)
    records = list(obo.read(text, "HumanDO.obo"))
    assert obo.header(text).version == "2015-05-14"
    assert obo.header(text).licence == "CC BY 3.0"
    # 8,948 terms, of which 2,374 are obsolete; 402 codes, of which 6 are none.
    assert Counter(node.kind for node in nodes_of(records).values()) == {"Disease": 8948 - 2374, "IcdCode": 319}
    assert Counter(edge.kind for edge in edges_of(records).values()) == {"IS_A": 6921, "CODED_AS": 402 - 6}
    problems = problems_of(records)
    assert Counter((rule, severity) for _, _, rule, _, severity in problems) == {
        ("obsolete", "skipped"): 2374,
        ("stanza-not-held", "skipped"): 15,
        ("synonym-scope", "skipped"): 4,
        ("icd-form", "error"): 6,
    }
    # Each of these lines was looked at: a letter is missing, or a comma stands for the point.
    assert [(line, value) for line, _, _, value, severity in problems if severity == "error"] == [
        (11254, "ICD10CM:78.8"),
        (18463, "ICD10:10"),
        (30303, "ICD10CM:61.9"),
        (40155, "ICD10CM:I71,2"),
        (76241, "ICD10CM:77.8"),
        (107466, "ICD10:177.4"),
    ]
    for line, _, _, value, severity in problems:
        assert severity == "skipped" or value in text[line - 1].replace("\\", "")


def test_all_of_the_symptom_ontology_is_read_or_told(shared_data: Path) -> None:
    text = (shared_data / "symptom-ontology" / "symp.obo").read_text("utf-8").splitlines(keepends=True)
    records = list(obo.read(text, "symp.obo"))
    assert Counter(node.kind for node in nodes_of(records).values()) == {"Symptom": 1020 - 125}
    assert len(edges_of(records)) == 898
    assert Counter(rule for _, _, rule, _, _ in problems_of(records)) == {"obsolete": 125, "stanza-not-held": 1}


def test_all_of_the_phenotype_ontology_is_read_or_told(shared_data: Path) -> None:
    text = gzip.decompress((shared_data / "hpo" / "hp.obo.gz").read_bytes()).decode().splitlines(keepends=True)
    records = list(obo.read(text, "hp.obo"))
    problems = Counter(rule for _, _, rule, _, _ in problems_of(records))
    assert len(nodes_of(records)) + problems["obsolete"] + problems["not-a-symptom"] == 19484
    assert [(line, value) for line, _, _, value, severity in problems_of(records) if severity == "error"] == [
        (91364, "ICD-10:26.8")
    ]


def test_each_file_is_a_part_with_its_own_version_and_licence() -> None:
    files = [table("a.obo", HEAD + ASTHMA), table("b.obo", "[Term]\nid: SYMP:1\nname: cough\n")]
    parts = obo.FORMAT.plan({"ontologies": files})
    assert [(part.source, part.version, part.licence) for part in parts] == [
        ("disease-ontology", "2026-07-31", "CC BY 3.0"),
        ("symptom-ontology", "undated", "CC0-1.0"),
    ]


def test_links_of_the_phenotype_ontology_are_counted(shared_data: Path) -> None:
    told = read_all(obo.FORMAT, ontologies=Opened(shared_data / "hpo" / "hp.obo.gz"))
    assert counts(told) == ({"Symptom": 18386}, {"IS_A": 22718}, {"replaced": 4088, "xref": 12797})

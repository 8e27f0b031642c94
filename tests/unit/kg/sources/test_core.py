"""The core graph is whole, and a fault in its tables is named with its place and a remedy."""

from __future__ import annotations

import csv
import random
from collections import Counter, defaultdict
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.sources.core import FORMAT, TABLES, read
from kg.sources.records import Found, Place, Problem, Record
from kg.values import Edge, Node
from tests.unit.kg.sources.reading_formats import slots_of, told
from tests.unit.kg.sources.text_in_memory import InMemory

SMALL = {
    "icd10.csv": [
        "code,level,parent,name_en,name_ru",
        "X,chapter,,breathing,дыхание",
        "J20-J22,block,X,lower airways,нижние пути",
        "J20,category,J20-J22,bronchi,бронхи",
    ],
    "diseases.csv": [
        "id,icd10,name_en,name_ru,synonyms_en,synonyms_ru,sex,age_min,age_max,prior",
        "MKG:a,J20,bronchitis,бронхит,chest cold,,,,,0.04",
        "MKG:b,J20,asthma,астма,,,female,14,50,",
    ],
    "symptoms.csv": [
        "id,name_en,name_ru,synonyms_en,synonyms_ru",
        "MESH:D003371,cough,кашель,coughing;coughs,кашля",
        "MKG:s2,fever,жар,,",
        "MKG:s3,chills,озноб,,",
        "MKG:s4,wheezing,хрипы,,",
        "MKG:s5,pain,боль,,",
        "MKG:s6,fatigue,усталость,,",
    ],
    "drug_classes.csv": [
        "id,name_en,name_ru,parent",
        "ATC:R,breathing,дыхание,",
        "ATC:R05,cough,кашель,ATC:R",
        "ATC:R05C,expectorants,отхаркивающие,ATC:R05",
        "ATC:R05CB,mucolytics,муколитики,ATC:R05C",
    ],
    "drugs.csv": ["id,atc,name_en,name_ru,synonyms_en,synonyms_ru", "ATC:R05CB06,R05CB06,ambroxol,амброксол,,"],
    "side_effects.csv": ["id,name_en,name_ru", "MKG:e1,nausea,тошнота"],
    "disease_symptoms.csv": [
        "disease,symptom,weight",
        *(
            f"{d},{s},0.5"
            for d in ("bronchitis", "asthma")
            for s in ("cough", "fever", "chills", "wheezing", "pain", "fatigue")
        ),
    ],
    "disease_drugs.csv": ["disease,drug,purpose", "bronchitis,ambroxol,symptomatic"],
    "contraindications.csv": ["drug,disease,reason", "ambroxol,asthma,may irritate"],
    "drug_side_effects.csv": ["drug,side_effect,frequency", "ambroxol,nausea,0.03"],
    "resembling.csv": ["disease,other,score,sign", "bronchitis,asthma,0.5,attacks point to asthma"],
}


def shipped() -> dict[str, list[str]]:
    folder = files("kg.core")
    return {name: (folder / name).read_text("utf-8").splitlines(keepends=True) for name in TABLES}


def problems(records: list[Record]) -> list[Problem]:
    return [record for record in records if isinstance(record, Problem)]


def faults(table: str, *more: str, instead: list[str] | None = None) -> list[Problem]:
    """The problems of the small graph with rows added to one table, or with other lines instead."""
    lines = instead if instead is not None else [*SMALL[table], *more]
    return problems(list(read(SMALL | {table: lines}, "1")))


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return list(read(shipped(), "1"))


@pytest.fixture(scope="module")
def nodes(records: list[Record]) -> dict[str, Node]:
    return {r.record.id: r.record for r in records if isinstance(r, Found) and isinstance(r.record, Node)}


@pytest.fixture(scope="module")
def edges(records: list[Record]) -> dict[str, list[Edge]]:
    found: dict[str, list[Edge]] = defaultdict(list)
    for record in records:
        if isinstance(record, Found) and isinstance(record.record, Edge):
            found[record.record.kind].append(record.record)
    return found


def of_kind(nodes: dict[str, Node], kind: str) -> list[Node]:
    return [node for node in nodes.values() if node.kind == kind]


# The tables that ship


def test_the_shipped_tables_have_no_fault(records: list[Record]) -> None:
    assert problems(records) == []


def test_a_disease_is_coded_by_categories_alone(nodes: dict[str, Node], edges: dict[str, list[Edge]]) -> None:
    assert {nodes[edge.end].properties["level"] for edge in edges["CODED_AS"]} == {"category"}


def test_a_category_lies_in_a_block_and_a_block_in_a_chapter(
    nodes: dict[str, Node], edges: dict[str, list[Edge]]
) -> None:
    parents = {edge.start: edge.end for edge in edges["PART_OF"]}
    levels = {"category": "block", "block": "chapter"}
    for code in of_kind(nodes, "IcdCode"):
        level = code.properties["level"]
        assert (level == "chapter") == (code.id not in parents)
        if level in levels:
            assert nodes[parents[code.id]].properties["level"] == levels[level]


def test_no_disease_is_buried_in_symptoms_or_drugs(edges: dict[str, list[Edge]]) -> None:
    assert max(Counter(edge.start for edge in edges["HAS_SYMPTOM"]).values()) <= 12
    assert max(Counter(edge.end for edge in edges["TREATS"]).values()) <= 5


def test_every_drug_is_in_the_class_that_its_code_begins_with(
    nodes: dict[str, Node], edges: dict[str, list[Edge]]
) -> None:
    classes = {edge.start: edge.end for edge in edges["IN_CLASS"]}
    for drug in of_kind(nodes, "Drug"):
        assert classes[drug.id] == f"ATC:{drug.properties['atc'][:5]}"


def test_every_drug_is_given_in_a_told_dose(edges: dict[str, list[Edge]]) -> None:
    assert all(edge.evidence[0].claims["dose"] for edge in edges["TREATS"])


def test_no_edge_dangles_and_no_symptom_stands_alone(nodes: dict[str, Node], edges: dict[str, list[Edge]]) -> None:
    every = [edge for group in edges.values() for edge in group]
    assert {end for edge in every for end in (edge.start, edge.end)} == set(nodes)


def test_the_codes_reach_over_the_chapters(nodes: dict[str, Node], edges: dict[str, list[Edge]]) -> None:
    assert len({edge.end for edge in edges["PART_OF"] if nodes[edge.end].properties["level"] == "chapter"}) >= 15


def test_everything_has_a_name_in_both_languages_and_russian_in_its_letters(nodes: dict[str, Node]) -> None:
    for node in nodes.values():
        assert node.names["en"].isascii(), node.id
        assert any("а" <= letter <= "я" for letter in node.names["ru"].lower()), node.id
        assert "ё" not in "".join((node.names["ru"], *node.synonyms.get("ru", ()))).lower(), node.id


def test_every_symptom_has_two_to_five_synonyms_in_both_languages(nodes: dict[str, Node]) -> None:
    for symptom in of_kind(nodes, "Symptom"):
        for language in ("en", "ru"):
            assert 2 <= len(symptom.synonyms[language]) <= 5, symptom.names["en"]


@pytest.mark.parametrize(
    ("code", "sex", "youngest", "oldest"),
    [("N40", "male", 40, None), ("N80", "female", 12, 55), ("N95", "female", 40, 65), ("O14", "female", 14, 50)],
)
def test_sex_and_age_limits_stand_where_they_matter(
    nodes: dict[str, Node], edges: dict[str, list[Edge]], code: str, sex: str, youngest: int, oldest: int | None
) -> None:
    (disease,) = (nodes[edge.start] for edge in edges["CODED_AS"] if edge.end == f"ICD10:{code}")
    properties = disease.properties
    assert (properties["sex"], properties["age_min"], properties.get("age_max")) == (sex, youngest, oldest)


def test_breast_cancer_is_left_to_both_sexes(nodes: dict[str, Node]) -> None:
    assert "sex" not in nodes["DOID:1612"].properties


def test_known_dangers_are_told(nodes: dict[str, Node], edges: dict[str, list[Edge]]) -> None:
    told = {(nodes[e.start].names["en"], nodes[e.end].names["en"]) for e in edges["CONTRAINDICATED_FOR"]}
    assert {
        ("propranolol", "asthma"),
        ("ibuprofen", "gastric ulcer"),
        ("metoclopramide", "Parkinson's disease"),
        ("lisinopril", "pre-eclampsia"),
        ("estradiol", "breast cancer"),
    } <= told


def test_no_drug_is_given_for_a_disease_in_which_it_is_told_to_be_dangerous(edges: dict[str, list[Edge]]) -> None:
    given = {(edge.start, edge.end) for edge in edges["TREATS"]}
    assert not given & {(edge.start, edge.end) for edge in edges["CONTRAINDICATED_FOR"]}


def test_the_evidence_names_the_table_and_says_that_nobody_reviewed_it(edges: dict[str, list[Edge]]) -> None:
    for edge in (edge for group in edges.values() for edge in group):
        (evidence,) = edge.evidence
        assert (evidence.source, evidence.version, evidence.licence) == ("mkg-core", "1", "Apache-2.0")
        assert evidence.reference in {f"kg/core/{name}" for name in TABLES}
        assert "not clinically reviewed" in evidence.asserted_by


def test_the_files_are_plain_csv_in_their_order() -> None:
    def ordered(name: str, *by: str) -> bool:
        rows = list(csv.DictReader(shipped()[name]))
        keys = [tuple(-float(row[c[1:]]) if c[0] == "-" else row[c].casefold() for c in by) for row in rows]
        return keys == sorted(keys)

    for name in TABLES:
        raw = (files("kg.core") / name).read_bytes()
        assert b"\r" not in raw
        assert raw.endswith(b"\n")
    assert ordered("diseases.csv", "icd10")
    assert ordered("drug_classes.csv", "id")
    assert all(ordered(name, "name_en") for name in ("symptoms.csv", "drugs.csv", "side_effects.csv"))
    assert ordered("disease_symptoms.csv", "disease", "-weight", "symptom")
    assert ordered("disease_drugs.csv", "disease", "purpose", "drug")
    assert ordered("contraindications.csv", "drug", "disease")
    assert ordered("drug_side_effects.csv", "drug", "-frequency", "side_effect")
    assert ordered("resembling.csv", "disease", "-score", "other")


def test_the_readme_names_every_table_and_column() -> None:
    text = (files("kg.core") / "README.md").read_text("utf-8")
    assert "Ours, in our words; not clinically reviewed. Not for care of patients." in text
    for name, lines in shipped().items():
        (row,) = (line for line in text.splitlines() if line.startswith(f"| `{name}`"))
        assert all(f"`{column}`" in row for column in lines[0].strip().split(","))


# The reader


def test_nodes_come_before_edges() -> None:
    kinds = [type(record.record) for record in read(SMALL, "1") if isinstance(record, Found)]
    assert kinds == sorted(kinds, key=lambda kind: kind is Edge)


def test_the_small_graph_has_no_fault_and_every_kind_of_edge() -> None:
    found = list(read(SMALL, "1"))
    assert problems(found) == []
    kinds = {record.record.kind for record in found if isinstance(record, Found)}
    assert {
        "HAS_SYMPTOM",
        "TREATS",
        "CONTRAINDICATED_FOR",
        "CAUSES",
        "IN_CLASS",
        "RESEMBLES",
        "CODED_AS",
        "PART_OF",
    } <= kinds


def test_a_row_is_read_into_names_synonyms_properties_and_place() -> None:
    found = {r.record.id: r for r in read(SMALL, "1") if isinstance(r, Found)}
    asthma, cough = found["MKG:b"].record, found["MESH:D003371"].record
    assert isinstance(asthma, Node)
    assert isinstance(cough, Node)
    assert asthma.properties == {"sex": "female", "age_min": 14, "age_max": 50}
    assert cough.names == {"en": "cough", "ru": "кашель"}
    assert cough.synonyms == {"en": ("coughing", "coughs"), "ru": ("кашля",)}
    assert found["MKG:b"].place == Place("diseases.csv", 3)


@pytest.mark.parametrize(
    ("kind", "claims"),
    [
        ("HAS_SYMPTOM", {"weight": 0.5}),
        ("TREATS", {"purpose": "symptomatic"}),
        ("CONTRAINDICATED_FOR", {"reason": "may irritate"}),
        ("CAUSES", {"frequency": 0.03}),
        ("RESEMBLES", {"score": 0.5, "sign": "attacks point to asthma"}),
    ],
)
def test_the_columns_of_a_relation_are_what_the_evidence_claims(kind: str, claims: dict[str, object]) -> None:
    found = [r.record for r in read(SMALL, "1") if isinstance(r, Found) and r.record.kind == kind]
    edge = found[0]
    assert isinstance(edge, Edge)
    assert edge.evidence[0].claims == claims


def test_a_disease_may_have_several_codes() -> None:
    codes = [*SMALL["icd10.csv"], "J21,category,J20-J22,bronchioles,бронхиолы"]
    diseases = [line.replace(",J20,", ",J20; J21,") for line in SMALL["diseases.csv"]]
    found = list(read(SMALL | {"icd10.csv": codes, "diseases.csv": diseases}, "1"))
    assert problems(found) == []
    assert sum(isinstance(r, Found) and r.record.kind == "CODED_AS" for r in found) == 4


@pytest.mark.parametrize(
    ("table", "row", "rule", "column"),
    [
        ("icd10.csv", "J21,category,J30-J39,bronchioles,бронхиолы", "missing-parent", "parent"),
        ("icd10.csv", "J21,category,X,bronchioles,бронхиолы", "bad-parent", "parent"),
        ("icd10.csv", "XI,chapter,X,digestion,пищеварение", "bad-parent", "parent"),
        ("icd10.csv", "J20.1,category,J20-J22,bronchioles,бронхиолы", "bad-code", "code"),
        ("icd10.csv", "J21,subcategory,J20-J22,bronchioles,бронхиолы", "bad-level", "level"),
        ("icd10.csv", "J20,category,J20-J22,bronchioles,бронхиолы", "duplicate-id", "code"),
        ("diseases.csv", "MKG:c,J99,croup,круп,,,,,,", "unknown-code", "icd10"),
        ("diseases.csv", "MKG:c,J20-J22,croup,круп,,,,,,", "bad-icd10", "icd10"),
        ("diseases.csv", "MKG:c,J20,croup,круп,,,woman,,,", "bad-sex", "sex"),
        ("diseases.csv", "MKG:c,J20,croup,круп,,,,1.5,,", "bad-age-min", "age_min"),
        ("diseases.csv", "MKG:c,J20,croup,круп,,,,,131,", "bad-age-max", "age_max"),
        ("diseases.csv", "MKG:c,J20,croup,круп,,,,50,14,", "bad-age-min", "age_min"),
        ("diseases.csv", "MKG:c,J20,croup,круп,,,,,,2", "bad-prior", "prior"),
        ("diseases.csv", "MKG:a,J20,croup,круп,,,,,,", "duplicate-id", "id"),
        ("side_effects.csv", "MKG:s2,thirst,жажда", "duplicate-id", "id"),
        ("diseases.csv", "MKG:c,J20,Asthma,круп,,,,,,", "duplicate-name", "name_en"),
        ("diseases.csv", "MKG:c,J20,croup,круп,chest cold,,,,,", "duplicate-name", "synonyms_en"),
        ("diseases.csv", "croup,J20,croup,круп,,,,,,", "refused-by-schema", ""),
        ("diseases.csv", "MKG:c,J20,croup,круп,,,,,,", "too-few-symptoms", "name_en"),
        ("symptoms.csv", "MKG:s7,sneezing,,,", "missing-russian-name", "name_ru"),
        ("symptoms.csv", ",sneezing,чихание,,", "empty-cell", "id"),
        ("symptoms.csv", "MKG:s7,sneezing,чихание,sneezes;sneezes,", "duplicate-name", "synonyms_en"),
        ("symptoms.csv", "MKG:s7,sneezing,чихание", "wrong-cell-count", ""),
        ("symptoms.csv", 'MKG:s7,sneezing,"чих"ание,,', "not-csv", ""),
        ("drug_classes.csv", "R05D,suppressants,подавляющие,ATC:R05", "bad-class", "id"),
        ("drug_classes.csv", "ATC:R05D,suppressants,подавляющие,ATC:R", "bad-parent", "parent"),
        ("drug_classes.csv", "ATC:R06A,antihistamines,антигистаминные,ATC:R06", "missing-parent", "parent"),
        ("drugs.csv", "DRUGBANK:DB00514,R05DA09,dextromethorphan,декстрометорфан,,", "unknown-class", "atc"),
        ("drugs.csv", "DRUGBANK:DB00514,R05CB,dextromethorphan,декстрометорфан,,", "bad-atc", "atc"),
        ("disease_symptoms.csv", "bronchitis,coughh,0.5", "unknown-symptom", "symptom"),
        ("disease_symptoms.csv", "bronchitus,cough,0.5", "unknown-disease", "disease"),
        ("disease_symptoms.csv", "bronchitis,cough,0.6", "duplicate-row", "disease"),
        ("disease_drugs.csv", "asthma,ambroxole,symptomatic", "unknown-drug", "drug"),
        ("disease_drugs.csv", "asthma,ambroxol,curative", "bad-purpose", "purpose"),
        ("contraindications.csv", "ambroxol,bronchitis,", "empty-cell", "reason"),
        ("drug_side_effects.csv", "ambroxol,nausee,0.1", "unknown-side-effect", "side_effect"),
        ("drug_side_effects.csv", "ambroxol,nausea,often", "bad-frequency", "frequency"),
        ("resembling.csv", "asthma,bronchitis,0.5,the other way round", "duplicate-row", "disease"),
        ("resembling.csv", "asthma,asthma,0.5,itself", "refused-by-schema", ""),
        ("resembling.csv", "asthma,bronchitis,7,too much", "bad-score", "score"),
    ],
)
def test_a_row_that_breaks_a_rule_is_named_with_its_place(table: str, row: str, rule: str, column: str) -> None:
    (problem,) = faults(table, row)
    assert problem.place == Place(table, len(SMALL[table]) + 1, column)
    assert (problem.rule, problem.severity) == (rule, "error")
    assert problem.message
    assert problem.fix


@pytest.mark.parametrize("weight", ["0", "-0.1", "1.01", "nan", "inf", "high", "0,5"])
def test_a_weight_is_a_number_above_nought_and_at_most_one(weight: str) -> None:
    (problem,) = faults(
        "disease_symptoms.csv", instead=[*SMALL["disease_symptoms.csv"], f'bronchitis,cough,"{weight}"']
    )
    assert (problem.rule, problem.value) == ("bad-weight", weight)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    (problem,) = faults("disease_symptoms.csv", "bronchitis,weezing,0.5")
    assert problem.fix == "Did you mean wheezing?"


def test_an_unlike_name_is_answered_with_the_table_to_look_in() -> None:
    (problem,) = faults("disease_symptoms.csv", "bronchitis,zzzz,0.5")
    assert "symptoms.csv" in problem.fix


def test_a_reference_to_a_faulty_row_points_at_that_row() -> None:
    found = faults("symptoms.csv", instead=[line.replace("MKG:s2", "s2") for line in SMALL["symptoms.csv"]])
    assert [problem.rule for problem in found] == ["refused-by-schema"] + ["unknown-symptom"] * 2 + [
        "too-few-symptoms"
    ] * 2
    assert "Mend that row of symptoms.csv first." in {problem.fix for problem in found}


@pytest.mark.parametrize(
    ("header", "rules"),
    [
        ("drug,side_effect", ["missing-column"]),
        ("drug,side_effect,frequency,note", ["unknown-column"]),
        ("drug,side_effect,frequency,drug", ["duplicate-column"]),
        ("drug;side_effect;frequency", ["missing-column"] * 3 + ["unknown-column"]),
    ],
)
def test_a_wrong_header_stops_the_reading_with_line_one(header: str, rules: list[str]) -> None:
    found = list(read(SMALL | {"drug_side_effects.csv": [header, "ambroxol,nausea,0.1"]}, "1"))
    assert [problem.rule for problem in problems(found)] == rules
    assert len(found) == len(rules)
    assert {problem.place.line for problem in problems(found)} == {1}


def test_a_missing_and_an_unknown_table_are_told() -> None:
    tables = {name: lines for name, lines in SMALL.items() if name != "symptoms.csv"} | {"symptom.csv": []}
    found = problems(list(read(tables, "1")))
    assert [problem.rule for problem in found] == ["unknown-table", "missing-table"]
    assert found[0].fix == "Did you mean symptoms.csv?"


def test_a_spreadsheet_may_leave_a_mark_crlf_spaces_and_blank_rows() -> None:
    tables = {
        name: [
            "\ufeff" + lines[0] + "\r\n",
            *(line.replace(",", " ,") + "\r\n" for line in lines[1:]),
            ",,\r\n",
            "\r\n",
        ]
        for name, lines in SMALL.items()
    }
    assert [plain(record) for record in read(tables, "1")] == [plain(record) for record in read(SMALL, "1")]


def test_a_cell_over_several_lines_does_not_shift_the_line_of_the_next_row() -> None:
    (problem,) = faults("contraindications.csv", 'ambroxol,bronchitis,"dries\n', 'the airways"', "ambroxol,croup,why")
    assert problem.place == Place("contraindications.csv", 5, "disease")


def plain(record: Record) -> Node | Edge | Problem:
    return record.record if isinstance(record, Found) else record


# What is always so


def test_reading_twice_gives_the_same_records() -> None:
    assert list(read(shipped(), "1")) == list(read(shipped(), "1"))


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=True))
def test_moving_rows_changes_neither_ids_nor_evidence(shuffle: random.Random) -> None:
    def ids(tables: dict[str, list[str]]) -> set[str]:
        found = (record.record for record in read(tables, "1") if isinstance(record, Found))
        return {f"{r.id} {r.evidence[0].id_for(r.id)}" if isinstance(r, Edge) else r.id for r in found}

    moved = {name: [lines[0], *shuffle.sample(lines[1:], len(lines) - 1)] for name, lines in shipped().items()}
    assert ids(moved) == ids(shipped())


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TABLES), st.lists(st.text(alphabet='aJ2-0.5,;:"\n\r\0\ufeffж\u202e', max_size=40), max_size=4))
def test_whatever_stands_in_a_table_is_answered_and_never_raises(table: str, lines: list[str]) -> None:
    for tables in (SMALL | {table: lines}, SMALL | {table: [*SMALL[table], *lines]}):
        assert all(isinstance(record, Found | Problem) for record in read(tables, "1"))


def test_a_dose_is_claimed_where_it_is_told() -> None:
    drugs = [
        "disease,drug,purpose,dose",
        "bronchitis,ambroxol,symptomatic,30 mg three times a day",
        "asthma,ambroxol,unknown,",
    ]
    found = list(read(SMALL | {"disease_drugs.csv": drugs}, "1"))
    assert problems(found) == []
    claims = [
        record.record.evidence[0].claims
        for record in found
        if isinstance(record, Found) and isinstance(record.record, Edge) and record.record.kind == "TREATS"
    ]
    assert claims == [{"purpose": "symptomatic", "dose": "30 mg three times a day"}, {"purpose": "unknown"}]


def test_a_weight_may_be_as_small_as_a_hundredth() -> None:
    rows = [line.replace("bronchitis,cough,0.5", "bronchitis,cough,0.01") for line in SMALL["disease_symptoms.csv"]]
    assert faults("disease_symptoms.csv", instead=rows) == []


# The format


def test_the_format_has_a_slot_for_each_table_and_tells_what_the_reader_tells() -> None:
    assert tuple(slot.name for slot in FORMAT.slots) == TABLES
    texts = {name: [InMemory(name, tuple(lines))] for name, lines in SMALL.items()}
    found = told(FORMAT, texts)
    assert found.problems == []
    assert len(found.nodes) + len(found.edges) == sum(isinstance(record, Found) for record in read(SMALL, "1"))
    (part,) = FORMAT.plan(texts)
    assert (part.source, part.licence) == ("mkg-core", "Apache-2.0")


def test_a_table_is_recognised_by_its_name_and_its_header() -> None:
    for name, lines in shipped().items():
        assert slots_of(FORMAT, InMemory(name, tuple(lines))) == [name]
        assert slots_of(FORMAT, InMemory(f"my_{name}", tuple(lines))) == []
        assert slots_of(FORMAT, InMemory(name, ("a,b\n",))) == []


def test_a_table_that_is_missing_is_told_and_nothing_is_read() -> None:
    texts = {name: [InMemory(name, tuple(lines))] for name, lines in SMALL.items() if name != "drugs.csv"}
    found = told(FORMAT, texts)
    assert [(problem.rule, problem.place.file) for problem in found.problems] == [("missing-table", "drugs.csv")]
    assert found.nodes == []

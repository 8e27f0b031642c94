"""iBKH, the integrative biomedical knowledge hub: vocabularies of things, and tables of relations with 0 and 1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from kg.errors import DataError, RecordRejected
from kg.sources.cells import Cells, each, short
from kg.sources.checked import MAX_SHOWN, fault
from kg.sources.curies import LINKED, curie_in, prefix_of
from kg.sources.format import Files, Format, Head, Part, Slot
from kg.sources.icd_codes import code_node
from kg.sources.knowledge_sources import licence_of, source_name
from kg.sources.records import Record
from kg.sources.vocabularies import is_icd
from kg.values import NOTHING, Edge, Evidence, Node, Same

SOURCE: Final = "ibkh"
VERSION: Final = "undated"
LICENCE: Final = "that of each source"
_MANY: Final = re.compile(r"[|;]")


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """A table of things: its kind, the columns by which it is recognised, alone or among others, and those of ids."""

    slot: str
    meaning: str
    kind: str
    columns: tuple[str, ...]
    ids: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    exact: bool = False


@dataclass(frozen=True, slots=True)
class _Relation:
    """What a 1 in a column means: the kind of edge and its claims."""

    kind: str
    claims: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of relations: its two ends, what its columns mean, and those columns that are not held."""

    slot: str
    meaning: str
    ends: tuple[str, str]
    held: Mapping[str, _Relation]
    others: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.ends, *self.held, *self.others)


_VOCABULARIES: Final = (
    _Vocabulary(
        "diseases",
        "diseases (entity/disease_vocab.csv)",
        "Disease",
        ("primary", "name", "do_id", "icd_10", "omim_id"),
        # The codes are those that the Disease Ontology refers to, and these are of the clinical modification.
        {
            "do_id": "DOID",
            "mesh_id": "MESH",
            "umls_cui": "UMLS",
            "omim_id": "OMIM",
            "icd_10": "ICD10CM",
            "icd_9": "ICD9",
        },
    ),
    _Vocabulary(
        "symptoms",
        "symptoms (entity/symptom_vocab.csv)",
        "Symptom",
        ("primary", "name", "mesh_id", "umls_cui", "iDISK_id"),
        {"mesh_id": "MESH", "umls_cui": "UMLS"},
        exact=True,
    ),
    _Vocabulary(
        "drugs",
        "drugs (entity/drug_vocab.csv)",
        "Drug",
        ("primary", "name", "drugbank_id"),
        {"drugbank_id": "DRUGBANK", "umls_cui": "UMLS", "mesh_id": "MESH"},
    ),
    _Vocabulary(
        "side_effects",
        "side effects (entity/side_effect_vocab.csv)",
        "SideEffect",
        ("primary", "umls_cui", "name"),
        exact=True,
    ),
)
_TABLES: Final = (
    _Table(
        "disease_symptom",
        "symptoms of diseases (relation/Di_Sy_res.csv)",
        ("Disease", "Symptom"),
        {"Present": _Relation("HAS_SYMPTOM")},
    ),
    _Table(
        "drug_disease",
        "drugs for diseases (relation/D_Di_res.csv)",
        ("Drug", "Disease"),
        {
            "Treats": _Relation("TREATS", {"purpose": "disease_modifying"}),
            "Palliates": _Relation("TREATS", {"purpose": "symptomatic"}),
            "treatment/therapy (including investigatory)": _Relation("TREATS", {"purpose": "unknown"}),
            "alleviates, reduces": _Relation("TREATS", {"purpose": "symptomatic"}),
        },
        (
            *("Effect", "Associate", "Inferred_Relation", "inhibits cell growth (esp. cancers)"),
            *("biomarkers (of disease progression)", "prevents, suppresses", "role in disease pathogenesis"),
        ),
    ),
    _Table(
        "drug_side_effect",
        "side effects of drugs (relation/D_SE_res.csv)",
        ("Drug", "Side_Effect"),
        {"Cause": _Relation("CAUSES")},
    ),
    _Table(
        "disease_disease",
        "diseases and diseases (relation/Di_Di_res.csv)",
        ("Disease_1", "Disease_2"),
        {"is_a": _Relation("IS_A"), "Resemble": _Relation("RESEMBLES")},
    ),
    _Table(
        "drug_drug",
        "drugs and drugs (relation/D_D_res.csv)",
        ("Drug_1", "Drug_2"),
        {"Interaction": _Relation("INTERACTS_WITH")},
        ("Resemble",),
    ),
)


def read(files: Files) -> Iterator[Record]:
    """Yield the things with their codes and other ids, then one edge for each 1 in a table of relations."""
    codes: set[str] = set()
    for vocabulary in _VOCABULARIES:
        for text in files.get(vocabulary.slot, ()):
            yield from each(text, ",", vocabulary.columns, partial(_thing, vocabulary, codes))
    for table in _TABLES:
        for text in files.get(table.slot, ()):
            yield from each(text, ",", (*table.columns, "Source"), partial(_relations, table, text.name))


def _thing(vocabulary: _Vocabulary, codes: set[str], row: Cells) -> Iterator[Record]:
    key = row.curie("primary")
    kind = vocabulary.kind
    others: dict[str, str] = {}
    wrong: list[Record] = []
    for column, prefix in vocabulary.ids.items():
        for text in filter(None, (part.strip() for part in _MANY.split(row[column]))):
            try:
                others.setdefault(curie_in(text[:MAX_SHOWN], prefix), column)
            except RecordRejected as error:
                wrong.append(fault(row.place(column), "id-form", text, error.message, error.hint or ""))
    others.pop(key, None)
    coded = [curie for curie in others if is_icd(curie)]
    xrefs = tuple(sorted(curie for curie in others if not is_icd(curie)))
    yield row.record(Node(kind, key, {"en": row.filled("name")}, xrefs=xrefs), "name")
    yield from wrong
    for curie in xrefs:
        if prefix_of(curie) in LINKED.get(kind, ()):
            yield row.record(Same(kind, key, curie, "xref"), others[curie])
    for curie in coded:
        if curie not in codes:
            codes.add(curie)
            yield row.record(code_node(curie), others[curie])
        evidence = _evidence(SOURCE, f"{row.file} {others[curie]}", NOTHING)
        yield row.record(Edge("CODED_AS", key, curie, (evidence,)), others[curie])


def _relations(table: _Table, file: str, row: Cells) -> Iterator[Record]:
    said = [name for name in (*table.held, *table.others) if row.flag(name)]
    held = [name for name in said if name in table.held]
    if not held:
        what = f"the row says {', '.join(said)} alone" if said else "the row says nothing"
        rule = "relation-not-held" if said else "no-relation"
        column = said[0] if said else ""
        raise row.other(column, rule, what, f"Held are: {', '.join(table.held)}.")
    start, end = (row.curie(column) for column in table.ends)
    sources = [name for part in _MANY.split(row["Source"]) if (name := source_name(part))] or [SOURCE]
    for name in held:
        relation = table.held[name]
        evidence = tuple(_evidence(source, f"{file} {name}", relation.claims) for source in dict.fromkeys(sources))
        yield row.record(Edge(relation.kind, start, end, evidence), name)


def _evidence(source: str, reference: str, claims: Mapping[str, Any]) -> Evidence:
    return Evidence(
        source=source,
        version="in iBKH",
        licence=licence_of(source),
        reference=short(reference),
        asserted_by="iBKH",
        claims=claims,
    )


def _recognises(columns: Iterable[str], exact: bool = False) -> Callable[[Head], bool]:
    wanted = set(columns)
    return lambda head: wanted == set(_header(head)) if exact else wanted <= set(_header(head))


def _header(head: Head) -> tuple[str, ...]:
    # Two columns of drugs for diseases have a comma in their quoted names.
    parts = re.findall(r'"([^"]*)"|([^,"]+)', head.first_line[:4000])
    return tuple((quoted or bare).strip() for quoted, bare in parts)


def _plan(files: Files) -> Sequence[Part]:
    if not any(files.get(table.slot) for table in _TABLES) and not any(files.get(it.slot) for it in _VOCABULARIES):
        raise DataError("there is no file of iBKH", hint="Name its folders entity and relation.")
    return (Part(SOURCE, VERSION, LICENCE, partial(read, files)),)


FORMAT: Final = Format(
    name="ibkh",
    title="iBKH, vocabularies and relations",
    licence="That of each source in the column Source: Hetionet CC0, DrugBank and SIDER NonCommercial.",
    slots=(
        *(Slot(it.slot, it.meaning, _recognises(it.columns, it.exact), required=False) for it in _VOCABULARIES),
        *(Slot(it.slot, it.meaning, _recognises((*it.columns, "Source")), required=False) for it in _TABLES),
    ),
    plan=_plan,
)

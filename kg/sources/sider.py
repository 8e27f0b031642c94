"""SIDER: unwanted effects of drugs as labels tell them, how frequent they are, and what drugs are given for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from kg.sources.cells import DRUGBANK, UMLS, Cells, each, short
from kg.sources.checked import checked, fault
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.heads import first_lines, with_columns, with_header
from kg.sources.left_out import LeftOut
from kg.sources.origin import Origin
from kg.sources.records import Place, Record
from kg.sources.sider_rows import EFFECTS, FLAT, FREQUENCIES, LOWER, PUBCHEM, EffectRow, Told, effect_rows, headless
from kg.values import Edge, Evidence, Node, Same

_INDICATIONS: Final = (
    *("drugbank_id", "drugbank_name", "stitch_id_flat", "method"),
    *("meddra_type", "umls_cui_from_meddra", "meddra_name"),
)
_TERMS: Final = ("umls_cui_from_meddra", "side_effect_name")
# What the drug is given for; the others are found before it is given, or anywhere in the text.
_GIVEN_FOR: Final = "NLP_indication"
_METHODS: Final = (_GIVEN_FOR, "NLP_precondition", "text_mention")

_ORIGIN: Final = Origin("sider", "4.1", "CC BY-NC-SA 4.0", "SIDER 4.1, read from labels")


def read_effects(text: Text, told: Told) -> Iterator[Record]:
    """Yield unwanted effects and CAUSES for each drug and preferred term."""
    evidence = _ORIGIN.evidence("sider meddra_all_se")
    seen: set[tuple[str, str]] = set()
    for item in effect_rows(text, EFFECTS, told):
        if not isinstance(item, EffectRow):
            yield item
        elif (item.drug, item.effect) not in seen:
            seen.add((item.drug, item.effect))
            yield _causes(text, item.line, item.drug, item.effect, evidence)


def read_frequencies(text: Text, told: Told) -> Iterator[Record]:
    """Yield unwanted effects and CAUSES with a frequency: the mean of lower and upper bound.

    Where labels or trials differ, the frequency is the mean over the rows of this drug and effect. What was seen
    under placebo is not counted.
    """
    found: dict[tuple[str, str], tuple[int, float, int]] = {}
    for item in effect_rows(text, FREQUENCIES, told):
        if not isinstance(item, EffectRow):
            yield item
        elif item.frequency is not None:
            line, total, count = found.get((item.drug, item.effect), (item.line, 0.0, 0))
            found[item.drug, item.effect] = (line, total + item.frequency, count + 1)
    evidences: dict[float, Evidence] = {}
    for (drug, effect), (line, total, count) in found.items():
        frequency = round(total / count, 6)
        evidence = evidences.get(frequency)
        if evidence is None:
            evidence = evidences[frequency] = _ORIGIN.evidence("sider meddra_freq", {"frequency": frequency})
        yield _causes(text, line, drug, effect, evidence)


def read_terms(text: Text, told: Told) -> Iterator[Record]:
    """Yield an unwanted effect for each term that no other table has named."""

    def of(row: Cells) -> Iterator[Record]:
        effect = row.id("umls_cui_from_meddra", UMLS)
        if effect not in told.effects:
            told.effects.add(effect)
            yield row.record(Node("SideEffect", effect, {"en": row.filled("side_effect_name")}))

    yield from each(text, "\t", _TERMS, of)


def read_indications(text: Text) -> Iterator[Record]:
    """Yield drugs, diseases and TREATS of unknown purpose where the label tells an indication by a preferred term."""
    evidence = _ORIGIN.evidence("sider indications", {"purpose": "unknown"})
    left_out = LeftOut()
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        if row["method"] not in _METHODS:
            message = f"there is no method {row['method']!r}"
            raise row.refused("method", "method-unknown", message, f"Methods: {', '.join(_METHODS)}.")
        drug, disease = row.id("drugbank_id", DRUGBANK), row.id("umls_cui_from_meddra", UMLS)
        compound = FLAT.fullmatch(row["stitch_id_flat"])
        if compound is None:
            message = f"{row['stitch_id_flat']!r} is not a flat STITCH id"
            raise row.refused("stitch_id_flat", "id-form", message, "Write it like CID100002244.")
        yield from row.once(seen, "Drug", drug, "drugbank_name")
        link = Same("Drug", drug, f"{PUBCHEM}:{int(compound[1])}", "xref")
        if link.id not in seen:
            seen.add(link.id)
            yield row.record(link, "stitch_id_flat")
        if row["meddra_type"] != "PT":
            left_out.add(row.place("meddra_type"), "no-preferred-term", row["meddra_name"], LOWER)
            return
        if row["method"] != _GIVEN_FOR:
            why = "a mention on the label is no indication"
            left_out.add(row.place("method"), "no-indication", row["method"], why)
            return
        yield from row.once(seen, "Disease", disease, "meddra_name")
        edge = Edge("TREATS", drug, disease, (evidence,))
        if edge.id not in seen:
            seen.add(edge.id)
            yield row.record(edge)

    yield from each(text, "\t", _INDICATIONS, of)
    yield from left_out.told()


def _causes(text: Text, line: int, drug: str, effect: str, evidence: Evidence) -> Record:
    return checked(Edge("CAUSES", drug, effect, (evidence,)), Place(text.name, line))


def read_names(text: Text) -> Iterator[Record]:
    """Yield a drug for each flat STITCH id and its name."""
    for line, raw in enumerate(text, start=1):
        flat, _, name = raw.rstrip("\r\n").partition("\t")
        place = Place(text.name, line)
        found = FLAT.fullmatch(flat)
        if found is None:
            yield fault(
                place, "id-form", flat, f"{short(flat)!r} is not a flat STITCH id", "Write it like CID100002244."
            )
        else:
            yield checked(Node("Drug", f"{PUBCHEM}:{int(found[1])}", {"en": name.strip()}), place)


def _names_drugs(head: Head) -> bool:
    lines = [line.split("\t") for line in first_lines(head, 5)]
    return bool(lines) and all(len(cells) == 2 and FLAT.fullmatch(cells[0]) for cells in lines)


def _records(files: Files) -> Iterator[Record]:
    told = Told()
    for text in files["names"]:
        yield from read_names(text)
    for text in files["effects"]:
        yield from read_effects(text, told)
    for text in files["frequencies"]:
        yield from read_frequencies(text, told)
    for text in files["terms"]:
        yield from read_terms(text, told)
    for text in files["indications"]:
        yield from read_indications(text)


def _plan(files: Files) -> Sequence[Part]:
    return (_ORIGIN.part(partial(_records, files)),)


FORMAT: Final = Format(
    "sider",
    "SIDER 4.1: unwanted effects and indications from labels",
    "CC BY-NC-SA 4.0 (NonCommercial); uses terms of MedDRA.",
    (
        Slot("effects", "meddra_all_se.tsv, six columns without a header", headless(EFFECTS), required=False),
        Slot("frequencies", "meddra_freq.tsv, ten columns without a header", headless(FREQUENCIES), required=False),
        Slot("indications", "indications.tsv with DrugBank ids", with_columns("\t", *_INDICATIONS), required=False),
        Slot("terms", "side-effect-terms.tsv", with_header("\t", *_TERMS), required=False),
        Slot("names", "drug_names.tsv, flat STITCH id and name without a header", _names_drugs, required=False),
    ),
    _plan,
)

"""The rules that the shipped graph keeps; each is a function from the graph to what breaks it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from kg.check.core_graph import CoreGraph, claims
from kg.check.core_limits import (
    MAX_PRIOR,
    MIN_CATEGORIES,
    MIN_RESEMBLING,
    MIN_SYMPTOMS,
    PREGNANCY_AGES,
    RUMED_TOP3,
    WITHOUT_DRUGS,
    band,
    in_pregnancy,
    sex_of_category,
)
from kg.check.finding import Finding, finding
from kg.schema import LANGUAGES
from kg.values import Node

_CYRILLIC: Final = re.compile("[а-яё]", re.IGNORECASE)
_ATC: Final = re.compile(r"[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}")
_ATC_LEVEL_4: Final = 5
_SYNONYMS_FOR: Final = ("Disease", "Symptom")


def refused_rows(graph: CoreGraph) -> Iterator[Finding]:
    """Every row of the tables can be read, and what it names exists."""
    for problem in graph.problems:
        place = f"{problem.place.file}, line {problem.place.line}"
        subject = (problem.place.file, problem.rule, problem.value)
        yield finding("core-refused-row", "error", subject, f"{place}: {problem.message}", problem.fix)


def categories(graph: CoreGraph) -> Iterator[Finding]:
    """There are enough ICD-10 categories, and all that RuMedTop3 knows."""
    present = graph.categories()
    if len(present) < MIN_CATEGORIES:
        message = f"{len(present)} ICD-10 categories have a disease, at least {MIN_CATEGORIES} are promised"
        yield finding("core-few-categories", "error", "core", message, "Add diseases to kg/core/diseases.csv.")
    for code in sorted(RUMED_TOP3 - set(present)):
        message = f"no disease is coded as {code}, a category of RuMedTop3"
        yield finding("core-missing-category", "error", f"ICD10:{code}", message, "Add a disease with this code.")
    coded = {edge.start for edge in graph.of_type("CODED_AS")}
    for disease in graph.of_kind("Disease"):
        if disease.id not in coded:
            yield _about(disease, "core-no-code", "has no ICD-10 category", "Fill in icd10 in diseases.csv.")


def names(graph: CoreGraph) -> Iterator[Finding]:
    """Everything is named in both languages; diseases and symptoms have other words for it as well."""
    for node in graph.nodes.values():
        for language in LANGUAGES:
            name = node.names.get(language, "")
            if not name:
                yield _about(node, f"core-no-name-{language}", f"has no name in `{language}`", "Fill it in.")
            elif (language == "ru") != bool(_CYRILLIC.search(name)):
                what = f"is called {name!r} in `{language}`, which is not in its letters"
                yield _about(node, f"core-wrong-letters-{language}", what, "Write the name in that language.")
            if node.kind in _SYNONYMS_FOR and not node.synonyms.get(language):
                what = f"has no other word in `{language}`"
                fix = "Add what a patient would say to its synonyms."
                yield _about(node, f"core-no-synonym-{language}", what, fix)


def symptoms(graph: CoreGraph) -> Iterator[Finding]:
    """A disease has enough weighted symptoms: common, occasional and rare ones."""
    by_disease = graph.by_start("HAS_SYMPTOM")
    for disease in graph.of_kind("Disease"):
        edges = by_disease.get(disease.id, ())
        if len(edges) < MIN_SYMPTOMS:
            what = f"has {len(edges)} symptoms, at least {MIN_SYMPTOMS} are needed"
            yield _about(disease, "core-few-symptoms", what, "Add rows to disease_symptoms.csv.")
        bands = Counter(band(claims(edge)["weight"]) for edge in edges)
        for wanted in ("common", "occasional", "rare"):
            if not bands[wanted]:
                fix = "Add one to disease_symptoms.csv, or look at the weights again."
                yield _about(disease, f"core-no-{wanted}-symptom", f"has no {wanted} symptom", fix)


def treatment(graph: CoreGraph) -> Iterator[Finding]:
    """A disease has its drugs, each with purpose and dose; none of them is told to be dangerous in it."""
    drugs = graph.by_end("TREATS")
    codes = graph.by_start("CODED_AS")
    for disease in graph.of_kind("Disease"):
        own = {edge.end.partition(":")[2] for edge in codes.get(disease.id, ())}
        if disease.id not in drugs and not own & WITHOUT_DRUGS:
            yield _about(disease, "core-no-drug", "has no drug", "Add rows to disease_drugs.csv.")
    forbidden = {(edge.start, edge.end) for edge in graph.of_type("CONTRAINDICATED_FOR")}
    for edge in graph.of_type("TREATS"):
        pair = f"{graph.name(edge.start)} for {graph.name(edge.end)}"
        told = claims(edge)
        if told.get("purpose") not in ("disease_modifying", "symptomatic"):
            yield finding("core-no-purpose", "error", edge.id, f"{pair} has no purpose", "Fill it in.")
        if not told.get("dose"):
            fix = "Write a typical dose for adults in a few words."
            yield finding("core-no-dose", "error", edge.id, f"{pair} has no dose", fix)
        if (edge.start, edge.end) in forbidden:
            fix = "Take one of the two rows out."
            yield finding("core-given-and-forbidden", "error", edge.id, f"{pair} is given and told to be a danger", fix)


def drugs(graph: CoreGraph) -> Iterator[Finding]:
    """A drug has a code and a class of ATC, a use, a contraindication and an unwanted effect."""
    classes = graph.by_start("IN_CLASS")
    needed = (
        ("TREATS", "core-unused-drug", "treats nothing", "Add it to disease_drugs.csv, or take it out."),
        ("CONTRAINDICATED_FOR", "core-no-contraindication", "has no contraindication", "Add one."),
        ("CAUSES", "core-no-side-effect", "has no unwanted effect", "Add one to drug_side_effects.csv."),
    )
    edges = {type: graph.by_start(type) for type, *_ in needed}
    for drug in graph.of_kind("Drug"):
        atc = str(drug.properties.get("atc", ""))
        if not _ATC.fullmatch(atc):
            yield _about(drug, "core-no-atc", f"has the ATC code {atc!r}", "Write a code of level 5.")
        elif f"ATC:{atc[:_ATC_LEVEL_4]}" not in {edge.end for edge in classes.get(drug.id, ())}:
            yield _about(drug, "core-no-class", "is in no class of level 4", "Add its class to drug_classes.csv.")
        for type, rule, what, fix in needed:
            if drug.id not in edges[type]:
                yield _about(drug, rule, what, fix)


def resembling(graph: CoreGraph) -> Iterator[Finding]:
    """A disease has enough others that it is taken for, each with the sign that tells them apart."""
    edges = graph.of_type("RESEMBLES")
    counts = Counter(id for edge in edges for id in (edge.start, edge.end))
    for disease in graph.of_kind("Disease"):
        if counts[disease.id] < MIN_RESEMBLING:
            what = f"has {counts[disease.id]} resembling diseases, at least {MIN_RESEMBLING} are needed"
            yield _about(disease, "core-few-resembling", what, "Add rows to resembling.csv.")
    for edge in edges:
        if not claims(edge).get("sign"):
            pair = f"{graph.name(edge.start)} and {graph.name(edge.end)}"
            yield finding("core-no-sign", "error", edge.id, f"nothing tells {pair} apart", "Write the sign down.")


def patients(graph: CoreGraph) -> Iterator[Finding]:
    """Sex, ages and prior of a disease are what its category allows."""
    codes = graph.by_start("CODED_AS")
    for disease in graph.of_kind("Disease"):
        said = disease.properties
        own = [edge.end.partition(":")[2] for edge in codes.get(disease.id, ())]
        # A category of both sexes may still be told for one of them.
        sexes = {sex for code in own if (sex := sex_of_category(code))}
        if sexes and {said.get("sex")} != sexes:
            what = f"is told for {said.get('sex', 'both sexes')}, its category for {' and '.join(sorted(sexes))}"
            yield _about(disease, "core-wrong-sex", what, "Mend sex in diseases.csv.")
        youngest, oldest = said.get("age_min", 0), said.get("age_max", 130)
        if youngest > oldest:
            what = f"begins at {youngest} and ends at {oldest} years"
            yield _about(disease, "core-wrong-ages", what, "Give the youngest age first.")
        low, high = PREGNANCY_AGES
        if any(in_pregnancy(code) for code in own) and not low <= youngest <= oldest <= high:
            what = f"belongs to pregnancy but is told for {youngest} to {oldest} years"
            yield _about(disease, "core-pregnancy-ages", what, f"Keep it between {low} and {high} years.")
        if not 0 < said.get("prior", 0) <= MAX_PRIOR:
            what = f"has the prior {said.get('prior')}"
            yield _about(disease, "core-no-prior", what, f"Give a share above 0 and at most {MAX_PRIOR}.")


def dangling(graph: CoreGraph) -> Iterator[Finding]:
    """Everything is used, and every edge ends at something."""
    used: set[str] = set()
    for type in sorted(graph.edges):
        for edge in graph.of_type(type):
            used |= {edge.start, edge.end}
            for end in (edge.start, edge.end):
                if end not in graph.nodes:
                    message = f"{edge.id} ends at {end}, which is not there"
                    yield finding("core-dangling-edge", "error", edge.id, message, "Add the node or take the row out.")
    for node in graph.nodes.values():
        if node.id not in used:
            yield _about(node, "core-unused-node", "belongs to nothing", "Use it in a table or take its row out.")


RULES: Final[tuple[Callable[[CoreGraph], Iterator[Finding]], ...]] = (
    refused_rows,
    categories,
    names,
    symptoms,
    treatment,
    drugs,
    resembling,
    patients,
    dangling,
)


def _about(node: Node, rule: str, what: str, fix: str) -> Finding:
    return finding(rule, "error", node.id, f"{node.names.get('en', node.id)} {what}", fix)

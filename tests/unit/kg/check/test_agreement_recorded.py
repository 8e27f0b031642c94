"""The recorded agreement is what the shared data gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import resources
from itertools import islice
from pathlib import Path

import pytest

from kg.check.agreement import AgreementReport, agreement
from kg.check.agreement_report import rows_of_csv
from kg.check.core_graph import shipped
from kg.load.reading import text_file
from kg.sources import atc, do_tables, drugcentral, hetionet, hpoa, obo, pharmacotherapydb, sider, sssom
from kg.sources.format import Format, Head, Part, Text

FILES: tuple[tuple[Format, str], ...] = (
    (hetionet.FORMAT, "hetionet/*clinical*"),
    (do_tables.FORMAT, "disease-ontology/*.tsv"),
    (hpoa.FORMAT, "hpo/phenotype.hpoa.gz"),
    (obo.FORMAT, "hpo/hp.obo.gz"),
    (drugcentral.FORMAT, "drugcentral/*.tsv"),
    (pharmacotherapydb.FORMAT, "pharmacotherapydb/*.tsv"),
    (sider.FORMAT, "nc-sider4/sider4-*.tsv*"),
    (sssom.FORMAT, "mondo-mappings/*.tsv"),
    (atc.FORMAT, "nc-atc/*.csv"),
)


def parts(format: Format, paths: Iterable[Path]) -> Iterator[Part]:
    """What these files tell in this format, each file in the slot that recognises it."""
    files: dict[str, list[Text]] = {slot.name: [] for slot in format.slots}
    for path in paths:
        text = text_file(path)
        head = Head(path.name.lower().removesuffix(".gz"), "".join(islice(text, 100))[: 64 * 1024])
        (slot,) = (slot.name for slot in format.slots if slot.recognises(head))
        files[slot].append(text)
    yield from format.plan(files)


@pytest.fixture(scope="module")
def report(shared_data: Path) -> AgreementReport:
    every = [part for format, where in FILES for part in parts(format, sorted(shared_data.glob(where)))]
    return agreement(shipped(), every)


def test_the_recorded_numbers_are_those_of_the_shared_data(report: AgreementReport) -> None:
    recorded = resources.files("kg.check").joinpath("agreement.csv").read_text("utf-8")
    assert rows_of_csv(recorded) == report.rows


def test_no_source_denies_a_symptom_or_forbids_a_drug_of_ours(report: AgreementReport) -> None:
    assert {item.rule for item in report.disagreements} <= {
        "source-codes-otherwise",
        "source-other-atc",
        "source-gives",
    }


def test_codes_and_treatments_of_ours_are_mostly_known(report: AgreementReport) -> None:
    told = {(row.relation, row.source): row.agreement for row in report.rows}
    assert told["CODED_AS", "disease-ontology"] > 0.9
    assert told["ATC code", "atc"] > 0.95
    assert told["TREATS", "pharmacotherapydb"] > 0.8

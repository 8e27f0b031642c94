"""A bundle keeps the rules of FHIR R4 for what is in it; they are written here from the specification."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from generator.exports import Format, export_rows
from tests.unit.generator.sample_rows import changed, rows_in

Resource = dict[str, Any]

# Of each resource: the elements that R4 knows of those used, and those that it asks for.
ELEMENTS = {
    "Patient": ({"id", "meta", "text", "identifier", "gender"}, set[str]()),
    "Condition": (
        {"id", "meta", "identifier", "clinicalStatus", "verificationStatus", "category", "code", "subject"},
        {"subject"},
    ),
    "DocumentReference": (
        {"id", "meta", "identifier", "status", "docStatus", "type", "subject", "content", "context"},
        {"status", "content"},
    ),
}
CODES = {
    "gender": {"male", "female", "other", "unknown"},
    "status": {"current", "superseded", "entered-in-error"},
    "docStatus": {"preliminary", "final", "amended", "entered-in-error"},
}
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
STRING = re.compile(r"[ \r\n\t\S]+")


def bundle(rows: Path, out: Path) -> Resource:
    export_rows(rows, Format.FHIR, out, with_rejected=True)
    return json.loads(out.read_text("utf-8"))


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


def empties(value: Any) -> int:
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return (not value) + sum(empties(item) for item in inside)
    return value is None or value == ""


@pytest.fixture(scope="module")
def told(both: Path, tmp_path_factory: pytest.TempPathFactory) -> Resource:
    return bundle(both, tmp_path_factory.mktemp("fhir") / "f.json")


def test_a_bundle_is_a_collection_whose_entries_have_addresses_of_their_own(told: Resource) -> None:
    assert (told["resourceType"], told["type"]) == ("Bundle", "collection")
    addresses = [entry["fullUrl"] for entry in told["entry"]]
    assert len(addresses) == len(set(addresses)) == 3 * 40
    for entry in told["entry"]:
        assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"
        assert uuid.UUID(entry["resource"]["id"]).version == 5


def test_every_resource_has_what_it_must_and_nothing_unknown_or_empty(told: Resource) -> None:
    assert empties(told) == 0
    for resource in (entry["resource"] for entry in told["entry"]):
        known, needed = ELEMENTS[resource["resourceType"]]
        assert needed <= resource.keys() <= known | {"resourceType"}
        assert ID.fullmatch(resource["id"])
        assert all(STRING.fullmatch(text) and text.strip() for text in strings(resource))
        for name, values in CODES.items():
            assert resource.get(name) in {None, *values}
        assert resource["meta"]["security"][0]["code"] == "HTEST"


def test_references_lead_to_resources_of_the_right_kind(told: Resource) -> None:
    kinds = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in told["entry"]}
    for resource in (entry["resource"] for entry in told["entry"]):
        if "subject" in resource:
            assert kinds[resource["subject"]["reference"]] == "Patient"
        for related in resource.get("context", {}).get("related", []):
            assert kinds[related["reference"]] == "Condition"


def test_a_document_holds_the_note_and_a_condition_its_code(told: Resource, both: Path) -> None:
    rows = [row for path in sorted(both.glob("*.jsonl")) for row in rows_in(path)]
    of = {
        kind: [entry["resource"] for entry in told["entry"] if entry["resource"]["resourceType"] == kind]
        for kind in ELEMENTS
    }
    for row, patient, condition, document in zip(
        rows, of["Patient"], of["Condition"], of["DocumentReference"], strict=True
    ):
        attachment = document["content"][0]["attachment"]
        text = base64.b64decode(attachment["data"])
        assert text.decode() == row["text"]
        assert attachment["size"] == len(text)
        assert base64.b64decode(attachment["hash"]) == hashlib.sha1(text).digest()
        assert attachment["language"] == row["language"]
        assert document["identifier"][0]["value"] == row["id"]
        assert patient["gender"] == row["patient"]["sex"]
        assert str(row["patient"]["age"]) in patient["text"]["div"]
        assert condition["code"]["coding"][0] == {"system": "http://hl7.org/fhir/sid/icd-10", "code": row["icd10"]}
        assert condition["identifier"][0]["value"] == row["facts"][0]["edge_id"]


def test_the_two_code_systems_are_told_apart_and_a_note_may_have_no_code_and_no_text(
    rows: Path, tmp_path: Path
) -> None:
    def change(number: int, row: dict[str, Any]) -> None:
        if number == 0:
            row["icd10"], row["facts"][0]["edge_id"] = "J20.9", "DOID:1/CODED_AS/ICD10CM:J20.9"
        elif number == 1:
            row["icd10"] = row["facts"][0]["edge_id"] = None
        elif number == 2:
            row["text"] = ""
            row["check"].update(spans={}, invented=[], violations=[])
        row["patient"]["sex"] = "<b>unknown</b>" if number == 3 else row["patient"]["sex"]

    told = bundle(changed(rows, tmp_path / "mine.jsonl", change), tmp_path / "f.json")
    assert empties(told) == 0
    conditions = [e["resource"] for e in told["entry"] if e["resource"]["resourceType"] == "Condition"]
    assert conditions[0]["code"]["coding"][0] == {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "J20.9"}
    assert [coding["system"] for coding in conditions[1]["code"]["coding"]] == ["urn:mkg:node"]
    documents = [e["resource"] for e in told["entry"] if e["resource"]["resourceType"] == "DocumentReference"]
    assert "data" not in documents[2]["content"][0]["attachment"]
    patients = [e["resource"] for e in told["entry"] if e["resource"]["resourceType"] == "Patient"]
    assert patients[3]["gender"] == "unknown"
    assert "<b>" not in patients[3]["text"]["div"]

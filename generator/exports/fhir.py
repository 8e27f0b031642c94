"""Notes as one FHIR R4 bundle: a patient, a condition and a document for each, marked as test data."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

import orjson

from generator.exports.note import Note

# Ids follow from the row's id alone, so the same rows give the same bundle.
_SPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:mkg:note")
_ROWS: Final = "urn:mkg:row"
_EDGES: Final = "urn:mkg:edge"
_NODES: Final = "urn:mkg:node"

_ICD: Final[Mapping[str, str]] = {
    "ICD10": "http://hl7.org/fhir/sid/icd-10",
    "ICD10CM": "http://hl7.org/fhir/sid/icd-10-cm",
}
_SEXES: Final = ("male", "female")

# HL7's own mark for data that are of no person.
_TEST_DATA: Final = {
    "security": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
            "code": "HTEST",
            "display": "test health data",
        }
    ]
}


def resources_of(note: Note) -> Iterator[dict[str, Any]]:
    """Yield the entries of a note. The patient has no birth date: an age at an unknown time does not give one."""
    patient, condition, document = (f"urn:uuid:{_id(note, kind)}" for kind in ("Patient", "Condition", "Document"))
    person = f"{note.patient.age}, {note.patient.sex}; invented, not a person"
    yield _entry(
        patient,
        {
            "resourceType": "Patient",
            "meta": _TEST_DATA,
            "text": _narrative(person),
            "identifier": [{"system": _ROWS, "value": f"{note.id}/patient"}],
            "gender": note.patient.sex if note.patient.sex in _SEXES else "unknown",
        },
    )
    yield _entry(
        condition,
        {
            "resourceType": "Condition",
            "meta": _TEST_DATA,
            "identifier": [{"system": _EDGES, "value": edge} for edge in _diagnosis_edges(note)]
            or [{"system": _ROWS, "value": f"{note.id}/condition"}],
            "clinicalStatus": _coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
            "verificationStatus": _coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed"),
            "category": [
                _coded("http://terminology.hl7.org/CodeSystem/condition-category", "encounter-diagnosis"),
            ],
            "code": {"coding": _codings(note), "text": _diagnosis(note)},
            "subject": {"reference": patient},
        },
    )
    yield _entry(
        document,
        {
            "resourceType": "DocumentReference",
            "meta": _TEST_DATA,
            "identifier": [{"system": _ROWS, "value": note.id}],
            "status": "current",
            "docStatus": "preliminary",
            "type": {"text": "Clinical note, machine-written, not clinically reviewed"},
            "subject": {"reference": patient},
            "content": [{"attachment": _attachment(note)}],
            "context": {"related": [{"reference": condition}]},
        },
    )


def write_fhir(notes: Iterable[Note], out: Path) -> None:
    """Write one Bundle of type `collection`, an entry a line."""
    with out.open("wb") as file:
        file.write(b'{"resourceType":"Bundle","type":"collection","meta":' + orjson.dumps(_TEST_DATA))
        begun = False
        for note in notes:
            for entry in resources_of(note):
                # FHIR knows no empty arrays, so the array begins with its first item.
                file.write(b",\n" if begun else b',"entry":[\n')
                file.write(orjson.dumps(entry))
                begun = True
        file.write(b"\n]}\n" if begun else b"}\n")


def _id(note: Note, kind: str) -> str:
    return str(uuid.uuid5(_SPACE, f"{note.id}/{kind}"))


def _entry(address: str, resource: dict[str, Any]) -> dict[str, Any]:
    return {"fullUrl": address, "resource": {**resource, "id": address.removeprefix("urn:uuid:")}}


def _narrative(text: str) -> dict[str, str]:
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{escape(text)}</div>'}


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _attachment(note: Note) -> dict[str, Any]:
    told: dict[str, Any] = {"contentType": "text/plain; charset=utf-8", "language": note.language}
    if content := note.text.encode():
        # FHIR R4 has no other hash than SHA-1 here; it finds damage, it proves nothing.
        digest = hashlib.sha1(content, usedforsecurity=False).digest()
        told |= {"data": _base64(content), "size": len(content), "hash": _base64(digest)}
    return told


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _diagnosis_edges(note: Note) -> list[str]:
    return [fact.edge_id for fact in note.facts if fact.kind == "diagnosis" and fact.edge_id]


def _diagnosis(note: Note) -> str:
    return next((fact.text for fact in note.facts if fact.kind == "diagnosis"), note.disease_id)


def _codings(note: Note) -> list[dict[str, str]]:
    codings = [{"system": _NODES, "code": note.disease_id}]
    if note.icd10:
        # The edge tells which of the two systems the code is of; they are never mixed.
        ends = [edge.rpartition("/")[2].partition(":")[0] for edge in _diagnosis_edges(note)]
        system = next((_ICD[name] for name in ends if name in _ICD), _ICD["ICD10"])
        codings.insert(0, {"system": system, "code": note.icd10})
    return codings

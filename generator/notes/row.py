"""A note as a row: the text, what it was made from, in which step it came about, and what the check says of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from generator.checking.report import CheckReport
from generator.examples import SOURCE, Example
from generator.facts import Fact, FactSheet
from generator.model import Model
from generator.notes.attempts import Attempt, Kept
from generator.notes.prepare import Prepared
from generator.runs.part import Row


@dataclass(frozen=True, slots=True)
class Written:
    """What came of one row: all attempts, and what is kept of them."""

    index: int
    ready: Prepared
    attempts: Sequence[Attempt]
    kept: Kept


def row_of(model: Model, written: Written) -> Row:
    """Return the row; its id follows from all its content."""
    ready, kept = written.ready, written.kept
    recipe = ready.recipe
    sheet, best = ready.sheet, kept.best
    mended = next((attempt.asked.mend for attempt in written.attempts if attempt.asked.mend is not None), None)
    row = {
        "index": written.index,
        "icd10": sheet.icd10,
        "disease_id": sheet.disease_id,
        "language": recipe.language,
        "text": kept.text,
        "status": kept.status,
        "step": kept.step,
        "reason": kept.report.reason(),
        "completed": list(kept.completed),
        "respelt": [item.as_row() for item in best.respelt],
        "patient": _patient(ready),
        "facts": _facts(sheet, kept.report),
        "details": [{"aspect": detail.aspect, "text": detail.text} for detail in ready.details],
        "dropped": [fact.text for fact in sheet.dropped],
        "hidden": recipe.hidden,
        "withheld": [{"kind": f.kind, "text": f.text, "edge_id": f.edge_id} for f in sheet.withheld],
        "check": kept.report.as_row(),
        "model_check": best.report.as_row(),
        "question": dict(ready.questions),
        "recipe": recipe.label,
        "recipe_hash": recipe.hash,
        "model": model.name,
        "model_fingerprint": model.fingerprint,
        "seed": ready.seed,
        "attempts": len(written.attempts),
        "attempt": best.asked.number,
        "prompt": [{"role": message.role, "content": message.content} for message in ready.prompt.messages],
        "prior": _prior(sheet.facts, ready.examples),
        "example": bool(ready.examples),
        "example_ids": [example.id for example in ready.examples],
        "example_source": SOURCE if ready.examples else None,
        "response": best.response,
        "mend": mended,
        "symptoms": [fact.name for fact in sheet.facts if fact.kind == "symptom"],
        "graph_release": ready.release,
    }
    content = orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
    return {"id": f"NOTE:{hashlib.sha256(content).hexdigest()[:24]}", **row}


def counts_of(row: Row) -> dict[str, int]:
    """Return what a row adds to the figures of a run."""
    check, by_model = row["check"], row["model_check"]
    return {
        "passed": int(check["passed"]),
        f"status {row['status']}": 1,
        f"step {row['step']}": 1,
        "facts": len(row["facts"]),
        "told": len(check["told"]),
        "told_by_model": len(by_model["told"]),
        "invented": len(check["invented"]),
        "respelt": len(row["respelt"]),
        "contradicted": len(check["contradicted"]),
        "attempts": row["attempts"],
    }


def _patient(ready: Prepared) -> Row:
    patient = ready.patient
    told: Row = {"age": patient.age, "sex": patient.sex}
    if ready.patient_id is not None:
        told |= {
            "id": ready.patient_id,
            "pregnant": patient.pregnant,
            "smoker": patient.smoker,
            "marital_state": patient.marital_state,
        }
    return told


def _facts(sheet: FactSheet, report: CheckReport) -> list[Row]:
    told = {item.fact_id for item in report.told}
    return [
        {
            "id": f.id,
            "kind": f.kind,
            "text": f.text,
            "edge_id": f.edge_id,
            "evidence_ids": list(f.evidence_ids),
            "term_ids": list(f.term_ids),
            "told": f.id in told,
        }
        for f in sheet.facts
    ]


def _prior(facts: Sequence[Fact], examples: Sequence[Example]) -> str:
    given = "symptoms" if any(fact.kind == "symptom" for fact in facts) else "code"
    return f"{given} and example" if examples else given

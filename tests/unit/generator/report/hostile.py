"""Rows in which every text tries to be more than a text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.unit.generator.sample_rows import changed

HOSTILE = (
    "<script>alert(1)</script>",
    "\" onmouseover='alert(1)' x=\"",
    "'><img src=x onerror=alert(1)>",
    "</style></title><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}{# #}",
    "]]><!--",
    "&lt;b&gt;\u202e\u0000\u0007",
)


def spoilt(rows: Path, out: Path) -> Path:
    """Put hostile text into every text of every row, but where the check's places need the note as it is."""

    def put(value: Any, number: int) -> Any:
        if isinstance(value, dict):
            return {key: put(item, number + at) for at, (key, item) in enumerate(value.items())}
        if isinstance(value, list):
            return [put(item, number + at) for at, item in enumerate(value)]
        return HOSTILE[number % len(HOSTILE)] if isinstance(value, str) else value

    def spoil(number: int, row: dict[str, Any]) -> None:
        for name, value in list(row.items()):
            if name not in ("check", "model_check", "facts", "prompt"):
                row[name] = put(value, number)
        row["id"] = f"{HOSTILE[number % len(HOSTILE)]}{number}"
        row["text"] = f"{HOSTILE[number % len(HOSTILE)]} and more of it {number}"
        row["status"] = "rejected" if number % 3 == 0 else row["status"]
        for fact in row["facts"]:
            fact.update(kind=HOSTILE[number % 5], text=HOSTILE[1], edge_id=HOSTILE[2], evidence_ids=[HOSTILE[0]])
            fact["id"] += HOSTILE[1]
        ids = [fact["id"] for fact in row["facts"]]
        place = {"said": HOSTILE[0], "start": 0, "end": 9, "rule": HOSTILE[1]}
        row["check"].update(told=ids[:1], missed=ids[1:], contradicted=[], spans={ids[0]: [2, 12]}, passed=True)
        row["check"].update(invented=[place], violations=[place])
        row["prompt"] = [{"role": "assistant", "content": HOSTILE[number % len(HOSTILE)] * 20}]

    return changed(rows, out, spoil)

"""What makes two patients alike."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from generator.jsonl import Row


def content_of(row: Row) -> str:
    """Return a hash of all that a prompt could be made of: two patients with the same one would read alike.

    These are age, sex, pregnancy, diseases, symptoms, drugs and unwanted effects. Location, marital state,
    smoking and ethnic group are left out, so two patients always differ in more than these.
    """
    patient: dict[str, Any] = row["patient"]
    told = [
        patient["age"],
        patient["sex"],
        patient["pregnant"],
        [item["id"] for item in row["diseases"]],
        *(sorted({item["id"] for item in row[kind]}) for kind in ("symptoms", "drugs", "side_effects")),
    ]
    return hashlib.sha256(orjson.dumps(told)).hexdigest()[:32]  # 128 bits: kept in memory for every row

"""Runs of notes over the hand-written graph."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from generator.notes import Summary, Target, write_notes
from generator.notes.order import order_of_codes
from generator.recipe import find_recipe
from tests.unit.generator.hand_graph import HandGraph
from tests.unit.generator.scribe import Scribe

Written = Callable[..., Awaitable[tuple[Summary, list[dict[str, Any]]]]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write notes and return the summary and the rows."""

    async def write(
        model: Scribe,
        parts: tuple[tuple[str, int], ...] = (("J20", 1),),
        recipe: str = "outpatient-en",
        name: str = "notes.jsonl",
        **also: Any,
    ) -> tuple[Summary, list[dict[str, Any]]]:
        graph = also.pop("graph", None) or HandGraph()
        target = Target(tmp_path / name, also.pop("per_shard", None), also.pop("overwrite", False))
        cooked = also.pop("cooked", None) or find_recipe(recipe)
        order = await order_of_codes(graph, parts, share_out=also.pop("share_out", False))
        summary = await write_notes(graph, model, cooked, order, 7, target, **also)
        files = sorted(target.out.glob("*.jsonl")) if target.per_shard else [target.out]
        lines = [line for path in files if path.exists() for line in path.read_text("utf-8").splitlines()]
        return summary, [json.loads(line) for line in lines]

    return write

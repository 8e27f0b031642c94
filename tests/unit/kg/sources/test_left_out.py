from __future__ import annotations

from kg.sources.left_out import LeftOut
from kg.sources.records import Place


def test_rows_left_out_are_told_once_for_each_reason_with_their_number() -> None:
    left_out = LeftOut()
    for line in range(2, 1236):
        left_out.add(Place("t", line), "why", str(line), "not kept")
    left_out.add(Place("t", 9), "other", "x", "not kept either")
    assert [(problem.rule, problem.place.line, problem.message, problem.severity) for problem in left_out.told()] == [
        ("why", 2, "not kept (1,234 rows, this is the first)", "skipped"),
        ("other", 9, "not kept either (1 row)", "skipped"),
    ]

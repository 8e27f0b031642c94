"""The rules as a table, and circles in the whole graph."""

from __future__ import annotations

import re

import pytest

from kg.check.graph import ALL_RULES, circles
from kg.check.rules import RULES
from kg.statements import text_of


def test_a_circle_is_one_finding_that_names_the_way_round() -> None:
    (found,) = circles({"IS_A": [("D:1", "D:2"), ("D:2", "D:3"), ("D:3", "D:1"), ("D:4", "D:1")], "PART_OF": []})

    assert (found.rule, found.severity, found.subject) == ("cycle", "error", ("D:3/IS_A/D:1",))
    assert "D:3 → D:1 → D:2 → D:3" in found.message


def test_a_tree_and_a_lattice_have_no_circle() -> None:
    assert circles({"IS_A": [("D:1", "D:2"), ("D:1", "D:3"), ("D:2", "D:4"), ("D:3", "D:4")]}) == []


def test_a_long_circle_is_told_short() -> None:
    ring = [(f"D:{number}", f"D:{(number + 1) % 1000}") for number in range(1000)]

    (found,) = circles({"PART_OF": ring})

    assert "…" in found.message
    assert len(found.message) < 200


def test_each_rule_has_a_name_of_its_own() -> None:
    names = [name for name, _, _ in ALL_RULES]

    assert len(set(names)) == len(names) == len(RULES) + 2


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_hands_its_statement_every_parameter_and_lists_no_more_than_the_limit(rule: object) -> None:
    (known,) = [item for item in RULES if item is rule]
    parameters = set(re.findall(r"\$(\w+)", text_of(known.statement)))

    assert parameters - {"shown"} == {"limit", *known.values}

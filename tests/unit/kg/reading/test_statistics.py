"""Degrees are put into buckets that double, and each statement counts in one place."""

from __future__ import annotations

import pytest

from kg.reading.statistics import Bucket, degrees, degrees_of
from kg.schema import ROLE_BY_NAME, ROLES, Role


def test_buckets_double_up_to_the_largest_degree() -> None:
    found = degrees_of([{"degree": degree, "nodes": nodes} for degree, nodes in ((0, 5), (1, 2), (3, 1), (9, 4))])
    assert found.buckets == (
        Bucket(0, 0, 5), Bucket(1, 1, 2), Bucket(2, 2, 0), Bucket(3, 4, 1), Bucket(5, 8, 0), Bucket(9, 16, 4),
    )  # fmt: skip
    assert (found.nodes, found.edges, found.most) == (12, 41, 9)


def test_without_nodes_there_is_one_empty_bucket() -> None:
    assert degrees_of([]).buckets == (Bucket(0, 0, 0),)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: f"{role.start}.{role.name}")
def test_the_kind_at_the_end_is_asked_for_only_where_there_are_several(role: Role) -> None:
    text = degrees(role).text
    assert f"(a:{role.start})" in text
    assert (f"(:{role.end})" in text) == (role.edge == "IS_A" or role == ROLE_BY_NAME["DrugClass", "subclasses"]
                                          or role == ROLE_BY_NAME["DrugClass", "drugs"])  # fmt: skip

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.load.cycles import closing_edges


def test_a_tree_has_no_closing_edge() -> None:
    assert not list(closing_edges([("b", "a"), ("c", "a"), ("d", "b"), ("d", "c")]))


def test_the_edge_that_closes_a_circle_is_told_with_the_circle() -> None:
    edges = [("a", "b"), ("x", "a"), ("b", "c"), ("c", "a")]
    assert list(closing_edges(edges)) == [(3, ("c", "a", "b", "c"))]


def test_each_of_two_circles_is_told_once() -> None:
    edges = [("a", "b"), ("b", "a"), ("b", "c"), ("c", "b"), ("d", "a")]
    assert [at for at, _ in closing_edges(edges)] == [1, 3]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] != pair[1]), max_size=25))
def test_without_the_closing_edges_no_circle_is_left(pairs: list[tuple[int, int]]) -> None:
    edges = [(str(start), str(end)) for start, end in dict.fromkeys(pairs)]
    closing = {at for at, _ in closing_edges(edges)}
    kept = [edge for at, edge in enumerate(edges) if at not in closing]
    assert not list(closing_edges(kept))
    # Removing sources again and again empties a graph without circles.
    while kept:
        starts = {start for start, _ in kept} - {end for _, end in kept}
        assert starts
        kept = [edge for edge in kept if edge[0] not in starts]

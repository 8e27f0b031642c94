"""Finds the edges that close a circle, in the order in which edges are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def closing_edges(edges: Sequence[tuple[str, str]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the position of each edge that closes a circle of earlier ones, and the circle from its start back to it.

    An edge that does is left out of what follows, so that one wrong edge is told once.
    """
    onwards: dict[str, list[tuple[int, str]]] = {}
    for at, (start, end) in enumerate(edges):
        onwards.setdefault(start, []).append((at, end))
    suspects = _in_circles(edges, onwards)
    taken: dict[str, list[str]] = {}
    for at in suspects:
        start, end = edges[at]
        way = _way(end, start, taken)
        if way:
            yield at, (start, *way)
        else:
            taken.setdefault(start, []).append(end)


def _way(start: str, goal: str, onwards: dict[str, list[str]]) -> tuple[str, ...]:
    """Return the nodes of a way from start to goal, or nothing."""
    came: dict[str, str | None] = {start: None}
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if node == goal:
            way: list[str] = []
            at: str | None = node
            while at is not None:
                way.append(at)
                at = came[at]
            return tuple(reversed(way))
        for following in onwards.get(node, ()):
            if following not in came:
                came[following] = node
                waiting.append(following)
    return ()


def _in_circles(edges: Sequence[tuple[str, str]], onwards: dict[str, list[tuple[int, str]]]) -> list[int]:
    """Return the edges that may lie on a circle: those left when nodes without a way in or out are taken off."""
    before: dict[str, list[int]] = {}
    for at, (_, end) in enumerate(edges):
        before.setdefault(end, []).append(at)
    leaving = {node: len(going) for node, going in onwards.items()}
    alive = [True] * len(edges)
    waiting = [node for node in before if not leaving.get(node)]
    while waiting:
        for at in before.get(waiting.pop(), ()):
            if alive[at]:
                alive[at] = False
                start = edges[at][0]
                leaving[start] -= 1
                if not leaving[start]:
                    waiting.append(start)
    return [at for at, living in enumerate(alive) if living]

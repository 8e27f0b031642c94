"""A walk by hand: what a question means, worked out over a small graph in plain Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.query.draw import draw_numbers, draw_place
from kg.query.limits import MAX_ROWS, MAX_WAYS
from kg.query.tree import Between, Combined, Condition, Sample, Step, Tree
from kg.schema import EDGE_BY_TYPE, ROLE_BY_NAME, property_of
from kg.stored import draw_number


@dataclass
class World:
    """A small graph in plain Python."""

    kinds: dict[str, str] = field(default_factory=dict)
    properties: dict[str, dict[str, Any]] = field(default_factory=dict)
    edges: list[tuple[str, str, str, dict[str, Any]]] = field(default_factory=list)

    def hops(self, node: str, role: Any) -> list[tuple[str, str, dict[str, Any]]]:
        """Return (edge id, other node, edge properties) for each way from `node` by the role."""
        symmetric = EDGE_BY_TYPE[role.edge].symmetric
        found: list[tuple[str, str, dict[str, Any]]] = []
        for kind, start, end, properties in self.edges:
            if kind != role.edge:
                continue
            ends = [(start, end)] if role.forward or symmetric else [(end, start)]
            ends += [(end, start)] if symmetric else []
            found += [
                (f"{start}/{kind}/{end}", there, properties)
                for here, there in ends
                if here == node and self.kinds[there] == role.end
            ]
        return found


Paths = dict[str, list[tuple[str, ...]]]


def walk(world: World, tree: Tree) -> tuple[list[str], Paths]:
    """Return the ids of the answer in order, and for each the paths that lead to it."""
    if isinstance(tree, Combined):
        left, left_paths = walk(world, tree.left)
        right, right_paths = walk(world, tree.right)
        if tree.operator == "-":
            return [key for key in left if key not in right], left_paths
        both = {key: left_paths.get(key, []) + right_paths.get(key, []) for key in {*left_paths, *right_paths}}
        if tree.operator == "&":
            return [key for key in left if key in right], both
        return left + [key for key in right if key not in left], both
    if isinstance(tree.source, Combined):
        answer, paths = walk(world, tree.source)
        paths = {key: paths[key] for key in answer}
    elif isinstance(tree.source, Between):
        answer, paths = ways(world, tree.source)
    else:
        answer = list(dict.fromkeys(tree.source.names))
        paths = {key: [(key,)] for key in answer}
    for step in tree.steps:
        answer, paths = stride(world, step, answer, paths)
    return answer, paths


def ways(world: World, between: Between) -> tuple[list[str], Paths]:
    """Return all the shortest ways from each start to each end, breadth first, in the order the language promises."""
    near: dict[str, list[tuple[str, str]]] = {}
    for kind, start, end, _ in world.edges:
        if kind in (between.via or EDGE_BY_TYPE):
            near.setdefault(start, []).append((f"{start}/{kind}/{end}", end))
            near.setdefault(end, []).append((f"{start}/{kind}/{end}", start))
    found: list[tuple[str, ...]] = []
    for end in dict.fromkeys(between.end.names):
        for start in dict.fromkeys(between.start.names):
            paths = [(start,)] if start != end else []
            seen = {start}
            for _ in range(between.up_to):
                paths = [(*path, *hop) for path in paths for hop in near.get(path[-1], ()) if hop[1] not in seen]
                seen |= {path[-1] for path in paths}
                here = [path for path in paths if path[-1] == end]
                if here:
                    found += sorted(here, key=lambda path: path[1::2])
                    break
    found = found[:MAX_WAYS]
    answer = list(dict.fromkeys(path[-1] for path in found))
    return answer, {key: [path for path in found if path[-1] == key] for key in answer}


def stride(world: World, step: Step, answer: list[str], paths: Paths) -> tuple[list[str], Paths]:
    found: set[tuple[str, str, str]] = set()
    ways: Paths = {}
    reached = set(answer)
    level_paths = paths
    for level in range(1, step.high + 1):
        hops: list[tuple[str, str, str]] = []
        following: Paths = {}
        for node in reached:
            role = ROLE_BY_NAME[(world.kinds[node], step.role)]
            for edge, there, properties in world.hops(node, role):
                if all(meets(world, condition, properties, there) for condition in step.where):
                    hops.append((node, edge, there))
                    for path in level_paths[node]:
                        following.setdefault(there, []).append((*path, edge, there))
        if level >= step.low:
            found.update(hops)
            for key, more in following.items():
                ways.setdefault(key, []).extend(more)
        reached = {there for _, _, there in hops}
        level_paths = following
    ends = {there for _, _, there in found}
    ends = {
        end for end in ends if not any(world.hops(end, ROLE_BY_NAME[(world.kinds[end], name)]) for name in step.without)
    }
    kept = [end for end in ends if len({start for start, _, there in found if there == end}) >= (step.shared or 1)]
    kept.sort(key=lambda end: order(world, step, end, found))
    kept = kept[: step.pick.count if step.pick else MAX_ROWS]
    return kept, {end: ways[end] for end in kept}


def meets(world: World, condition: Condition, edge: dict[str, Any], node: str) -> bool:
    return _meets(world, condition, edge, node) != condition.negated


def _meets(world: World, condition: Condition, edge: dict[str, Any], node: str) -> bool:
    value = edge.get(condition.name, world.properties[node].get(condition.name))
    if value is None:
        return False
    match condition.comparison:
        case "=":
            return value == condition.value
        case "!=":
            return value != condition.value
        case "<":
            return value < condition.value
        case "<=":
            return value <= condition.value
        case ">":
            return value > condition.value
        case ">=":
            return value >= condition.value
        case "in":
            return value in condition.value


def order(world: World, step: Step, end: str, found: set[tuple[str, str, str]]) -> tuple[Any, ...]:
    hops = [(start, edge) for start, edge, there in found if there == end]
    kind = next(e[0] for e in world.edges if f"{e[1]}/{e[0]}/{e[2]}" == hops[0][1])
    properties = {f"{e[1]}/{e[0]}/{e[2]}": e[3] for e in world.edges}
    rank = EDGE_BY_TYPE[kind].rank

    def summed(name: str) -> float:
        return round(sum(properties[edge].get(name, 0.0) for _, edge in hops), 6)

    by = step.pick.by if step.pick else None
    score = summed(rank) if rank else float(len(hops))
    if by == "name":
        return (world.properties[end]["name"], end)
    if by in (None, "score"):
        key: float | None = score
    elif by == "shared":
        key = len({start for start, _ in hops})
    elif property_of(EDGE_BY_TYPE[kind], by):
        key = summed(by)
    else:
        key = world.properties[end].get(by)
    if isinstance(step.pick, Sample):
        heat = step.pick.temperature or 1.0
        return (-draw_place(draw_number(end), draw_numbers(step.pick.seed), key, heat), end)
    return (key is None, -(key or 0.0), end)

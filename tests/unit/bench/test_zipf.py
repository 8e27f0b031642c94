"""The seeded graphs of the measurements."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from bench.zipf import Size, write_graph

SHARES = {"has_phenotype": 0.5, "treats": 0.3, "subclass_of": 0.2}
SIZE = Size(diseases=40, symptoms=30, drugs=50, edges=400, classes=10, shares=SHARES)


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path) -> None:
    first, again = (write_graph(tmp_path / name, SIZE, seed=3) for name in ("first", "again"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


def test_a_graph_has_the_numbers_that_were_asked_for(tmp_path: Path) -> None:
    nodes, edges = write_graph(tmp_path, SIZE, seed=3)
    assert len(nodes.read_text(encoding="utf-8").splitlines()) - 1 == SIZE.nodes == 130
    rows = [line.split("\t") for line in edges.read_text(encoding="utf-8").splitlines()[1:]]
    assert len(rows) == 400
    assert sum(row[2] == "biolink:subclass_of" for row in rows) == 80


def test_the_weights_of_one_disease_all_differ(tmp_path: Path) -> None:
    _, edges = write_graph(tmp_path, SIZE, seed=3)
    weights = defaultdict[str, list[str]](list)
    for line in edges.read_text(encoding="utf-8").splitlines()[1:]:
        row = line.split("\t")
        if row[2] == "biolink:has_phenotype":
            weights[row[1]].append(row[4])
    assert all(len(set(group)) == len(group) for group in weights.values())

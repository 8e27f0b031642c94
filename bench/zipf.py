"""Makes graphs of any size as KGX tables, seeded: a few symptoms and diseases have very many edges, most have few."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# The shared data comes to about this many, in these proportions.
DISEASES: Final = 20_000
SYMPTOMS: Final = 12_000
DRUGS: Final = 20_000
EDGES: Final = 370_000
_SHARES: Final = {"has_phenotype": 0.7, "treats": 0.15, "contraindicated_in": 0.15}
_SYLLABLES: Final = (
    "al",
    "bro",
    "cor",
    "der",
    "en",
    "fis",
    "gal",
    "hem",
    "ir",
    "lum",
    "mor",
    "neph",
    "os",
    "pul",
    "ren",
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many diseases, symptoms, drugs and edges a graph has."""

    diseases: int
    symptoms: int
    drugs: int
    edges: int

    @property
    def nodes(self) -> int:
        """All nodes."""
        return self.diseases + self.symptoms + self.drugs


def size_of(times: float) -> Size:
    """Return the size of a graph so many times that of the shared data."""
    return Size(*(int(number * times) for number in (DISEASES, SYMPTOMS, DRUGS, EDGES)))


def write_graph(folder: Path, size: Size, seed: int) -> tuple[Path, Path]:
    """Write a graph of that size as `nodes.tsv` and `edges.tsv` in KGX, return their paths; same seed, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    nodes, edges = folder / "nodes.tsv", folder / "edges.tsv"
    with nodes.open("w", encoding="utf-8") as out:
        out.write("id\tcategory\tname\tsynonym\tprovided_by\n")
        out.writelines(_nodes(size, random.Random(seed)))
    with edges.open("w", encoding="utf-8") as out:
        out.write("id\tsubject\tpredicate\tobject\thas_quotient\tprimary_knowledge_source\tpublications\n")
        out.writelines(_edges(size, random.Random(seed)))
    return nodes, edges


def disease(rank: int) -> str:
    """Return the id of a disease by its rank: 0 has the most edges."""
    return f"DOID:{9_000_000 + rank}"


def _nodes(size: Size, chance: random.Random) -> Iterator[str]:
    kinds = (
        ("biolink:Disease", [disease(rank) for rank in range(size.diseases)]),
        ("biolink:PhenotypicFeature", [_symptom(rank) for rank in range(size.symptoms)]),
        ("biolink:Drug", [_drug(rank) for rank in range(size.drugs)]),
    )
    for category, ids in kinds:
        for number, key in enumerate(ids):
            name, other = _name(chance), _name(chance)
            yield f"{key}\t{category}\t{name} {number}\t{other} {number}\tinfores:zipf\n"


def _edges(size: Size, chance: random.Random) -> Iterator[str]:
    """Yield the edges, those of one start beside each other; no pair of ends comes twice in one kind."""
    for predicate, share in _SHARES.items():
        phenotype = predicate == "has_phenotype"
        starts, ends = (size.diseases, size.symptoms) if phenotype else (size.drugs, size.diseases)
        start_of, end_of = (disease, _symptom) if phenotype else (_drug, disease)
        for start, degree in enumerate(_degrees(starts, int(size.edges * share), ends // 2)):
            chosen: dict[int, None] = {}
            while len(chosen) < degree:
                chosen[_rank(ends, chance)] = None
            for end in chosen:
                weight = f"{chance.random():.4f}" if phenotype else ""
                names = start_of(start), end_of(end)
                paper = f"PMID:{chance.randrange(1_000_000, 40_000_000)}"
                told = (f"z{start}-{end}", names[0], f"biolink:{predicate}", names[1], weight, "infores:zipf", paper)
                yield "\t".join(told) + "\n"


def _degrees(things: int, edges: int, most: int) -> list[int]:
    """Return how many edges each thing has: in proportion to rank^-1/2, `most` at most, `edges` in all."""
    weights = [(rank + 1) ** -0.5 for rank in range(things)]
    share = edges / sum(weights)
    degrees = [min(most, int(weight * share)) for weight in weights]
    for rank in range(edges - sum(degrees)):
        degrees[rank % things] += 1
    return degrees


def _rank(things: int, chance: random.Random) -> int:
    """Draw a rank, the first most often: about in proportion to 1 / (rank + 1), which is Zipf's law."""
    return min(things - 1, int((things + 1) ** chance.random()) - 1)


def _symptom(rank: int) -> str:
    return f"HP:{9_000_000 + rank}"


def _drug(rank: int) -> str:
    return f"DRUGBANK:DB{900_000 + rank}"


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=3))

"""Makes graphs of any size as KGX tables, seeded: a few symptoms and diseases have very many edges, most have few."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

# The shared data comes to about this many, in these proportions.
DISEASES: Final = 20_000
SYMPTOMS: Final = 12_000
DRUGS: Final = 20_000
EDGES: Final = 370_000
_SHARES: Final[Mapping[str, float]] = {"has_phenotype": 0.7, "treats": 0.15, "contraindicated_in": 0.15}
# Weights are so many different numbers between 0 and 1.
_WEIGHTS: Final = 1_000_000
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
    """How many diseases, symptoms, drugs, edges and classes of drugs a graph has.

    `shares` tells which part of the edges has which predicate of KGX.
    """

    diseases: int
    symptoms: int
    drugs: int
    edges: int
    classes: int = 0
    shares: Mapping[str, float] = field(default_factory=lambda: _SHARES)

    @property
    def nodes(self) -> int:
        """All nodes."""
        return self.diseases + self.symptoms + self.drugs + self.classes


def size_of(times: float) -> Size:
    """Return the size of a graph so many times that of the shared data."""
    diseases, symptoms, drugs, edges = (int(number * times) for number in (DISEASES, SYMPTOMS, DRUGS, EDGES))
    return Size(diseases, symptoms, drugs, edges)


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


def symptom(rank: int) -> str:
    """Return the id of a symptom by its rank: about, 0 has the most edges."""
    return f"HP:{9_000_000 + rank}"


def drug(rank: int) -> str:
    """Return the id of a drug by its rank: 0 has the most edges."""
    return f"DRUGBANK:DB{900_000 + rank}"


def _nodes(size: Size, chance: random.Random) -> Iterator[str]:
    kinds = (
        ("biolink:Disease", [disease(rank) for rank in range(size.diseases)]),
        ("biolink:PhenotypicFeature", [symptom(rank) for rank in range(size.symptoms)]),
        ("biolink:Drug", [drug(rank) for rank in range(size.drugs)]),
        ("biolink:ChemicalEntity|MKG:DrugClass", [_drug_class(rank) for rank in range(size.classes)]),
    )
    for category, ids in kinds:
        for number, key in enumerate(ids):
            name, other = _name(chance), _name(chance)
            yield f"{key}\t{category}\t{name} {number}\t{other} {number}\tinfores:zipf\n"


def _edges(size: Size, chance: random.Random) -> Iterator[str]:
    """Yield the edges, those of one start beside each other; no pair of ends comes twice in one kind.

    The weights of one disease all differ, so that its symptoms have one order by weight.
    """
    ends = {
        "has_phenotype": (size.diseases, disease, size.symptoms, symptom),
        "treats": (size.drugs, drug, size.diseases, disease),
        "contraindicated_in": (size.drugs, drug, size.diseases, disease),
        "subclass_of": (size.drugs, drug, size.classes, _drug_class),
    }
    for predicate, share in size.shares.items():
        starts, start_of, others, end_of = ends[predicate]
        for start, degree in enumerate(_degrees(starts, int(size.edges * share), others // 2)):
            chosen: dict[int, None] = {}
            while len(chosen) < degree:
                chosen[drawn(others, chance)] = None
            weights = chance.sample(range(_WEIGHTS), degree) if predicate == "has_phenotype" else ()
            for place, end in enumerate(chosen):
                weight = f"{weights[place] / _WEIGHTS:.6f}" if weights else ""
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


def drawn(things: int, chance: random.Random) -> int:
    """Draw a rank, the first most often: about in proportion to 1 / (rank + 1), which is Zipf's law."""
    return min(things - 1, int((things + 1) ** chance.random()) - 1)


def _drug_class(rank: int) -> str:
    return f"MKGCLASS:{rank}"


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=3))

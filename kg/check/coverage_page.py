"""The page about the shipped graph: what it covers, how its numbers are meant, and how far open sources agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from statistics import median
from typing import Final

from kg.check.agreement_report import rows_of_csv, table
from kg.check.core import check_core
from kg.check.core_graph import shipped
from kg.check.core_limits import COMMON, RARE, WITHOUT_DRUGS
from kg.check.coverage import Coverage, coverage

_HEAD: Final = """\
# The core graph

<!-- Written by `python -m mkg.pages` from the code; a test compares the two. -->

**Ours, in our words; not clinically reviewed. Not for care of patients.** The tables are in `kg/core`, with a README
on their columns and on editing them. `mkg check core` proves what this page says.
"""

_CHAPTERS: Final = f"""\
## By chapter

Diseases of each chapter of ICD-10, and how many of them have what: all three bands of symptoms (common, occasional and
rare), drugs with purpose and dose, lay synonyms in both languages, two resembling diseases or more, a limit of sex or
age, a prior. No drug is usual for {", ".join(sorted(WITHOUT_DRUGS))}.

| chapter | categories | of RuMedTop3 | diseases | symptoms, fewest / median | all bands | with drugs | drugs | \
lay synonyms | resembling | sex or age | prior |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""

_NUMBERS: Final = f"""\
## How the numbers are meant

- `weight` of a symptom: the share of patients with the disease who have it at some time of the illness, as one would
  tell a student. Common is {COMMON:.2f} and more, rare less than {RARE:.2f}, occasional what lies between.
  Comparable within a disease; between diseases only roughly.
- `prior`: the share among patients seen in general practice, comparable over diseases; of no year and no country in
  particular.
- `frequency` of an unwanted effect: the share of those treated, in everyday doses.
- `score` of two diseases: how easily one is taken for the other before a test; `sign` is what tells them apart.
- `dose`: what is usual for an adult, to make notes plausible. It is no prescription: weight, kidneys and other drugs
  are not in it.
"""

_AGREEMENT: Final = """\
## Where open sources agree

Compared are statements between things that both know: by the same id, a mapping (Mondo, Disease Ontology, DrugCentral),
an exact English name or, where nothing else is known, a category that one disease alone has. `ours it can judge` are
statements of ours between things of which the source says something of that sort; the agreement is the share of these
that it has too. `it has, we lack` counts what it says between things of ours beside them: our tables hold some ten
symptoms and a few drugs of a disease, so a long list is no fault, and co-occurrence and drug labels bring noise.
ICD-10-CM is compared with ICD-10 by three characters, ATC by any code of the same name. PharmacotherapyDB is where
Hetionet has its treatments from. Only numbers are kept here, no data. `undated` files carry no date of their own:
Disease Ontology is of summer 2026, DrugCentral of November 2016.

`mkg check core --against DIR --report report.md` makes the table anew and lists what a source contradicts: a disease
coded otherwise, a drug that one gives and the other calls a danger, a symptom that it says is absent.
`--report kg/check/agreement.csv` records the table for this page.
"""


def core_graph_page() -> str:
    """Return docs/core-graph.md; the numbers of agreement are those recorded in `kg/check/agreement.csv`."""
    graph = shipped()
    recorded = resources.files("kg.check").joinpath("agreement.csv").read_text("utf-8")
    sections = (
        _HEAD,
        "\n".join(_counted(check_core(graph).counts)) + "\n",
        _CHAPTERS + "\n".join(_chapters(coverage(graph))) + "\n",
        _NUMBERS,
        _AGREEMENT,
        "\n".join(table(rows_of_csv(recorded))) + "\n",
    )
    return "\n".join(sections)


def _counted(counts: Mapping[str, int]) -> list[str]:
    return ["| what | how many |", "| --- | ---: |", *(f"| {what} | {number} |" for what, number in counts.items())]


def _chapters(told: Sequence[Coverage]) -> list[str]:
    lines: list[str] = []
    for row in told:
        least = f"{min(row.symptoms)} / {median(row.symptoms):g}"
        cells = (row.title, row.categories, row.of_rumed, len(row.symptoms), least, row.bands, row.treated, row.drugs)
        more = (row.lay, row.resembling, row.limited, row.prior)
        lines.append(f"| {' | '.join(str(cell) for cell in (*cells, *more))} |")
    return lines

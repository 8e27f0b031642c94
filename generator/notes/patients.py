"""One note for each patient that was drawn: what the prompt tells is what the patient's row says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from generator.errors import GraphChanged, RowsInvalid
from generator.facts import FactSheet, tell
from generator.notes.order import few_at_once
from generator.notes.patient_facts import sheet_of_patient
from generator.notes.patient_rows import PatientFile, PatientRow
from generator.notes.prepare import Answered, Prepared, worded
from generator.notes.subject import find_subject
from generator.notes.write import Asking
from generator.phrases import HISTORY, PHRASES
from generator.recipe import Recipe
from generator.recipe.questions import kinds_of_facts, planned
from generator.seeds import derive
from generator.source import Asks
from kg.subgraph import SubgraphNode

# What a row says itself; a recipe's question that tells of something else as well is asked.
_KINDS_OF_A_ROW: Final = frozenset(
    {HISTORY, *(PHRASES[kind].fact for kind in ("CODED_AS", "HAS_SYMPTOM", "TREATS", "CAUSES", "RESEMBLES"))}
)


@dataclass(frozen=True, slots=True)
class PatientOrder:
    """A note for each patient of a file, in its order.

    `nodes` are those of the graph that a note can name; `beyond` has for each recipe, by its hash, the questions that a
    patient's row does not answer.
    """

    patients: PatientFile
    nodes: Mapping[str, SubgraphNode]
    beyond: Mapping[str, tuple[str, ...]]

    @property
    def total(self) -> int:
        """How many patients there are."""
        return len(self.patients)

    @property
    def release(self) -> str:
        """The state of the graph that the patients were drawn from."""
        return self.patients.release

    @property
    def identity(self) -> Mapping[str, Any]:
        """The patients, by the hash of their file."""
        return {"patients_hash": self.patients.hash}

    @property
    def about(self) -> Mapping[str, Any]:
        """Where the patients lay."""
        return {"patients": str(self.patients.path)}

    async def prepared(self, graph: Asks, asking: Asking, places: range) -> list[tuple[int, Prepared]]:
        """Read the patients, ask what their rows do not say, and word their prompts beside the loop."""
        rows = await asyncio.to_thread(self.patients.rows, places)

        async def one(given: tuple[int, PatientRow]) -> Answered:
            return await self._asked(graph, asking, *given)

        numbered = list(zip(places, rows, strict=True))
        answered = await few_at_once(one, numbered)

        def all_worded() -> list[tuple[int, Prepared]]:
            return [
                (place, self._worded(asking, place, row, found))
                for (place, row), found in zip(numbered, answered, strict=True)
            ]

        return await asyncio.to_thread(all_worded)

    async def _asked(self, graph: Asks, asking: Asking, place: int, row: PatientRow) -> Answered:
        recipe = asking.recipe(place)
        seed = derive(asking.seed, place, row.id, row.disease_id, recipe.hash)
        asked, beyond = recipe.ask(row.disease_id, seed), self.beyond[recipe.hash]
        questions = {name: text for name, text in asked.items() if name in beyond}
        found = await asyncio.gather(*(graph.subgraph(question) for question in questions.values()))
        return Answered(seed, questions, dict(zip(questions, found, strict=True)))

    def _worded(self, asking: Asking, place: int, row: PatientRow, answered: Answered) -> Prepared:
        recipe = asking.recipe(place)
        disease = self.nodes.get(row.disease_id)
        if disease is None:
            raise RowsInvalid(
                f"the graph has no disease {row.disease_id}",
                place=f"file {self.patients.path}, patient {row.id}",
                hint="Draw the patients again with `mkg generate patients`.",
            )
        options = recipe.options
        sheet = sheet_of_patient(row, recipe.language, self.nodes, diagnosis_alone=options.diagnosis_alone)
        if answered.answers:
            sheet = _with_more(sheet, recipe, disease, answered)
        return worded(
            recipe,
            disease,
            sheet,
            row.patient.patient(),
            replace(answered, questions={**row.question, **answered.questions}),
            release=", ".join(sorted({row.graph_release, *(one.release for one in answered.answers.values())})),
            run_seed=asking.seed,
            place=place,
            vocabulary=asking.vocabulary,
            patient_id=row.id,
        )


async def order_of_patients(graph: Asks, path: Path, *recipes: Recipe) -> PatientOrder:
    """Return the order of a note for each patient of a file of `mkg generate patients`, by recipes in turns.

    Raises RowsInvalid for what is no patient, GraphChanged when the graph is not any more as it was when they were
    drawn: an edge that a patient stands on might be gone.
    """
    patients = await asyncio.to_thread(PatientFile.of, path)
    (first,) = patients.rows(range(1))
    release = (await find_subject(graph, first.disease_id)).release
    if release != patients.release:
        raise GraphChanged(
            f"the patients were drawn from {patients.release}, and the graph stands at {release}",
            place=f"file {path}",
            hint="Draw them again with `mkg generate patients`.",
        )
    nodes = {node.id: node for node in await graph.vocabulary()}
    return PatientOrder(patients, nodes, {recipe.hash: tuple(_beyond(recipe)) for recipe in recipes})


def _beyond(recipe: Recipe) -> Iterator[str]:
    """Yield the names of the questions that tell of something that a patient's row does not."""
    for name, question in recipe.questions.items():
        if not _KINDS_OF_A_ROW.issuperset(kinds_of_facts(planned(question, recipe.front.draw))):
            yield name


def _with_more(sheet: FactSheet, recipe: Recipe, disease: SubgraphNode, answered: Answered) -> FactSheet:
    """Add what the recipe asks for beyond what the patient's row says."""
    options = recipe.options
    more = tell(
        disease,
        answered.answers,
        naming=recipe.naming(answered.seed),
        max_facts=options.max_facts,
        token_budget=options.token_budget,
        diagnosis_alone=True,
    )
    known = {fact.edge_id for fact in sheet.facts}
    added = [fact for fact in more.facts if fact.kind not in _KINDS_OF_A_ROW and fact.edge_id not in known]
    facts = (*sheet.facts, *added)
    numbered = tuple(replace(fact, id=f"F{number}") for number, fact in enumerate(facts, start=1))
    dropped = tuple(fact for fact in more.dropped if fact.kind not in _KINDS_OF_A_ROW)
    return replace(sheet, facts=numbered, dropped=dropped)

"""Tells the service's clients what answers say and what a model would be sent, with the generator's own words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generator.facts import Fact, sentences, tokens_in
from generator.notes import find_subject, prepare
from graphql_api.telling import ToldFact, ToldPrompt, Turn
from kg.graph import Graph
from kg.subgraph import Subgraph
from mkg.writing import recipe_named


class Teller:
    """Tells facts and prompts; `recipes` is the folder of the user's own recipes."""

    def __init__(self, graph: Graph, recipes: Path | None) -> None:
        self._graph = graph
        self._recipes = recipes

    def facts(self, answer: Subgraph, language: str) -> Sequence[ToldFact]:
        """Return what each edge of an answer says."""
        return [_told(fact) for fact in sentences(answer, language)]

    async def prompt(self, disease: str, seed: int, recipe: str | None) -> ToldPrompt:
        """Return what a model would be sent for the first note about a disease. Raises KgError."""
        chosen = recipe_named(recipe, self._recipes)
        subject = await find_subject(self._graph, disease)
        ready = await prepare(self._graph, chosen, subject, 0, seed, None)
        turns = tuple(Turn(message.role, message.content) for message in ready.prompt.messages)
        return ToldPrompt(
            disease=ready.sheet.disease_id,
            icd10=ready.sheet.icd10,
            recipe=chosen.label,
            recipe_hash=chosen.hash,
            language=chosen.language,
            seed=ready.seed,
            release=ready.release,
            turns=turns,
            facts=tuple(_told(fact) for fact in ready.sheet.facts),
            dropped=tuple(fact.text for fact in ready.sheet.dropped),
            tokens=sum(tokens_in(turn.content) for turn in turns),
        )


def _told(fact: Fact) -> ToldFact:
    return ToldFact(fact.id, fact.kind, fact.text, fact.edge_id, fact.strength)

"""Why a fact did not get into a note: too many of its kind, or no room left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from generator.facts import Fact, FactSheet
from generator.recipe.front import Options


def why_dropped(sheet: FactSheet, options: Options) -> Iterator[tuple[Fact, str]]:
    """Yield each fact that was dropped, kind by kind and the strongest first, with the option that left it out.

    The weakest of a kind go first, so the strongest that was dropped comes right behind the weakest that was kept.
    """
    before = Counter(fact.kind for fact in (*sheet.facts, *sheet.withheld))
    for fact in sheet.dropped:
        limit = options.max_facts.get(fact.kind)
        if limit is not None and before[fact.kind] >= limit:
            yield fact, f"max_facts.{fact.kind} is {limit}"
        else:
            yield fact, f"token_budget is {options.token_budget}"
        before[fact.kind] += 1

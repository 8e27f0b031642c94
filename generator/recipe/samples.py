"""Made-up patients and facts by which a recipe is tried out without a graph."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from generator.details import ASPECTS, Circumstance
from generator.facts import Fact
from generator.patient import Patient
from generator.phrases import FACT_KINDS

WOMAN: Final = Patient(42, "female")
MAN: Final = Patient(42, "male")
BOY: Final = Patient(1, "male")


SAMPLE_DETAILS: Final = tuple(Circumstance(aspect, f"<{aspect}>") for aspect in ASPECTS)


def sample_name(kind: str) -> str:
    """Return the name of the sample fact of a kind: one that no template has of its own."""
    return f"<{kind}>"


def sample_facts(kinds: Iterable[str] = FACT_KINDS) -> tuple[Fact, ...]:
    """Return one fact of each kind."""
    return tuple(
        Fact(f"F{number}", kind, sample_name(kind), f"{sample_name(kind)}.", None, ())
        for number, kind in enumerate(kinds, start=1)
    )

"""What a model is told of its own note that did not pass: plainly, in the recipe's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from generator.checking.report import CheckReport, Violation
from generator.facts import Fact
from generator.patient import Patient
from generator.phrases import REPAIR, age_in_words

# Rules that a text breaks by speaking of somebody else.
_OF_THE_PATIENT: Final = frozenset({"sex", "age"})


def repairs(report: CheckReport, facts: Sequence[Fact], patient: Patient, language: str) -> str:
    """Return the instructions that follow from a report: what to add, what to take out, what to put right.

    They name facts by the names of the prompt, and what was made up in the words of the note. The same report gives
    the same instructions.
    """
    return "\n".join([REPAIR[language]["again"], *_lines(report, facts, patient, language)])


def _lines(report: CheckReport, facts: Sequence[Fact], patient: Patient, language: str) -> Iterator[str]:
    words = REPAIR[language]
    by_id = {fact.id: fact for fact in facts}
    if missing := [by_id[key].name for key in report.not_told if key not in report.contradicted]:
        yield words["missing"].format(said=", ".join(missing))
    if report.contradicted:
        yield words["contradicted"].format(said=" ".join(by_id[key].text for key in report.contradicted))
    if report.invented:
        yield words["invented"].format(said=", ".join(_once(item.said for item in report.invented)))
    if any(found.rule in _OF_THE_PATIENT for found in report.violations):
        who = words[patient.sex].format(age=age_in_words(patient.age, language))
        yield words["patient"].format(said=who)
    for rule in _once(found.rule for found in report.violations if found.rule not in _OF_THE_PATIENT):
        yield words.get(rule, words["other"]).format(said=_said(report.violations, rule))


def _said(violations: Sequence[Violation], rule: str) -> str:
    return ", ".join(_once(found.said for found in violations if found.rule == rule))


def _once(values: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(values))

"""The figures of a data set, gathered while its rows go past once; what is kept does not grow with their number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from generator.exports.note import Note, Verdict
from generator.report.copied import RUN, Copied, Examples
from generator.report.diversity import ORDER, Sample, distinct, self_bleu, tokens

SAMPLE: Final = 200
# Bars of the chart of lengths; a bar is so many words wide.
_BAR: Final = 10
_MOST_BARS: Final = 40

# What a graph can be covered in, by the label of its nodes.
COVERED: Final[Mapping[str, str]] = {
    "diseases": "Disease",
    "codes": "IcdCode",
    "symptoms": "Symptom",
    "drugs": "Drug",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A copied run and the note that it stands in."""

    id: str
    run: Copied
    said: str


class Gathering:
    """Takes notes in, then tells the figures.

    Facts, coverage, length and diversity are of the notes that passed; `model` is of all, before anything was mended.
    """

    def __init__(self, examples: Examples, seed: int, sample: int = SAMPLE) -> None:
        self._examples = examples
        self._seed = seed
        self._sample_size = sample
        self._all = Sample(sample, seed)
        self._by_language: dict[str, Sample] = {}
        self._counts: dict[str, Counter[str]] = {
            name: Counter() for name in ("status", "language", "code", "recipe", "model", "graph", "reason", "sex")
        }
        self._facts: dict[str, Counter[str]] = {}
        self._kept: Counter[str] = Counter()
        self._model: Counter[str] = Counter()
        self._second: defaultdict[str, float] = defaultdict(float)
        self._covered: dict[str, tuple[set[str], set[str]]] = {name: (set(), set()) for name in COVERED}
        self._words: Counter[int] = Counter()
        self._duplicates = 0
        self._copied: list[Found] = []
        self._copied_notes = 0
        self._copied_runs = 0

    def add(self, note: Note, *, duplicate: bool) -> None:
        """Take one note in; `duplicate` says that it nearly repeats an earlier one."""
        status = "rejected" if note.rejected else note.status
        values = (status, note.language, note.icd10 or note.disease_id, note.recipe, note.model, note.graph_release)
        for name, value in zip(("status", "language", "code", "recipe", "model", "graph"), values, strict=True):
            self._counts[name][value] += 1
        self._counts["sex"][note.patient.sex] += 1
        self._model.update(_counted(note.model_check, len(note.facts)))
        self._model["first_try"] += note.attempts == 1 and note.model_check.passed
        for text in note.shown:
            self._examples.add(text)
        if note.rejected:
            self._counts["reason"].update(_reasons(note))
            return
        self._duplicates += duplicate
        self._kept.update(_counted(note.check, len(note.facts)))
        for name, value in _judged(note).items():
            self._second[name] += value
        self._add_facts(note)
        self._words[len(note.text.split())] += 1
        self._all.offer(note.id, note.text)
        self._by_language.setdefault(note.language, Sample(self._sample_size, self._seed)).offer(note.id, note.text)

    def compare(self, note: Note) -> tuple[Copied, ...]:
        """Return what a note has from examples, and count it; to be asked when all notes were taken in."""
        runs = () if note.rejected else self._examples.copied(note.text)
        self._copied_notes += bool(runs)
        self._copied_runs += len(runs)
        if len(self._copied) < 5:
            self._copied += [Found(note.id, run, note.text[run.start : run.end]) for run in runs[:1]]
        return runs

    def figures(self, there: Mapping[str, int] | None = None) -> dict[str, Any]:
        """Return all figures, as they stand in the JSON file; `there` are the numbers of nodes in the graph by kind."""
        rows = sum(self._counts["status"].values())
        rejected = self._counts["status"]["rejected"]
        return {
            "rows": {
                "all": rows,
                "passed": rows - rejected,
                "rejected": rejected,
                **{name: _ordered(counts) for name, counts in self._counts.items()},
            },
            "facts": {
                **_shares(self._kept),
                "by_kind": {kind: dict(self._facts[kind]) for kind in sorted(self._facts)},
            },
            "model": {
                **_shares(self._model),
                "first_try": self._model["first_try"],
                "first_try_share": _share(self._model["first_try"], rows),
            },
            "second": _second_shares(self._second),
            "coverage": {
                name: {
                    "given": len(given),
                    "told": len(told),
                    "there": there.get(COVERED[name], 0) if there is not None else None,
                }
                for name, (given, told) in self._covered.items()
            },
            "length": self._length(),
            "diversity": self._diversity(),
            "duplicates": {"notes": self._duplicates, "share": _share(self._duplicates, rows - rejected)},
            "copied": {
                "at_least_words": RUN,
                "notes": self._copied_notes,
                "runs": self._copied_runs,
                "first": [{"id": found.id, "words": found.run.words, "said": found.said} for found in self._copied],
            },
        }

    def _add_facts(self, note: Note) -> None:
        told, contradicted = set(note.check.told), set(note.check.contradicted)
        for fact in note.facts:
            is_told = fact.id in told
            counts = self._facts.setdefault(fact.kind, Counter({"given": 0, "told": 0, "missed": 0, "contradicted": 0}))
            counts["given"] += 1
            counts["told" if is_told else "contradicted" if fact.id in contradicted else "missed"] += 1
            # A symptom is at the far end of its edge, a drug at the near one, see generator/phrases.py.
            if fact.kind == "symptom":
                self._cover("symptoms", fact.term_ids[-1:], told=is_told)
            elif fact.kind == "drug":
                self._cover("drugs", fact.term_ids[:1], told=is_told)
            elif fact.kind == "diagnosis":
                self._cover("diseases", (note.disease_id,), told=is_told)
                self._cover("codes", (note.icd10,) if note.icd10 else (), told=is_told)

    def _cover(self, name: str, ids: tuple[str, ...], *, told: bool) -> None:
        given, said = self._covered[name]
        given.update(ids)
        if told:
            said.update(ids)

    def _length(self) -> dict[str, Any]:
        spread = sorted(self._words.elements())
        if not spread:
            return {"words": None, "histogram": []}
        bar = max(_BAR, -(-(spread[-1] + 1) // (_MOST_BARS * _BAR)) * _BAR)
        bars = Counter(words // bar for words in spread)
        return {
            "words": {
                "least": spread[0],
                "median": spread[len(spread) // 2],
                "mean": round(sum(spread) / len(spread), 1),
                "most": spread[-1],
            },
            "histogram": [
                {"from": at * bar, "to": (at + 1) * bar - 1, "notes": bars[at]}
                for at in range(min(bars), max(bars) + 1)
            ],
        }

    def _diversity(self) -> dict[str, Any]:
        groups = {"all": self._all}
        if len(self._by_language) > 1:
            groups |= {language: self._by_language[language] for language in sorted(self._by_language)}
        return {name: self._diverse(sample.texts()) for name, sample in groups.items()}

    def _diverse(self, texts: list[str]) -> dict[str, Any]:
        said = [tokens(text) for text in texts]
        found = {
            "distinct_1": distinct(said, 1),
            "distinct_2": distinct(said, 2),
            f"self_bleu_{ORDER}": self_bleu(said),
        }
        return {
            "notes": len(texts),
            "seed": self._seed,
            **{name: None if value is None else round(value, 4) for name, value in found.items()},
        }


def _counted(verdict: Verdict, given: int) -> dict[str, int]:
    return {
        "notes": 1,
        "given": given,
        "told": len(verdict.told),
        "missed": len(verdict.missed),
        "contradicted": len(verdict.contradicted),
        "invented": len(verdict.invented),
        "notes_with_invented": int(bool(verdict.invented)),
        "notes_with_violation": int(bool(verdict.violations)),
    }


def _judged(note: Note) -> dict[str, float]:
    if note.second is None:
        return {}
    found: dict[str, float] = {
        "notes": 1,
        "passed": int(note.second.passed),
        "given": len(note.facts),
        "told": len(note.second.told),
        "invented": len(note.second.invented),
        "notes_with_invented": int(bool(note.second.invented)),
    }
    for name, score in note.scores.items():
        found |= {name: score, f"{name}_of": 1}
    return found


def _second_shares(counts: Mapping[str, float]) -> dict[str, Any] | None:
    """Return what the second judge found, scores as means, or None when it saw no note."""
    if "notes" not in counts:
        return None
    names = ("notes", "passed", "given", "told", "invented", "notes_with_invented")
    return {
        **{name: int(counts[name]) for name in names},
        "told_share": _share(counts["told"], counts["given"]),
        "notes_with_invented_share": _share(counts["notes_with_invented"], counts["notes"]),
        **{
            name: _share(counts.get(name, 0), counts.get(f"{name}_of", 0))
            for name in ("symptoms_recall", "anamnesis_precision")
        },
    }


def _shares(counts: Counter[str]) -> dict[str, Any]:
    names = _counted(Verdict((), (), (), (), (), {}, True), 0)
    return {
        **{name: counts[name] for name in names},
        "told_share": _share(counts["told"], counts["given"]),
        "notes_with_invented_share": _share(counts["notes_with_invented"], counts["notes"]),
    }


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _reasons(note: Note) -> set[str]:
    """Return why a note was rejected, each reason once: rules by their names."""
    found = {place.rule for place in note.check.violations}
    if note.check.invented:
        found.add("invented")
    if note.check.contradicted:
        found.add("contradicted")
    if note.reason and "not told" in note.reason:
        found.add("not told")
    return found or {"not said"}


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

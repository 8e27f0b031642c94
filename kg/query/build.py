"""The Python spelling: `ask("disease", "J20").step("symptoms").top(5)` is the same tree as its text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.errors import QuerySyntaxError
from kg.query.spell import to_text
from kg.query.tree import Combined, Comparison, Condition, Path, Root, Sample, Scalar, SetOperator, Step, Top, Tree


@dataclass(frozen=True, slots=True)
class Question:
    """A question under construction; every method returns a new one."""

    tree: Tree

    def __str__(self) -> str:
        return to_text(self.tree)

    def step(self, role: str, *, via: str | None = None, low: int = 1, high: int = 1) -> Question:
        """Go on by a role, `low` to `high` times."""
        step = Step(role, via=via, low=low, high=high)
        if isinstance(self.tree, Path):
            return Question(Path(self.tree.source, (*self.tree.steps, step)))
        return Question(Path(self.tree, (step,)))

    def where(self, name: str, comparison: Comparison, value: Scalar | tuple[Scalar, ...]) -> Question:
        """Keep what meets this condition as well."""
        path, last = self._last()
        return _with_last(path, replace(last, where=(*last.where, Condition(name, comparison, value))))

    def shared(self, count: int) -> Question:
        """Keep what at least `count` of the nodes before lead to."""
        return self._changed(shared=count)

    def top(self, count: int, by: str | None = None) -> Question:
        """Keep the `count` strongest."""
        return self._changed(pick=Top(count, by))

    def sample(self, count: int, seed: int, by: str | None = None) -> Question:
        """Draw `count` without replacement."""
        return self._changed(pick=Sample(count, seed, by))

    def label(self, name: str) -> Question:
        """Name this step."""
        return self._changed(label=name)

    def __and__(self, other: Question) -> Question:
        return self._combined("&", other)

    def __add__(self, other: Question) -> Question:
        return self._combined("+", other)

    def __sub__(self, other: Question) -> Question:
        return self._combined("-", other)

    def _combined(self, operator: SetOperator, other: Question) -> Question:
        return Question(Combined(operator, self.tree, other.tree))

    def _changed(self, **fields: object) -> Question:
        path, last = self._last()
        return _with_last(path, replace(last, **fields))  # type: ignore[arg-type]  # names come from this class

    def _last(self) -> tuple[Path, Step]:
        if isinstance(self.tree, Path) and self.tree.steps:
            return self.tree, self.tree.steps[-1]
        raise QuerySyntaxError("there is no step yet to narrow", hint='Call .step("symptoms") first.')


def _with_last(path: Path, step: Step) -> Question:
    return Question(Path(path.source, (*path.steps[:-1], step)))


def ask(kind: str, *names: str) -> Question:
    """Start a question at a kind of node, by ids, codes or names."""
    return Question(Path(Root(kind, names)))

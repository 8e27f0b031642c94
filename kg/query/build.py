"""The Python spelling: `ask("disease", "J20").step("symptoms").top(5)` is the same tree as its text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.errors import QuerySyntaxError
from kg.query.spell import to_text
from kg.query.tree import (
    AsOf,
    Between,
    Combined,
    Comparison,
    Condition,
    Count,
    Expression,
    Name,
    Path,
    Root,
    Sample,
    SetOperator,
    Slot,
    Step,
    Top,
    Tree,
    Value,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question under construction; every method returns a new one."""

    tree: Tree

    def __str__(self) -> str:
        return to_text(self.tree)

    def step(self, role: str, *, via: str | None = None, low: Count = 1, high: Count = 1) -> Question:
        """Go on by a role, `low` to `high` times."""
        step = Step(role, via=via, low=low, high=high)
        tree = self._open()
        if isinstance(tree, Path):
            return Question(Path(tree.source, (*tree.steps, step)))
        return Question(Path(tree, (step,)))

    def where(
        self, name: str, comparison: Comparison, value: Value | tuple[Value, ...], *, negated: bool = False
    ) -> Question:
        """Keep what meets this condition as well; `negated` keeps what does not."""
        path, last = self._last()
        condition = Condition(name, comparison, value, negated)
        return _with_last(path, replace(last, where=(*last.where, condition)))

    def without(self, *roles: str) -> Question:
        """Keep what these roles lead nowhere from."""
        path, last = self._last()
        return _with_last(path, replace(last, without=(*last.without, *roles)))

    def shared(self, count: Count) -> Question:
        """Keep what at least `count` of the nodes before lead to."""
        return self._changed(shared=count)

    def top(self, count: Count, by: str | None = None) -> Question:
        """Keep the `count` strongest."""
        return self._changed(pick=Top(count, by))

    def sample(
        self, count: Count, seed: Count, by: str | None = None, temperature: float | Slot | None = None
    ) -> Question:
        """Draw `count` without replacement; a temperature below 1 sharpens the weights, one above 1 levels them."""
        return self._changed(pick=Sample(count, seed, by, None if temperature == 1 else temperature))

    def label(self, name: str) -> Question:
        """Name this step."""
        return self._changed(label=name)

    def as_of(self, change_set: Name) -> Question:
        """Ask the graph as this change set left it."""
        return Question(AsOf(self._open(), change_set))

    def __and__(self, other: Question) -> Question:
        return self._combined("&", other)

    def __add__(self, other: Question) -> Question:
        return self._combined("+", other)

    def __sub__(self, other: Question) -> Question:
        return self._combined("-", other)

    def _combined(self, operator: SetOperator, other: Question) -> Question:
        return Question(Combined(operator, self._open(), other._open()))

    def _changed(self, **fields: object) -> Question:
        path, last = self._last()
        return _with_last(path, replace(last, **fields))  # type: ignore[arg-type]  # names come from this class

    def _last(self) -> tuple[Path, Step]:
        tree = self._open()
        if isinstance(tree, Path) and tree.steps:
            return tree, tree.steps[-1]
        raise QuerySyntaxError("there is no step yet to narrow", hint='Call .step("symptoms") first.')

    def _open(self) -> Expression:
        if isinstance(self.tree, AsOf):
            raise QuerySyntaxError("as of belongs to the whole question", hint="Call .as_of(…) last.")
        return self.tree


def _with_last(path: Path, step: Step) -> Question:
    return Question(Path(path.source, (*path.steps[:-1], step)))


def ask(kind: str, *names: Name) -> Question:
    """Start a question at a kind of node, by ids, codes or names."""
    return Question(Path(Root(kind, names)))


def between(start: Question, end: Question, up_to: Count, *via: str) -> Question:
    """Start a question at the shortest ways from one start to another, `via` these kinds of edges or any."""
    return Question(Path(Between(_root(start), _root(end), up_to, via)))


def slot(name: str) -> Slot:
    """Return `$name`: what is given when the question is asked."""
    return Slot(name)


def _root(question: Question) -> Root:
    if isinstance(question.tree, Path) and not question.tree.steps and isinstance(question.tree.source, Root):
        return question.tree.source
    raise QuerySyntaxError("the ways lead between two starts", hint='Write between(ask("disease", "J20"), …).')

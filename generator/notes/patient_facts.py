"""What a patient's row says, as the facts of a note: each stands on the edge of its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from generator.errors import RowsInvalid
from generator.facts import DIAGNOSIS, Fact, FactSheet
from generator.linking.vocabulary import Term, term_of
from generator.notes.patient_rows import PatientRow, Statement
from generator.phrases import ALSO_ILL, DIAGNOSIS_WITHOUT_CODE, HISTORY, PHRASES
from generator.quoting import as_data
from kg.subgraph import SubgraphNode
from kg.values import edge_parts


@dataclass(frozen=True, slots=True)
class _Words:
    """The names of the things that a row speaks of, in one language; those of the graph have their synonyms too."""

    row: PatientRow
    language: str
    nodes: Mapping[str, SubgraphNode]

    def name(self, key: str) -> str:
        """Return the name as it stands in a prompt: the row's own before the graph's."""
        for item in self.row.named():
            if item.id == key and self.language in item.names:
                return as_data(item.names[self.language])
        if key in self.nodes and self.language in self.nodes[key].names:
            return as_data(self.nodes[key].name(self.language))
        raise RowsInvalid(
            f"there is no name of {key} in the language {self.language!r}",
            place=f"patient {self.row.id}",
            hint="Draw the patients with --languages that have the recipe's.",
        )

    def term(self, key: str, kind: str) -> Term:
        """Return by which names a note may tell it."""
        if key in self.nodes:
            return term_of(self.nodes[key])
        names = next((item.names.values() for item in self.row.named() if item.id == key), ())
        return Term(key, kind, tuple(dict.fromkeys(names)))


def sheet_of_patient(
    row: PatientRow, language: str, nodes: Mapping[str, SubgraphNode], *, diagnosis_alone: bool = False
) -> FactSheet:
    """Return the facts of a patient in the order of the row: diagnosis, symptoms, drugs with what they did, history.

    They are worded in `language`. None is dropped: the row is what was drawn. Left out are the two edges that say in
    general why a second disease goes with the first, since they say nothing of this patient. `nodes` are those that a
    note can name, for synonyms.
    """
    words = _Words(row, language, nodes)
    found = [fact for statement in row.facts for fact in _facts(statement, words)]
    if diagnosis_alone:
        found = [fact for fact in found if fact.kind == DIAGNOSIS]
    facts = tuple(replace(fact, id=f"F{number}") for number, fact in enumerate(found, start=1))
    return FactSheet(row.disease_id, row.icd10, facts, ())


def _facts(said: Statement, words: _Words) -> Iterator[Fact]:
    row, language = words.row, words.language
    if said.edge_id is None:
        kind, start, end = "CODED_AS", next(iter(said.term_ids), row.disease_id), ""
    else:
        kind, start, end = edge_parts(said.edge_id)
    if kind == "CODED_AS":
        yield _illness(said, words, start)
        return
    phrase = PHRASES[kind]
    edge = (said.edge_id, said.evidence_ids)
    if kind == "HAS_SYMPTOM":
        name = words.name(end)
        text = phrase.about[language].format(other=name, disease=words.name(start))
        yield Fact("", phrase.fact, name, text, edge[0], (words.term(end, "Symptom"),), None, edge[1])
    elif kind == "RESEMBLES":
        other = end if start == row.disease_id else start
        name = words.name(other)
        text = phrase.about[language].format(other=name)
        yield Fact("", phrase.fact, name, text, edge[0], (words.term(other, "Disease"),), None, edge[1])
    elif kind == "TREATS":
        given = next((drug for drug in row.drugs if said.edge_id in drug.edge_ids), None)
        if given is not None:
            name = words.name(start)
            text = phrase.about[language].format(other=name)
            yield Fact("", phrase.fact, name, text, edge[0], (words.term(start, "Drug"),), None, edge[1], given.dose)
    elif kind == "CAUSES":
        text = phrase.general[language].format(start=words.name(start), end=words.name(end))
        terms = (words.term(start, "Drug"), words.term(end, "SideEffect"))
        yield Fact("", phrase.fact, text.removesuffix("."), text, edge[0], terms, None, edge[1])


def _illness(said: Statement, words: _Words, disease: str) -> Fact:
    """Return the diagnosis, or for a second disease what the patient has besides."""
    row, language = words.row, words.language
    name, term = words.name(disease), words.term(disease, "Disease")
    if disease != row.disease_id:
        text = ALSO_ILL[language].format(disease=name)
        return Fact("", HISTORY, name, text, said.edge_id, (term,), None, said.evidence_ids)
    if row.icd10 is None:
        text = DIAGNOSIS_WITHOUT_CODE[language].format(disease=name)
        return Fact("", DIAGNOSIS, name, text, said.edge_id, (term,), None, said.evidence_ids)
    text = PHRASES["CODED_AS"].about[language].format(disease=name, other=row.icd10)
    return Fact("", DIAGNOSIS, f"{name} ({row.icd10})", text, said.edge_id, (term,), None, said.evidence_ids)

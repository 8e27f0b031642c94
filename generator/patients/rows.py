"""A patient as a row: what was drawn, and for each statement the edge and the evidence that it stands on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import orjson

from generator.jsonl import Row
from generator.patients.draw import Drawn, Given, Options
from generator.patients.pool import Illness
from generator.phrases import DIAGNOSIS_WITHOUT_CODE, PHRASES
from generator.quoting import as_data
from kg.query.build import Question, ask
from kg.subgraph import SubgraphEdge, SubgraphNode

_ADULT: Final = 18
# What the patient has or is given; other edges are said of the two things at their ends.
_OF_THE_PATIENT: Final = frozenset({"CODED_AS", "HAS_SYMPTOM", "TREATS"})


@dataclass(slots=True)
class RowWriter:
    """Makes rows of one run. Statements are in the first of `languages`, names in all of them."""

    languages: Sequence[str]
    population: str
    options: Options
    release: str
    _texts: dict[tuple[str, bool], str] = field(default_factory=dict[tuple[str, bool], str])
    _questions: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def row(self, drawn: Drawn, index: int, attempt: int) -> Row:
        """Return the row of a patient; its id follows from its content."""
        person, illness = drawn.person, drawn.illness
        facts = self._facts(drawn)
        row: Row = {
            "index": index,
            "icd10": illness.icd10,
            "disease_id": illness.id,
            **self._subcode(drawn),
            "patient": {
                "age": person.age,
                "sex": person.sex,
                "pregnant": drawn.pregnant,
                "location": person.location.id,
                "location_names": {language: person.location.names[language] for language in self.languages},
                "marital_state": person.marital_state,
                "smoker": person.smoker,
                "ethnic_group": person.group.id if person.group else None,
                "ethnic_group_names": (
                    {language: person.group.names[language] for language in self.languages} if person.group else {}
                ),
            },
            "diseases": [self._disease(illness, "main")]
            + ([self._disease(drawn.second[1], "comorbidity")] if drawn.second else []),
            "symptoms": [
                self._named(link.node) | {"weight": link.edge.properties.get("weight"), "edge_id": link.edge.id}
                for link in drawn.symptoms
            ],
            "drugs": [self._drug(given, illness, person.age) for given in drawn.drugs],
            "side_effects": [
                self._named(link.node)
                | {
                    "drug_id": given.treats.node.id,
                    "frequency": link.edge.properties.get("frequency"),
                    "edge_id": link.edge.id,
                }
                for given in drawn.drugs
                for link in given.effects
            ],
            "facts": facts,
            "question": self._question(drawn),
            "languages": list(self.languages),
            "population": self.population,
            "temperature": self.options.temperature,
            "seed": drawn.seed,
            "attempt": attempt,
            "graph_release": self.release,
        }
        content = orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
        return {"id": f"PATIENT:{hashlib.sha256(content).hexdigest()[:24]}", **row}

    def _named(self, node: SubgraphNode) -> Row:
        return {"id": node.id, "names": {language: node.name(language) for language in self.languages}}

    def _disease(self, illness: Illness, role: str) -> Row:
        return self._named(illness.node) | {"icd10": illness.icd10, "role": role}

    def _subcode(self, drawn: Drawn) -> Row:
        if not self.options.subcodes:
            return {}
        link = drawn.subcode
        if link is None:
            return {"subcode": None}
        return {"subcode": self._named(link.node) | {"icd10": link.node.id.partition(":")[2], "edge_id": link.edge.id}}

    def _drug(self, given: Given, illness: Illness, age: int) -> Row:
        for_disease = given.over.node.id if given.over else illness.id
        return self._named(given.treats.node) | {
            "atc": given.treats.node.properties.get("atc"),
            "for": for_disease,
            "relations": (["RESEMBLES"] if given.over else []) + ["TREATS"],
            "purpose": given.treats.edge.properties.get("purpose"),
            # The graph's doses are those of adults.
            "dose": given.treats.edge.properties.get("dose") if age >= _ADULT else None,
            "edge_ids": ([given.over.edge.id] if given.over else []) + [given.treats.edge.id],
        }

    def _facts(self, drawn: Drawn) -> list[Row]:
        illness = drawn.illness
        facts = [self._diagnosis(illness)]
        facts += [self._fact(link.edge, illness, illness.node, link.node) for link in drawn.symptoms]
        over = next((given.over for given in drawn.drugs if given.over), None)
        if over:
            facts.append(self._fact(over.edge, illness, illness.node, over.node))
        for given in drawn.drugs:
            source = given.over.node if given.over else illness.node
            facts.append(self._fact(given.treats.edge, illness, given.treats.node, source))
            facts += [self._fact(link.edge, illness, given.treats.node, link.node) for link in given.effects]
        if drawn.second:
            way, other = drawn.second
            drug = next(link.node for link in illness.drugs if link.node.id == way.treats.start)
            facts.append(self._diagnosis(other))
            # That the drug is given for the disease is what joins the two, not what this patient takes.
            facts.append(self._fact(way.treats, None, drug, illness.node))
            facts.append(self._fact(way.forbidden, None, drug, other.node))
        return [{"id": f"F{number}", **fact} for number, fact in enumerate(facts, start=1)]

    def _diagnosis(self, illness: Illness) -> Row:
        language = self.languages[0]
        if illness.code is None:
            text = DIAGNOSIS_WITHOUT_CODE[language].format(disease=as_data(illness.node.name(language)))
            return {
                "kind": PHRASES["CODED_AS"].fact,
                "text": text,
                "edge_id": None,
                "term_ids": [illness.id],
                "evidence_ids": [],
            }
        key = (illness.code.id, True)
        if key not in self._texts:
            self._texts[key] = (
                PHRASES["CODED_AS"]
                .about[language]
                .format(disease=as_data(illness.node.name(language)), other=illness.icd10)
            )
        return self._told(illness.code, self._texts[key], [illness.id])

    def _fact(self, edge: SubgraphEdge, patient: Illness | None, one: SubgraphNode, other: SubgraphNode) -> Row:
        """Return what an edge between two nodes says of the patient with that disease, or in general."""
        personal = patient is not None and edge.kind in _OF_THE_PATIENT
        key = (edge.id, personal)
        if key not in self._texts:
            language = self.languages[0]
            ends = {one.id: one, other.id: other}
            phrase = PHRASES[edge.kind].about if personal else PHRASES[edge.kind].general
            # A symptom is the end of its edge, a drug the start.
            subject = ends[edge.end if edge.kind == "HAS_SYMPTOM" else edge.start]
            self._texts[key] = phrase[language].format(
                other=as_data(subject.name(language)),
                disease=as_data(patient.node.name(language)) if patient else "",
                start=as_data(ends[edge.start].name(language)),
                end=as_data(ends[edge.end].name(language)),
            )
        return self._told(edge, self._texts[key], [one.id, other.id])

    def _told(self, edge: SubgraphEdge, text: str, terms: list[str]) -> Row:
        return {
            "kind": PHRASES[edge.kind].fact,
            "text": text,
            "edge_id": edge.id,
            "term_ids": terms,
            "evidence_ids": list(edge.evidence_ids),
        }

    def _question(self, drawn: Drawn) -> Row:
        """Return the questions whose answers hold every edge of the row."""
        key = drawn.illness.id
        if key not in self._questions:
            disease = ask("disease", key)
            self._questions[key] = {
                "code": str(disease.step("codes")),
                "subcode": str(disease.step("codes").step("parts")),
                "drugs": str(disease.step("drugs")),
                "side_effects": str(disease.step("drugs").step("side_effects")),
                "lookalike drugs": str(disease.step("resembling").step("drugs")),
                "lookalike side_effects": str(disease.step("resembling").step("drugs").step("side_effects")),
                "comorbidity": str(disease.step("drugs").step("contraindications")),
            }
        known = self._questions[key]
        asked = {"symptoms": str(_sample(key, drawn, self.options.temperature))}
        if drawn.illness.code:
            asked["code"] = known["code"]
        if drawn.subcode:
            asked["subcode"] = known["subcode"]
        if drawn.drugs:
            alike = "lookalike " if drawn.drugs[0].over else ""
            asked["drugs"] = known[f"{alike}drugs"]
            if any(given.effects for given in drawn.drugs):
                asked["side_effects"] = known[f"{alike}side_effects"]
        if drawn.second:
            asked["comorbidity"] = known["comorbidity"]
            if drawn.second[1].code:
                asked["comorbidity_code"] = str(ask("disease", drawn.second[1].id).step("codes"))
        return asked


def _sample(disease: str, drawn: Drawn, temperature: float) -> Question:
    return (
        ask("disease", disease).step("symptoms").sample(drawn.sampled, drawn.seed, by="weight", temperature=temperature)
    )

"""A small graph written by hand, and answers to the few questions that the shipped recipes ask of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.errors import UnknownName
from kg.subgraph import Hop, Subgraph, SubgraphEdge, SubgraphNode
from kg.values import edge_id

# English name, Russian name, synonyms: of tests alone, not clinically reviewed.
SYMPTOMS = {
    "T:cough": ("cough", "кашель", ()),
    "T:dry_cough": ("dry cough", "сухой кашель", ()),
    "T:fever": ("fever", "лихорадка", ("raised temperature", "повышение температуры")),
    "T:wheeze": ("wheezing", "свистящее дыхание", ()),
    "T:fatigue": ("fatigue", "утомляемость", ("tiredness",)),
    "T:headache": ("headache", "головная боль", ()),
    "T:nausea": ("nausea", "тошнота", ()),
    "T:light": ("sensitivity to light", "светобоязнь", ("photophobia",)),
    "T:thirst": ("increased thirst", "жажда", ()),
    "T:urine": ("frequent urination", "учащённое мочеиспускание", ()),
    "T:vision": ("blurred vision", "нечёткость зрения", ()),
    "T:dizzy": ("dizziness", "головокружение", ()),
    "T:joint": ("joint pain", "боль в суставе", ()),
    "T:swelling": ("swelling", "отёк", ()),
    "T:red": ("redness of the skin", "покраснение кожи", ()),
    "T:burn": ("painful urination", "болезненное мочеиспускание", ()),
    "T:pain": ("pain", "боль", ()),
    "T:rash": ("rash", "сыпь", ()),
    "T:heartburn": ("heartburn", "изжога", ()),
    "T:sour": ("sour taste in the mouth", "кислый привкус во рту", ()),
    "T:sneeze": ("sneezing", "чихание", ()),
    "T:nose": ("blocked nose", "заложенность носа", ()),
    "T:sad": ("low mood", "подавленное настроение", ()),
    "T:sleep": ("poor sleep", "плохой сон", ()),
}
DRUGS = {
    "D:paracetamol": ("paracetamol", "парацетамол", ("acetaminophen",)),
    "D:ambroxol": ("ambroxol", "амброксол", ()),
    "D:metformin": ("metformin", "метформин", ()),
    "D:empagliflozin": ("empagliflozin", "эмпаглифлозин", ()),
    "D:sumatriptan": ("sumatriptan", "суматриптан", ()),
    "D:ibuprofen": ("ibuprofen", "ибупрофен", ()),
    "D:amlodipine": ("amlodipine", "амлодипин", ()),
    "D:indapamide": ("indapamide", "индапамид", ()),
    "D:colchicine": ("colchicine", "колхицин", ()),
    "D:allopurinol": ("allopurinol", "аллопуринол", ()),
    "D:nitrofurantoin": ("nitrofurantoin", "нитрофурантоин", ()),
    "D:aspirin": ("aspirin", "аспирин", ()),
    "D:tamsulosin": ("tamsulosin", "тамсулозин", ()),
    "D:finasteride": ("finasteride", "финастерид", ()),
    "D:omeprazole": ("omeprazole", "омепразол", ()),
    "D:cetirizine": ("cetirizine", "цетиризин", ()),
    "D:sertraline": ("sertraline", "сертралин", ()),
}
DISEASES: dict[str, tuple[str, str, str, dict[str, object], dict[str, float], tuple[str, ...]]] = {
    "DOID:1": (
        "J20",
        "acute bronchitis",
        "острый бронхит",
        {},
        {"T:cough": 0.9, "T:fever": 0.5, "T:wheeze": 0.4, "T:fatigue": 0.3},
        ("D:paracetamol", "D:ambroxol"),
    ),
    "DOID:2": (
        "E11",
        "type 2 diabetes mellitus",
        "сахарный диабет 2 типа",
        {"age_min": 30},
        {"T:thirst": 0.8, "T:urine": 0.7, "T:vision": 0.4, "T:fatigue": 0.4},
        ("D:metformin", "D:empagliflozin"),
    ),
    "DOID:3": (
        "G43",
        "migraine",
        "мигрень",
        {"age_min": 12, "age_max": 60},
        {"T:headache": 0.95, "T:nausea": 0.6, "T:light": 0.6, "T:vision": 0.2},
        ("D:sumatriptan", "D:ibuprofen"),
    ),
    "DOID:4": (
        "I10",
        "essential hypertension",
        "эссенциальная гипертензия",
        {"age_min": 35},
        {"T:headache": 0.5, "T:dizzy": 0.4, "T:fatigue": 0.2, "T:vision": 0.1},
        ("D:amlodipine", "D:indapamide"),
    ),
    "DOID:5": (
        "M10",
        "gout",
        "подагра",
        {"age_min": 30},
        {"T:joint": 0.95, "T:swelling": 0.8, "T:red": 0.6},
        ("D:colchicine", "D:allopurinol"),
    ),
    "DOID:6": (
        "N30",
        "cystitis",
        "цистит",
        {},
        {"T:burn": 0.9, "T:urine": 0.8, "T:fever": 0.1},
        ("D:nitrofurantoin",),
    ),
    "DOID:7": (
        "N40",
        "benign prostatic hyperplasia",
        "доброкачественная гиперплазия предстательной железы",
        {"sex": "male", "age_min": 50},
        {"T:urine": 0.9, "T:burn": 0.2},
        ("D:tamsulosin", "D:finasteride"),
    ),
    "DOID:8": (
        "K21",
        "gastro-oesophageal reflux disease",
        "гастроэзофагеальная рефлюксная болезнь",
        {},
        {"T:heartburn": 0.9, "T:sour": 0.6, "T:cough": 0.2, "T:nausea": 0.2},
        ("D:omeprazole",),
    ),
    "DOID:9": (
        "J30",
        "allergic rhinitis",
        "аллергический ринит",
        {},
        {"T:sneeze": 0.9, "T:nose": 0.8, "T:headache": 0.1},
        ("D:cetirizine",),
    ),
    "DOID:10": (
        "F32",
        "depressive episode",
        "депрессивный эпизод",
        {},
        {"T:sad": 0.95, "T:sleep": 0.7, "T:fatigue": 0.7},
        ("D:sertraline",),
    ),
}

_QUESTION = re.compile(
    r'^disease "(?P<disease>[^"]*)"'
    r"(?: \| (?P<role>codes|symptoms|drugs)(?: (?P<pick>sample|top) (?P<n>\d+)(?:(?: by weight)? seed (?P<seed>\d+))?)?"
    r"(?: as \w+)?)?$"
)


def node(
    node_id: str, kind: str, english: str, russian: str, synonyms: tuple[str, ...] = (), **properties: object
) -> SubgraphNode:
    by_language: dict[str, tuple[str, ...]] = {
        "ru": tuple(name for name in synonyms if re.search("[а-я]", name)),
        "en": tuple(name for name in synonyms if not re.search("[а-я]", name)),
    }
    return SubgraphNode(node_id, kind, {"en": english, "ru": russian}, by_language, properties)


def edge(kind: str, start: str, end: str, **properties: object) -> SubgraphEdge:
    return SubgraphEdge(edge_id(kind, start, end), kind, start, end, properties, ("EV:1",), ("hand",))


def subgraph(
    question: str, root: SubgraphNode, found: list[tuple[SubgraphEdge, SubgraphNode]], release: str
) -> Subgraph:
    """Return an answer of one step, or of none."""
    return Subgraph(
        question=question,
        nodes={root.id: root} | {other.id: other for _, other in found},
        edges={strand.id: strand for strand, _ in found},
        hops=tuple(Hop(1, root.id, strand.id, other.id) for strand, other in found),
        roots=(root.id,),
        answer=tuple(other.id for _, other in found) if found else (root.id,),
        labels={},
        truncated=(),
        release=release,
    )


@dataclass
class HandGraph:
    """Answers as the real graph does; `asked` keeps the questions."""

    release: str = "CS:1"
    asked: list[str] = field(default_factory=list)
    diseases: Mapping[str, tuple[str, str, str, dict[str, object], dict[str, float], tuple[str, ...]]] = field(
        default_factory=lambda: DISEASES
    )

    async def subgraph(self, question: str) -> Subgraph:
        self.asked.append(question)
        parts = _QUESTION.match(question)
        assert parts, question
        disease_id = self._find(parts["disease"])
        code, english, russian, properties, symptoms, drugs = self.diseases[disease_id]
        root = node(disease_id, "Disease", english, russian, **properties)
        found: list[tuple[SubgraphEdge, SubgraphNode]] = []
        if parts["role"] == "codes":
            icd = node(f"ICD10:{code}", "IcdCode", english, russian, system="ICD10", level="category")
            found = [(edge("CODED_AS", disease_id, icd.id), icd)]
        elif parts["role"] == "symptoms":
            found = [
                (edge("HAS_SYMPTOM", disease_id, symptom, weight=weight), node(symptom, "Symptom", *SYMPTOMS[symptom]))
                for symptom, weight in symptoms.items()
            ]
        elif parts["role"] == "drugs":
            found = [
                (edge("TREATS", drug, disease_id, purpose="symptomatic"), node(drug, "Drug", *DRUGS[drug]))
                for drug in drugs
            ]
        if parts["pick"] == "sample":
            found.sort(key=lambda pair: hashlib.sha256(f"{parts['seed']} {pair[0].id}".encode()).digest())
        if parts["pick"]:
            found = found[: int(parts["n"])]
        return subgraph(question, root, found, self.release)

    async def vocabulary(self) -> tuple[SubgraphNode, ...]:
        return (
            *(node(disease, "Disease", row[1], row[2]) for disease, row in self.diseases.items()),
            *(node(symptom, "Symptom", *names) for symptom, names in SYMPTOMS.items()),
            *(node(drug, "Drug", *names) for drug, names in DRUGS.items()),
        )

    def _find(self, name: str) -> str:
        for disease_id, row in self.diseases.items():
            if name in {disease_id, row[0], row[1], row[2]}:
                return disease_id
        raise UnknownName(f"no disease is called {name!r}", hint="Check the code.")

"""The shapes of operations that are measured: in our schema, in the peer's, and as Cypher by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, LiteralString

Values = Literal["disease", "symptom", "page", "part", "name", "proposal"]


@dataclass(frozen=True, slots=True)
class Shape:
    """One operation three times: as ours, as the peer's, as a statement of a person who knows Cypher.

    Ours and the peer's select the same things in the same order, so that the leaves of their answers can be compared;
    `same` is how many of them have to agree, all unless it is told. `takes` says what its variables are drawn from;
    an answer has a list of at most a page of them. A `write` has no statement: by hand it would skip what makes it one.
    """

    name: str
    takes: Values
    ours: str
    peers: str
    by_hand: LiteralString | None = None
    same: int | None = None

    @property
    def writes(self) -> bool:
        """Whether it changes the graph."""
        return self.by_hand is None


PAGE: Final = 50

_SYMPTOMS: Final[LiteralString] = (
    "COLLECT { MATCH (d)-[r:HAS_SYMPTOM]->(s:Symptom) WITH r, s ORDER BY r.weight DESC, s.id LIMIT 10"
    " RETURN {weight: r.weight, node: {id: s.id, name: s.name}} }"
)
_DRUGS: Final[LiteralString] = (
    "COLLECT { MATCH (d)<-[:TREATS]-(x:Drug) WITH x ORDER BY x.name, x.id LIMIT 10 RETURN {id: x.id, name: x.name} }"
)
_DRUGS_IN_CLASSES: Final[LiteralString] = (
    "COLLECT { MATCH (d)<-[:TREATS]-(x:Drug) WITH x ORDER BY x.name, x.id LIMIT 10"
    " RETURN {id: x.id, name: x.name, inClass: COLLECT { MATCH (x)-[:IN_CLASS]->(c:DrugClass)"
    " WITH c ORDER BY c.id LIMIT 20 RETURN {id: c.id, name: c.name} }} }"
)
_FIVE_DRUGS: Final[LiteralString] = (
    "COLLECT { MATCH (d)<-[:TREATS]-(x:Drug) WITH x ORDER BY x.name, x.id LIMIT 5 RETURN {id: x.id, name: x.name} }"
)
_AFTER: Final[LiteralString] = (
    "MATCH (d:Disease) WHERE d.name >= $name AND (d.name > $name OR d.id > $id) WITH d ORDER BY d.name, d.id LIMIT 50"
)

SHAPES: Final[tuple[Shape, ...]] = (
    Shape(
        "lookup",
        "disease",
        """query Q($id: ID!) { disease(id: $id) { id name synonyms
          symptoms(first: 10) { edges { weight node { id name } } }
          drugs(first: 10, orderBy: [NAME]) { nodes { id name } } } }""",
        """query Q($id: ID!) { diseases(where: {id: {eq: $id}}) { id name synonyms
          symptomsConnection(first: 10, sort: [{edge: {weight: DESC}}]) {
            edges { properties { weight } node { id name } } }
          drugs(limit: 10, sort: [{name: ASC}]) { id name } } }""",
        f"MATCH (d:Disease {{id: $id}}) RETURN d.id, d.name, d.synonyms_en, {_SYMPTOMS}, {_DRUGS}",
    ),
    Shape(
        "list50",
        "page",
        """query Q($after: String) { diseases(first: 50, after: $after) { nodes { id name
          symptoms(first: 10) { edges { weight node { id name } } }
          drugs(first: 10, orderBy: [NAME]) { nodes { id name inClass(orderBy: [ID]) { nodes { id name } } } } } } }""",
        """query Q($offset: Int!) { diseases(limit: 50, offset: $offset, sort: [{name: ASC}]) { id name
          symptomsConnection(first: 10, sort: [{edge: {weight: DESC}}]) {
            edges { properties { weight } node { id name } } }
          drugs(limit: 10, sort: [{name: ASC}]) { id name inClass(limit: 20, sort: [{id: ASC}]) { id name } } } }""",
        f"{_AFTER} RETURN d.id, d.name, {_SYMPTOMS}, {_DRUGS_IN_CLASSES}",
    ),
    Shape(
        "twohop",
        "disease",
        """query Q($id: ID!) { disease(id: $id) { id name symptoms(first: 10, orderBy: [NAME]) { nodes { id name
          diseases(first: 10, orderBy: [NAME]) { nodes { id name } } } } } }""",
        """query Q($id: ID!) { diseases(where: {id: {eq: $id}}) { id name symptoms(limit: 10, sort: [{name: ASC}]) {
          id name diseases(limit: 10, sort: [{name: ASC}]) { id name } } } }""",
        "MATCH (d:Disease {id: $id}) RETURN d.id, d.name, COLLECT { MATCH (d)-[:HAS_SYMPTOM]->(s:Symptom)"
        " WITH s ORDER BY s.name, s.id LIMIT 10 RETURN {id: s.id, name: s.name, diseases: COLLECT {"
        " MATCH (s)<-[:HAS_SYMPTOM]-(e:Disease) WITH e ORDER BY e.name, e.id LIMIT 10"
        " RETURN {id: e.id, name: e.name} }} }",
    ),
    Shape(
        "contains",
        "part",
        """query Q($part: String!) { diseases(first: 20, where: {name: {contains: $part}}) {
          nodes { id name synonyms } } }""",
        """query Q($part: String!) { diseases(where: {name: {contains: $part}}, limit: 20, sort: [{name: ASC}]) {
          id name synonyms } }""",
        "MATCH (d:Disease) WHERE d.name CONTAINS $part WITH d ORDER BY d.name, d.id LIMIT 20"
        " RETURN d.id, d.name, d.synonyms_en",
    ),
    Shape(
        "fulltext",
        "name",
        "query Q($text: String!) { search(text: $text, kinds: [DISEASE], first: 20) { node { id name } score } }",
        "query Q($text: String!) { searchDiseases(phrase: $text, first: 20) { edges { node { id name } score } } }",
        "CALL db.index.fulltext.queryNodes('names', $text) YIELD node, score WHERE 'Disease' IN labels(node)"
        " RETURN node.id, node.name, score LIMIT 20",
        same=2,
    ),
    Shape(
        "page",
        "page",
        """query Q($after: String) { diseases(first: 50, after: $after) { totalCount edges { cursor node { id name } }
          pageInfo { hasNextPage endCursor } } }""",
        """query Q($after: String) { diseasesConnection(first: 50, after: $after, sort: [{name: ASC}]) {
          totalCount edges { cursor node { id name } } pageInfo { hasNextPage endCursor } } }""",
        f"{_AFTER} WITH collect({{id: d.id, name: d.name}}) AS page RETURN page, COUNT {{ MATCH (:Disease) }}",
    ),
    Shape(
        "aggregate",
        "disease",
        """query Q($id: ID!) { diseases { totalCount } drugs { totalCount }
          disease(id: $id) { id symptoms { aggregate { count weight { average maximum } } } } }""",
        """query Q($id: ID!) { diseasesConnection { aggregate { count { nodes } } }
          drugsConnection { aggregate { count { nodes } } }
          diseases(where: {id: {eq: $id}}) { id symptomsConnection { aggregate {
            count { nodes } edge { weight { average max } } } } } }""",
        "MATCH (d:Disease {id: $id})-[r:HAS_SYMPTOM]->(:Symptom)"
        " WITH d, count(r) AS number, avg(r.weight) AS average, max(r.weight) AS most"
        " RETURN COUNT { MATCH (:Disease) }, COUNT { MATCH (:Drug) }, d.id, number, average, most",
    ),
    Shape(
        "relfilter",
        "symptom",
        """query Q($id: ID!) { diseases(first: 20,
          where: {symptoms: {some: {node: {id: {eq: $id}}, edge: {weight: {atLeast: 0.5}}}}}) {
          nodes { id name drugs(first: 5, orderBy: [NAME]) { nodes { id name } } } } }""",
        """query Q($id: ID!) { diseases(limit: 20, sort: [{name: ASC}],
          where: {symptomsConnection: {some: {node: {id: {eq: $id}}, edge: {weight: {gte: 0.5}}}}}) {
          id name drugs(limit: 5, sort: [{name: ASC}]) { id name } } }""",
        "MATCH (:Symptom {id: $id})<-[r:HAS_SYMPTOM]-(d:Disease) WHERE r.weight >= 0.5"
        f" WITH d ORDER BY d.name, d.id LIMIT 20 RETURN d.id, d.name, {_FIVE_DRUGS}",
    ),
    Shape(
        "mutation",
        "proposal",
        """mutation M($start: ID!, $end: ID!, $text: String!, $weight: Float!) {
          proposeEdge(input: {kind: HAS_SYMPTOM, start: $start, end: $end, reference: $text, note: $text,
            properties: {weight: $weight}}) { proposal { id status } errors { message } } }""",
        """mutation M($start: String!, $end: String!, $text: String!, $weight: Float!) {
          createPeerProposals(input: [{id: $text, status: "PROPOSED", kind: "HAS_SYMPTOM", start: $start, end: $end,
            weight: $weight, reference: $text, note: $text, by: "bench"}]) { peerProposals { id status } } }""",
        same=0,
    ),
)

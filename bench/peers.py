"""Questions beside the Cypher that a person would write for the same nodes, edges and evidence, and for ids alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, LiteralString

_HEAD: Final[LiteralString] = "MATCH (m:Meta {id: 'meta'}) WITH m.head AS release "
_NAMES: Final[LiteralString] = ".id, .name_en, .name_ru, .synonyms_en, .synonyms_ru, .xrefs"
_DISEASE: Final[LiteralString] = "{" + _NAMES + ", .sex, .age_min, .age_max, .prior}"
_SYMPTOM: Final[LiteralString] = "{" + _NAMES + "}"
_DRUG: Final[LiteralString] = "{" + _NAMES + ", .atc}"
_WEIGHTED: Final[LiteralString] = "{.id, .weight, .evidence, .sources}"
_TREATS: Final[LiteralString] = "{.id, .purpose, .dose, .evidence, .sources}"
_CAUSES: Final[LiteralString] = "{.id, .frequency, .evidence, .sources}"
_PLAIN: Final[LiteralString] = "{.id, .evidence, .sources}"
_ASTHMA: Final[LiteralString] = "(d:Disease {id: 'DOID:2841'})"
_SCORE: Final[LiteralString] = "round(sum(coalesce(r.weight, 0.0)), 6)"


@dataclass(frozen=True, slots=True)
class Peer:
    """A question, the Cypher for the same answer whole, and the Cypher for the ids of its answer (as `ids`)."""

    question: str
    same: LiteralString
    ids: LiteralString


PEERS: Final[dict[str, Peer]] = {
    "1 hop": Peer(
        'disease "DOID:2841" | symptoms',
        f"{_HEAD} MATCH {_ASTHMA}-[r:HAS_SYMPTOM]->(s:Symptom) WITH release, d, r, s ORDER BY coalesce(r.weight, 0.0)"
        f" DESC, s.id LIMIT 1000 RETURN release, d {_DISEASE} AS root, collect([r {_WEIGHTED}, s {_SYMPTOM}]) AS found",
        f"MATCH {_ASTHMA}-[r:HAS_SYMPTOM]->(s:Symptom) WITH s ORDER BY coalesce(r.weight, 0.0) DESC, s.id LIMIT 1000"
        " RETURN collect(s.id) AS ids",
    ),
    "1 hop, top 5": Peer(
        'disease "DOID:2841" | symptoms top 5 by weight',
        f"{_HEAD} MATCH {_ASTHMA}-[r:HAS_SYMPTOM]->(s:Symptom) WITH release, d, r, s ORDER BY coalesce(r.weight, 0.0)"
        f" DESC, s.id LIMIT 5 RETURN release, d {_DISEASE} AS root, collect([r {_WEIGHTED}, s {_SYMPTOM}]) AS found",
        f"MATCH {_ASTHMA}-[r:HAS_SYMPTOM]->(s:Symptom) WITH s ORDER BY coalesce(r.weight, 0.0) DESC, s.id LIMIT 5"
        " RETURN collect(s.id) AS ids",
    ),
    "filtered": Peer(
        'disease "DOID:2841" | drugs where purpose = disease_modifying',
        f"{_HEAD} MATCH {_ASTHMA}<-[r:TREATS]-(x:Drug) WHERE r.purpose = 'disease_modifying' WITH release, d, r, x"
        f" ORDER BY x.id LIMIT 1000 RETURN release, d {_DISEASE} AS root, collect([r {_TREATS}, x {_DRUG}]) AS found",
        f"MATCH {_ASTHMA}<-[r:TREATS]-(x:Drug) WHERE r.purpose = 'disease_modifying' WITH x ORDER BY x.id LIMIT 1000"
        " RETURN collect(x.id) AS ids",
    ),
    "2 hops": Peer(
        'disease "DOID:2841" | symptoms top 5 by weight | diseases top 10',
        f"{_HEAD} MATCH {_ASTHMA}-[f:HAS_SYMPTOM]->(s:Symptom) WITH release, d, s, f ORDER BY coalesce(f.weight, 0.0)"
        f" DESC, s.id LIMIT 5 MATCH (s)<-[r:HAS_SYMPTOM]-(o:Disease) WITH release, d, o, collect([f, s, r]) AS ways,"
        f" {_SCORE} AS score ORDER BY score DESC, o.id LIMIT 10"
        " WITH release, d, collect(o) AS others, collect(ways) AS all UNWIND all AS ways UNWIND ways AS way"
        " WITH release, d, others, collect(DISTINCT way[1]) AS symptoms, collect(DISTINCT way[0]) AS first,"
        " collect(DISTINCT way[2]) AS second"
        f" RETURN release, d {_DISEASE} AS root, [n IN symptoms | n {_SYMPTOM}] AS symptoms,"
        f" [n IN others | n {_DISEASE}] AS others, [e IN first | e {_WEIGHTED}] AS first,"
        f" [e IN second | e {_WEIGHTED}] AS second",
        f"MATCH {_ASTHMA}-[f:HAS_SYMPTOM]->(s:Symptom) WITH s, f ORDER BY coalesce(f.weight, 0.0) DESC, s.id LIMIT 5"
        f" MATCH (s)<-[r:HAS_SYMPTOM]-(o:Disease) WITH o, {_SCORE} AS score ORDER BY score DESC, o.id LIMIT 10"
        " RETURN collect(o.id) AS ids",
    ),
    "2 hops, side effects": Peer(
        'disease "DOID:2841" | drugs | side_effects top 20',
        f"{_HEAD} MATCH {_ASTHMA}<-[t:TREATS]-(x:Drug)-[r:CAUSES]->(e:SideEffect) WITH release, d, e,"
        " collect([t, x, r]) AS ways, round(sum(coalesce(r.frequency, 0.0)), 6) AS score ORDER BY score DESC, e.id"
        " LIMIT 20 WITH release, d, collect(e) AS effects, collect(ways) AS all UNWIND all AS ways UNWIND ways AS way"
        " WITH release, d, effects, collect(DISTINCT way[1]) AS drugs, collect(DISTINCT way[0]) AS first,"
        " collect(DISTINCT way[2]) AS second"
        f" RETURN release, d {_DISEASE} AS root, [n IN drugs | n {_DRUG}] AS drugs,"
        f" [n IN effects | n {_SYMPTOM}] AS effects, [e IN first | e {_TREATS}] AS first,"
        f" [e IN second | e {_CAUSES}] AS second",
        f"MATCH {_ASTHMA}<-[:TREATS]-(x:Drug)-[r:CAUSES]->(e:SideEffect) WITH e,"
        " round(sum(coalesce(r.frequency, 0.0)), 6) AS score ORDER BY score DESC, e.id LIMIT 20"
        " RETURN collect(e.id) AS ids",
    ),
    "3 hops": Peer(
        'disease "DOID:2841" | symptoms | diseases shared >= 3 top 5 by score | drugs',
        f"{_HEAD} MATCH {_ASTHMA}-[f:HAS_SYMPTOM]->(s:Symptom) MATCH (s)<-[r:HAS_SYMPTOM]-(o:Disease)"
        f" WITH release, d, o, collect([f, s, r]) AS ways, count(*) AS shared, {_SCORE} AS score WHERE shared >= 3"
        " ORDER BY score DESC, o.id LIMIT 5 MATCH (o)<-[t:TREATS]-(x:Drug)"
        " WITH release, d, x, collect([t, o, ways]) AS hops ORDER BY size(hops) DESC, x.id LIMIT 1000"
        " WITH release, d, collect(x) AS drugs, collect(hops) AS all UNWIND all AS hops UNWIND hops AS hop"
        " WITH release, d, drugs, collect(DISTINCT hop[1]) AS others, collect(DISTINCT hop[0]) AS third,"
        " collect(DISTINCT hop[2]) AS each UNWIND each AS ways UNWIND ways AS way"
        " WITH release, d, drugs, others, third, collect(DISTINCT way[1]) AS symptoms,"
        " collect(DISTINCT way[0]) AS first, collect(DISTINCT way[2]) AS second"
        f" RETURN release, d {_DISEASE} AS root, [n IN symptoms | n {_SYMPTOM}] AS symptoms,"
        f" [n IN others | n {_DISEASE}] AS others, [n IN drugs | n {_DRUG}] AS drugs,"
        f" [e IN first | e {_WEIGHTED}] AS first, [e IN second | e {_WEIGHTED}] AS second,"
        f" [e IN third | e {_TREATS}] AS third",
        f"MATCH {_ASTHMA}-[:HAS_SYMPTOM]->(s:Symptom) MATCH (s)<-[r:HAS_SYMPTOM]-(o:Disease)"
        f" WITH o, count(*) AS shared, {_SCORE} AS score WHERE shared >= 3"
        " WITH o, score ORDER BY score DESC, o.id LIMIT 5"
        " MATCH (o)<-[t:TREATS]-(x:Drug) WITH x, count(t) AS ways ORDER BY ways DESC, x.id LIMIT 1000"
        " RETURN collect(x.id) AS ids",
    ),
    "shared by two": Peer(
        'disease "DOID:2841" | symptoms & disease "DOID:3083" | symptoms',
        f"{_HEAD} MATCH {_ASTHMA}-[r:HAS_SYMPTOM]->(s:Symptom)<-[q:HAS_SYMPTOM]-(o:Disease {{id: 'DOID:3083'}})"
        " WITH release, d, o, r, s, q ORDER BY coalesce(r.weight, 0.0) DESC, s.id"
        f" RETURN release, d {_DISEASE} AS one, o {_DISEASE} AS other,"
        f" collect([r {_WEIGHTED}, s {_SYMPTOM}, q {_WEIGHTED}]) AS found",
        f"MATCH {_ASTHMA}-[r:HAS_SYMPTOM]->(s:Symptom)<-[:HAS_SYMPTOM]-(:Disease {{id: 'DOID:3083'}})"
        " WITH s ORDER BY coalesce(r.weight, 0.0) DESC, s.id RETURN collect(s.id) AS ids",
    ),
    "taken away": Peer(
        'disease "DOID:2841" | drugs - disease "DOID:3083" | drugs',
        f"{_HEAD} MATCH {_ASTHMA}<-[r:TREATS]-(x:Drug) WHERE NOT (x)-[:TREATS]->(:Disease {{id: 'DOID:3083'}})"
        " WITH release, d, r, x ORDER BY x.id"
        f" RETURN release, d {_DISEASE} AS root, collect([r {_TREATS}, x {_DRUG}]) AS found",
        f"MATCH {_ASTHMA}<-[:TREATS]-(x:Drug) WHERE NOT (x)-[:TREATS]->(:Disease {{id: 'DOID:3083'}})"
        " WITH x ORDER BY x.id RETURN collect(x.id) AS ids",
    ),
    "repeated": Peer(
        'drug "DRUGBANK:DB00945" | in_class 1..3',
        f"{_HEAD} MATCH w = (x:Drug {{id: 'DRUGBANK:DB00945'}})-[:IN_CLASS*1..3]->(c:DrugClass)"
        " WITH release, x, c, collect(relationships(w)) AS ways ORDER BY c.id UNWIND ways AS way UNWIND way AS r"
        " WITH release, x, c, collect(DISTINCT r) AS edges"
        f" RETURN release, x {_DRUG} AS root, collect([c {_SYMPTOM}, [r IN edges | r {_PLAIN}]]) AS found",
        "MATCH (x:Drug {id: 'DRUGBANK:DB00945'})-[:IN_CLASS*1..3]->(c:DrugClass)"
        " WITH c, count(*) AS ways ORDER BY ways DESC, c.id RETURN collect(c.id) AS ids",
    ),
    "ways between": Peer(
        'between disease "DOID:2841" and drug "DRUGBANK:DB00945" up to 4 via HAS_SYMPTOM, TREATS',
        f"{_HEAD} MATCH {_ASTHMA}, (x:Drug {{id: 'DRUGBANK:DB00945'}})"
        " MATCH w = allShortestPaths((d)-[:HAS_SYMPTOM|TREATS*..4]-(x))"
        " WITH release, w, [r IN relationships(w) | r.id] AS ids ORDER BY ids LIMIT 100"
        " WITH release, collect(w) AS ways"
        " CALL (ways) { UNWIND ways AS w UNWIND nodes(w) AS n WITH DISTINCT n RETURN collect(n {.*}) AS nodes }"
        " CALL (ways) { UNWIND ways AS w UNWIND relationships(w) AS r WITH DISTINCT r RETURN"
        " collect(r {.id, .weight, .purpose, .dose, .evidence, .sources}) AS edges }"
        " RETURN release, [w IN ways | [[n IN nodes(w) | n.id], [r IN relationships(w) | r.id]]] AS ways, nodes, edges",
        f"MATCH {_ASTHMA}, (x:Drug {{id: 'DRUGBANK:DB00945'}})"
        " MATCH w = allShortestPaths((d)-[:HAS_SYMPTOM|TREATS*..4]-(x)) RETURN collect(DISTINCT x.id) AS ids",
    ),
}

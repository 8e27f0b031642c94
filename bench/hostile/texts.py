"""Values that break what is not careful: Cypher, odd signs, long texts, numbers at their ends, the wrong types."""

from __future__ import annotations

from typing import Final

# Stands in every text that tries to be Cypher, so that it can be looked for in the statements that are run.
MARK: Final = "zqx"
CYPHER: Final = (
    f"{MARK}') DETACH DELETE n //",
    f'{MARK}"}}) MATCH (n) DETACH DELETE n //',
    f"{MARK}\\u0060) DETACH DELETE n //",
    f"{MARK}\u0060) MATCH (x) DETACH DELETE x RETURN 1 //",
    f"{MARK}\\' OR 1=1 WITH 1 AS x MATCH (n) SET n.{MARK}=1 //",
    f"$q {MARK} $first {{{MARK}}}",
    f"/* {MARK} */ // {MARK}\n DELETE n",
    f"{MARK}' RETURN 1 UNION MATCH (n) DETACH DELETE n RETURN 1 //",
    f"{MARK}'}} CALL {{ CREATE (:{MARK}) }} //",
    f"{MARK}' CALL db.labels() YIELD label CREATE (:{MARK}) //",
    f"{MARK}' LOAD CSV FROM 'file:///etc/passwd' AS row CREATE (:{MARK}) //",
    f"{MARK}'; DROP CONSTRAINT node_id; //",
    f"{MARK}:Disease`{{id:1}} CREATE (:{MARK})-[:`{MARK}`]->() //",
)
ODD: Final = (
    "",
    " ",
    "\0",
    "a\0b",
    "\u202ehguoc\u202c",
    "\u2066\u2067\u200b\ufeff",
    "\x1b[31m\x07\x08\x7f",
    "\r\n\t\v\f\x85\u2028\u2029",
    "\U0001f600\u0301" * 20,
    "\uffff\ufffe",
    "é" * 4500,
    "x" * 10_000,
    "DOID:" + "9" * 9000,
    ":" * 300,
    '%%__*?~^!(){}[]"\\/+-&|:',
    "*",
    "~2147483647",
    "cough~99999999999",
    "(" * 500,
    "NaN",
    "Infinity",
    "null",
    "-0",
    "1e308",
    "9223372036854775808",
    "__proto__",
    "{{7*7}} ${7*7} #{7*7}",
    "../../../etc/passwd",
    "CS:",
    "=HYPERLINK(1)",
    "DOID:2841/HAS_SYMPTOM/" + "HP:1/" * 400,
)
IDS: Final = (
    *("DOID:9395", "DOID:2841", "DOID:552", "HP:0012735", "HP:0001945", "DB:salbutamol", "ATC:R03", "SE:tremor"),
    *("ICD10:J20", "J20", "J00", "asthma", "cough", "DOID:2841/HAS_SYMPTOM/HP:0012735", "mkg-core", "2026-01-01"),
)
QUESTIONS: Final = (
    'disease "{}" | symptoms',
    'disease "asthma" | symptoms where weight > {}',
    "symptom {} | diseases top 3",
    'diseases where name contains "{}" | drugs',
    'disease "asthma" as of "{}"',
    "{}",
)
INTS: Final = (0, 1, 2, 3, 20, 200, -1, 201, 2**31 - 1, -(2**31), 2**31, 2**63, 10**30)
FLOATS: Final = (0, 0.5, 1, -0.0, -1, 1e308, -1e308, 5e-324, 10**400)
# What stands where something of another type belongs.
WRONG: Final = ("text", 7, -0.5, True, None, [], [[[]]], [None], {}, {"and": None}, {"eq": {"eq": {}}})

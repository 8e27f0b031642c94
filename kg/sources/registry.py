"""All formats that can be loaded without a mapping file, in the order in which they build upon one another.

Codes and mappings between vocabularies come first, then the things, then what joins them; so a folder that holds many
sources is loaded in this order.
"""

from __future__ import annotations

from typing import Final

from kg.sources import (
    atc,
    biocypher,
    core,
    do_tables,
    drkg,
    drugcentral,
    hetionet,
    hetionet_json,
    hpoa,
    ibkh,
    icd10_claml,
    icd10cm,
    inn,
    kgx,
    labeledin,
    medline,
    medsyn,
    mesh_symptoms,
    mkb10,
    neo4j_admin,
    obo,
    obographs,
    pharmacotherapydb,
    primekg,
    rumed,
    sider,
    sssom,
)
from kg.sources.format import Format

FORMATS: Final[tuple[Format, ...]] = (
    core.FORMAT,
    icd10cm.FORMAT,
    icd10_claml.FORMAT,
    mkb10.FORMAT,
    sssom.FORMAT,
    obo.FORMAT,
    obographs.FORMAT,
    do_tables.FORMAT,
    mesh_symptoms.FORMAT,
    atc.FORMAT,
    inn.FORMAT,
    drugcentral.FORMAT,
    pharmacotherapydb.FORMAT,
    sider.FORMAT,
    labeledin.FORMAT,
    hetionet.FORMAT,
    hetionet_json.FORMAT,
    hpoa.FORMAT,
    medline.FORMAT,
    drkg.FORMAT,
    ibkh.FORMAT,
    primekg.FORMAT,
    kgx.FORMAT,
    biocypher.FORMAT,
    neo4j_admin.FORMAT,
    medsyn.FORMAT,
    rumed.FORMAT,
)
FORMAT_BY_NAME: Final = {known.name: known for known in FORMATS}

"""Which id a drug of DrugCentral has here, and what it is called elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kg.sources.cells import Cells, each, told_rows
from kg.sources.format import Text
from kg.sources.left_out import LeftOut
from kg.sources.records import Record
from kg.values import Node, Same

COLUMNS: Final = ("DRUG_ID", "DRUG_NAME", "ID_TYPE", "IDENTIFIER")
_NUMBER: Final = re.compile(r"\d{1,8}")
_DRUGBANK: Final = "DRUGBANK_ID"

# Public vocabularies of substances, by the prefix that they have here. The rest are lists of trade codes.
_PREFIXES: Final = {
    _DRUGBANK: "DRUGBANK",
    "CHEBI": "CHEBI",
    "ChEMBL_ID": "CHEMBL",
    "INN_ID": "INN",
    "IUPHAR_LIGAND_ID": "IUPHAR.LIGAND",
    "KEGG_DRUG": "KEGG.DRUG",
    "MESH_DESCRIPTOR_UI": "MESH",
    "MESH_SUPPLEMENTAL_RECORD_UI": "MESH",
    "NUI": "NDFRT",
    "PUBCHEM_CID": "PUBCHEM.COMPOUND",
    "RXNORM": "RXNORM",
    "SECONDARY_CAS_RN": "CAS",
    "SNOMEDCT_US": "SNOMEDCT",
    "UMLSCUI": "UMLS",
    "UNII": "UNII",
}
_OTHERS: Final = frozenset(("MDDB", "MMSL", "MMX", "NDDF", "NDFRT", "PDB_CHEM_ID", "VANDF", "VUID"))


@dataclass(frozen=True, slots=True)
class Drugs:
    """The ids of the drugs that have one DrugBank id, by DrugCentral's number, and the name that each id goes by."""

    ids: Mapping[str, str]
    names: Mapping[str, str]

    def id(self, row: Cells, column: str = "DRUG_ID") -> str:
        """Return the id of the drug of this row; raise RowRefusedError when its number is none."""
        number = row[column]
        if not _NUMBER.fullmatch(number):
            raise row.refused(column, "id-form", f"{number!r} is not a number of DrugCentral", "Write it like 719.")
        return self.ids.get(number, f"DRUGCENTRAL:{number}")

    def node(self, drug: str, name: str) -> Node:
        """Return the node of a drug that a row calls by this name.

        DrugBank has one id for what DrugCentral parts into salts and forms: those are other names of the first.
        """
        usual = self.names.get(drug, name)
        return Node("Drug", drug, {"en": usual}, {"en": (name,)} if name.casefold() != usual.casefold() else {})


def drugs_in(text: Text | None) -> Drugs:
    """Return the drugs of the table of identifiers: by DrugBank where there is exactly one id, else by DrugCentral."""
    found: dict[str, set[str]] = {}
    called: dict[str, str] = {}
    for row in told_rows(text, "\t", COLUMNS) if text else ():
        if row["ID_TYPE"] == _DRUGBANK and _NUMBER.fullmatch(row["DRUG_ID"]):
            found.setdefault(row["DRUG_ID"], set()).add(row["IDENTIFIER"])
            called[row["DRUG_ID"]] = row["DRUG_NAME"]
    ids = {number: f"DRUGBANK:{min(found[number])}" for number in sorted(found, key=int) if len(found[number]) == 1}
    names: dict[str, str] = {}
    for number, drug in ids.items():
        names.setdefault(drug, called[number])
    return Drugs(ids, names)


def read_identifiers(text: Text, drugs: Drugs) -> Iterator[Record]:
    """Yield the drugs of the table, and what they are elsewhere; lists of trade codes are skipped.

    What several substances share or one has several of is told all the same: a cross-reference counts where it is one
    to one.
    """
    left_out = LeftOut()
    named: set[str] = set()
    linked: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        drug, number, kind = drugs.id(row), row["DRUG_ID"], row["ID_TYPE"]
        if number not in named:
            named.add(number)
            yield row.record(drugs.node(drug, row.filled("DRUG_NAME")), "DRUG_NAME")
            own = f"DRUGCENTRAL:{number}"
            if drug != own:
                yield row.record(Same("Drug", own, drug), "DRUG_ID")
        if kind in _OTHERS:
            left_out.add(row.place("ID_TYPE"), f"ids-of-{kind.lower()}", kind, f"ids of the list {kind} are not kept")
            return
        if kind not in _PREFIXES:
            message = f"there is no type of id {kind!r}"
            raise row.refused("ID_TYPE", "id-type", message, f"Types: {', '.join(_PREFIXES)}.")
        prefix = _PREFIXES[kind]
        local = row.filled("IDENTIFIER").removeprefix(f"{prefix}:")
        link = Same("Drug", drug, f"{prefix}:{local}", "xref")
        if link.right != drug and link.id not in linked:
            linked.add(link.id)
            yield row.record(link, "IDENTIFIER")

    yield from each(text, "\t", COLUMNS, of)
    yield from left_out.told()

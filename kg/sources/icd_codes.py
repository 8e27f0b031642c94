"""Codes of ICD-10 that a source names for a disease without telling more about them."""

from __future__ import annotations

from typing import cast

from kg.sources import icd_tree
from kg.values import Node


def code_node(curie: str, name: str = "") -> Node:
    """Return the node of a code such as `ICD10CM:J45`, named by the code itself when nothing else names it."""
    system, _, code = curie.partition(":")
    return icd_tree.code_node(cast(icd_tree.System, system), code, {"en": name or code})

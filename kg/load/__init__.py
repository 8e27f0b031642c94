"""Brings files into the graph: read, checked and compared with it, then one change set, and a report of every row."""

from kg.load.folder import recognised
from kg.load.inputs import Inputs, plan_load
from kg.load.load import load
from kg.load.report import ANY, Counts, LoadReport, as_csv, as_json
from kg.load.undo import TakenBack, undo_load

__all__ = [
    "ANY",
    "Counts",
    "Inputs",
    "LoadReport",
    "TakenBack",
    "as_csv",
    "as_json",
    "load",
    "plan_load",
    "recognised",
    "undo_load",
]

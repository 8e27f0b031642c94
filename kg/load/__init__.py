"""Brings files into the graph: read, validate, then one change set, and a report of every row."""

from kg.load.formats import FORMATS, Inputs, plan_load
from kg.load.load import load
from kg.load.report import Counts, LoadReport, as_csv, as_json

__all__ = ["FORMATS", "Counts", "Inputs", "LoadReport", "as_csv", "as_json", "load", "plan_load"]

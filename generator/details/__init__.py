"""Circumstances of a visit that are drawn for a note: no facts of the graph, and told apart from them."""

from generator.details.deal import ASPECTS, SOURCE, Circumstance, Detail, deal_details, details

__all__ = ["ASPECTS", "SOURCE", "Circumstance", "Detail", "deal_details", "details"]

"""Symptoms read out of texts by a model, and joined to the graph."""

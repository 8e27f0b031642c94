"""Patients drawn from the graph and from tables of a population."""

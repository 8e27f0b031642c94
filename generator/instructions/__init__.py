"""Instruction data from the graph: what is asked, what the graph answers, and the question that proves it."""

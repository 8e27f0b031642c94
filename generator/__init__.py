"""Facts of the graph in, clinical notes out: every fact of a note points back to an edge."""

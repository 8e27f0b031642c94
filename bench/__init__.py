"""Measures what the project promises to be quick at: `python -m bench` runs it all and writes `bench/RESULTS.md`."""

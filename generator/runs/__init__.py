"""Long runs: rows in fixed groups, on the disk in such a way that a kill at any moment costs no more than one group."""

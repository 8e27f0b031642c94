"""One thing, one node: which ids mean the same, which of them stands for it, and which links contradict one another."""

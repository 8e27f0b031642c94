"""Where a text names things of the graph, and how it speaks of them."""

"""What is wrong with a graph, as findings that keep their ids: the shipped tables, and how open sources see them."""

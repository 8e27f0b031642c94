"""What a data set is like: figures, a page to look at, and how far runs are."""

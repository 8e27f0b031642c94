"""Makes the adapter that the generator ships: its data from the core graph and our own frames, then the training."""

"""Models behind the one protocol of generator.model: weights in this process, or a server by URL."""

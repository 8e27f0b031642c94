"""Generation jobs: notes that are written behind the scenes, watched, cancelled and kept for a while."""

"""A second judge of notes: by what words mean, where the check goes by how they are written."""

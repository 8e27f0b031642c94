"""The graph that ships with the project, as plain tables that a medical expert can read and edit."""

"""What goes out as files: the graph in formats that this and other programs read."""

from kg.export.choice import Choice, choice
from kg.export.export import FORMATS, Exported, export

__all__ = ["FORMATS", "Choice", "Exported", "choice", "export"]

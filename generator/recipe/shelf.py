"""Where recipes and styles lie: folders one behind another, the first that has a name counts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from generator.errors import RecipeInvalid

SHIPPED: Final = resources.files("generator") / "recipes"

RECIPE: Final = ".recipe"
STYLE: Final = ".style"


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was found by its name."""

    file: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Shelf:
    """Folders to look into; `SHIPPED` is the last one."""

    folders: tuple[Traversable, ...] = ()

    def all_folders(self) -> tuple[Traversable, ...]:
        """Return the folders in the order they are looked into."""
        return (*self.folders, SHIPPED)

    def find(self, name: str, suffix: str, used: Collection[bytes] = ()) -> Found | None:
        """Return the first file of that name whose content is not among `used`.

        So a recipe may extend the shipped one of its own name.
        """
        for folder in self.all_folders():
            entry = folder / f"{name}{suffix}"
            if entry.is_file() and (found := read_file(entry, _said(folder, entry))).content not in used:
                return found
        return None

    def names(self, suffix: str) -> list[str]:
        """Return every name there is, those of the first folder first."""
        found: dict[str, None] = {}
        for folder in self.all_folders():
            if folder.is_dir():
                entries = (entry.name for entry in folder.iterdir() if entry.name.endswith(suffix))
                found.update(dict.fromkeys(sorted(name.removesuffix(suffix) for name in entries)))
        return list(found)


def read_file(entry: Traversable, file: str) -> Found:
    """Return a file by the name it has in errors; raises RecipeInvalid when it cannot be read."""
    try:
        return Found(file, entry.read_bytes())
    except OSError as error:
        raise RecipeInvalid(
            f"the recipe cannot be read: {error.strerror}", place=f"file {file}", hint="Check its path and its rights."
        ) from error


def _said(folder: Traversable, entry: Traversable) -> str:
    return str(entry) if isinstance(folder, Path) and folder != SHIPPED else entry.name


def shelf_of(*folders: Path | None) -> Shelf:
    """Return a shelf with these folders before the shipped one."""
    return Shelf(tuple(dict.fromkeys(folder for folder in folders if folder is not None)))

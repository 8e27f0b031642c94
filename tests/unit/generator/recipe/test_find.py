"""A name that came over the network finds what is shipped or in the folder, and never opens a file by its path."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import RecipeInvalid
from generator.recipe import SHIPPED, find_by_name, find_recipe


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder with one recipe of one's own, beside a recipe that is in no folder of recipes."""
    content = (SHIPPED / "outpatient-en.recipe").read_text("utf-8").replace("id: outpatient-en", "id: mine")
    folder = tmp_path / "recipes"
    folder.mkdir()
    (folder / "mine.recipe").write_text(content, encoding="utf-8")
    (tmp_path / "outside.recipe").write_text(content.replace("id: mine", "id: outside"), encoding="utf-8")
    return folder


def test_a_name_finds_what_is_in_the_folder_and_what_is_shipped(mine: Path) -> None:
    assert find_by_name("mine", mine).id == "mine"
    assert find_by_name("mine+bare", mine).id == find_recipe("mine+bare", mine).id
    assert find_by_name("outpatient-ru", mine).id == "outpatient-ru"


@pytest.mark.parametrize("name", ["{}/outside.recipe", "../outside", "{}/outside.recipe+bare", "../outside.recipe", ""])
def test_a_path_is_no_name(mine: Path, name: str) -> None:
    with pytest.raises(RecipeInvalid, match="there is no recipe"):
        find_by_name(name.format(mine.parent), mine)

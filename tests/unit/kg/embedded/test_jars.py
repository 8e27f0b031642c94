"""The lock file, and how a jar that is missing, changed or forged is met."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from kg.embedded.jars import Jar, ensure_jars, locked_jars, neo4j_version, read_lock, write_lock
from kg.errors import EmbeddedError


def jar(name: str, content: bytes) -> Jar:
    return Jar("org.example", name, "1.0", "", sha256(content).hexdigest())


class Repository:
    """Gives jars from memory and counts how often it was asked for each."""

    def __init__(self, **contents: bytes | Exception) -> None:
        self.contents = contents
        self.asked: list[str] = []

    def fetch(self, group: str, artifact: str, version: str, classifier: str, folder: Path) -> Path:
        self.asked.append(artifact)
        content = self.contents[artifact]
        if isinstance(content, Exception):
            raise content
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / artifact
        path.write_bytes(content)
        return path


def silent(what: str, done: int, total: int) -> None: ...


def ensure(jars: list[Jar], folder: Path, repository: Repository) -> tuple[Path, ...]:
    return ensure_jars(jars, folder, silent, fetch=repository.fetch, pauses=(0.0, 0.0))


def test_the_lock_file_pins_neo4j_and_every_jar_once() -> None:
    jars = locked_jars()
    assert neo4j_version(jars).startswith("5.26.")
    assert len({each.coordinate for each in jars}) == len({each.file_name for each in jars}) == len(jars) > 200


def test_a_lock_file_reads_back_as_it_was_written() -> None:
    jars = (Jar("a", "b", "1", "linux", "0" * 64), Jar("a", "b", "1.0.Final", "", "f" * 64))
    assert set(read_lock("# a remark\n" + write_lock(jars))) == set(jars)


@pytest.mark.parametrize(
    "line", ["a:b 12", "a:b:1", "a:b:1 " + "g" * 64, "../a:b:1 " + "0" * 64, "a:b:1:c:d " + "0" * 64]
)
def test_a_broken_line_of_the_lock_file_is_named(line: str) -> None:
    with pytest.raises(EmbeddedError) as caught:
        read_lock(f"a:b:1 {'0' * 64}\n{line}\n")
    assert caught.value.place == "kg/embedded/jars.lock, line 2"


def test_jars_are_fetched_once_and_progress_is_told(tmp_path: Path) -> None:
    jars, repository, told = [jar("a", b"A"), jar("b", b"B")], Repository(a=b"A", b=b"B"), []
    paths = ensure_jars(jars, tmp_path, lambda *step: told.append(step), fetch=repository.fetch)
    assert [path.read_bytes() for path in paths] == [b"A", b"B"]
    assert told == [("fetching Neo4j", done, 2) for done in (0, 1, 2)]
    assert ensure(jars, tmp_path, repository) == paths
    assert sorted(repository.asked) == ["a", "b"]


def test_a_corrupt_jar_is_fetched_again(tmp_path: Path) -> None:
    jars, repository = [jar("a", b"A"), jar("b", b"B")], Repository(a=b"A", b=b"B")
    first, _ = ensure(jars, tmp_path, repository)
    first.write_bytes(b"AAA")
    ensure(jars, tmp_path, repository)
    assert first.read_bytes() == b"A"
    assert sorted(repository.asked) == ["a", "a", "b"]


def test_a_jar_touched_but_not_changed_is_kept(tmp_path: Path) -> None:
    jars, repository = [jar("a", b"A")], Repository(a=b"A")
    (path,) = ensure(jars, tmp_path, repository)
    os.utime(path, (1, 1))
    ensure(jars, tmp_path, repository)
    assert repository.asked == ["a"]


def test_a_pinned_hash_that_changes_counts_as_another_jar(tmp_path: Path) -> None:
    ensure([jar("a", b"A")], tmp_path, Repository(a=b"A"))
    (path,) = ensure([jar("a", b"B")], tmp_path, Repository(a=b"B"))
    assert path.read_bytes() == b"B"


def test_a_forged_jar_never_enters_the_folder(tmp_path: Path) -> None:
    repository = Repository(a=b"A", b=b"forged")
    with pytest.raises(EmbeddedError, match=r"org\.example:b:1\.0 is not the jar"):
        ensure([jar("a", b"A"), jar("b", b"B")], tmp_path, repository)
    assert {path.name for path in tmp_path.glob("*.jar")} <= {"org.example.a-1.0.jar"}
    assert repository.asked.count("b") == 3


def test_without_a_network_the_error_says_what_to_do_and_what_is_there_stays(tmp_path: Path) -> None:
    ensure([jar("a", b"A")], tmp_path, Repository(a=b"A"))
    repository = Repository(a=b"A", b=OSError("no route to host"))
    with pytest.raises(EmbeddedError) as caught:
        ensure([jar("a", b"A"), jar("b", b"B")], tmp_path, repository)
    assert "no route to host" in caught.value.message
    assert "Check the network" in (caught.value.hint or "")
    assert set(repository.asked) == {"b"}
    ensure([jar("a", b"A"), jar("b", b"B")], tmp_path, Repository(b=b"B"))


def test_a_failure_that_passes_is_tried_again(tmp_path: Path) -> None:
    class Flaky(Repository):
        def fetch(self, group: str, artifact: str, version: str, classifier: str, folder: Path) -> Path:
            if not self.asked:
                self.asked.append(artifact)
                raise RuntimeError("503")
            return super().fetch(group, artifact, version, classifier, folder)

    (path,) = ensure([jar("a", b"A")], tmp_path, Flaky(a=b"A"))
    assert path.read_bytes() == b"A"


def test_a_broken_stamp_only_costs_time(tmp_path: Path) -> None:
    repository = Repository(a=b"A")
    ensure([jar("a", b"A")], tmp_path, repository)
    for broken in (b"{", b"[]", b'{"x": 1}', b"\xff"):
        (tmp_path / "verified.json").write_bytes(broken)
        ensure([jar("a", b"A")], tmp_path, repository)
    assert repository.asked == ["a"]


def test_a_cache_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EmbeddedError, match="cannot be written") as caught:
        ensure([jar("a", b"A")], tmp_path / "file" / "jars", Repository(a=b"A"))
    assert caught.value.place == str(tmp_path / "file" / "jars")

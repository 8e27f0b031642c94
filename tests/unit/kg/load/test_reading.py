from __future__ import annotations

import bz2
import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import FileUnreadable
from kg.load import reading
from kg.load.reading import TextFile, sha256_of, text_file


def lines(path: Path) -> list[str]:
    return list(text_file(path))


def refusal(path: Path) -> FileUnreadable:
    with pytest.raises(FileUnreadable) as caught:
        lines(path)
    return caught.value


@pytest.mark.parametrize(
    "content",
    [
        b"a\nb\n",
        b"\xef\xbb\xbfa\nb\n",
        gzip.compress(b"a\nb\n"),
        gzip.compress(b"\xef\xbb\xbfa\nb\n"),
        gzip.compress(b"a\n") + gzip.compress(b"b\n"),
        bz2.compress(b"a\nb\n"),
        bz2.compress(b"\xef\xbb\xbfa\nb\n"),
        bz2.compress(b"a\n") + bz2.compress(b"b\n"),
    ],
    ids=["plain", "mark", "gzip", "gzip, mark", "gzip of two members", "bzip2", "bzip2, mark", "bzip2 of two streams"],
)
def test_plain_and_packed_files_with_and_without_a_mark_are_read_alike(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(content)
    assert lines(path) == ["a\n", "b\n"]
    assert "".join(text_file(path).pieces()) == text_file(path).head() == "a\nb\n"


def test_a_file_can_be_gone_through_twice(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("a\r\nb")
    file = text_file(path)
    assert list(file) == list(file) == ["a\r\n", "b"]


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes("a\rb\u2028c\x0bd\n".encode())
    assert lines(path) == ["a\rb\u2028c\x0bd\n"]


def test_another_encoding_is_told_with_line_and_offset(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"id,name\nDOID:1," + "астма".encode("cp1251") + b"\n")
    error = refusal(path)
    assert error.message == "byte 0xe0 at offset 15 is not UTF-8"
    assert error.place == "x.csv, line 2"
    assert "iconv" in (error.hint or "")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_named(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes((b"\xfe\xff" if encoding == "utf-16-be" else b"") + "id,name\n".encode(encoding))
    assert "UTF-16" in refusal(path).message


def test_a_truncated_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(os.urandom(5000).hex().encode())[:-20])
    assert refusal(path).message == "the packed file ends too early"


def test_a_gzip_with_a_flipped_bit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    packed = bytearray(gzip.compress(os.urandom(5000).hex().encode()))
    packed[-6] ^= 1
    path.write_bytes(packed)
    assert "is corrupt" in refusal(path).message


@pytest.mark.parametrize("cut", [5, 40, -9], ids=["in the head", "in the block", "in the end"])
def test_a_damaged_bzip2_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "x.bz2"
    path.write_bytes(bz2.compress(os.urandom(5000).hex().encode())[:cut])
    assert refusal(path).message == "the packed file ends too early"
    path.write_bytes(b"BZhello")
    assert "is corrupt" in refusal(path).message


def test_a_name_that_says_gzip_must_be_one(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_text("plain")
    assert refusal(path).message == "the file is no gzip file"
    with pytest.raises(FileUnreadable, match="no gzip file"):
        text_file(path).head()
    (tmp_path / "x.bz2").write_text("plain")
    assert refusal(tmp_path / "x.bz2").message == "the file is no bzip2 file"


def test_packing_is_told_by_the_content_and_not_by_the_name(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(bz2.compress(b"a\n"))
    assert lines(path) == ["a\n"]


def pieces(path: Path) -> list[str]:
    return list(text_file(path).pieces())


def test_pieces_are_cut_anywhere_but_inside_a_character(tmp_path: Path) -> None:
    path = tmp_path / "x"
    # Two bytes each, from an odd offset on, so that a piece ends in the middle of one.
    text = "a" + "ж" * reading.PIECE
    path.write_text(text)
    found = pieces(path)
    assert "".join(found) == text
    assert len(found) == 3
    assert max(map(len, found)) <= reading.PIECE


def test_a_piece_in_another_encoding_is_told_with_its_offset(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b"a" * reading.PIECE + b"b\xe0 ")
    with pytest.raises(FileUnreadable) as caught:
        pieces(path)
    assert caught.value.message == f"byte 0xe0 at offset {reading.PIECE + 1} is not UTF-8"


def test_a_character_cut_between_two_pieces_is_told_with_its_offset(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b"a" * (reading.PIECE - 1) + b"\xd0" + b"(")
    with pytest.raises(FileUnreadable) as caught:
        pieces(path)
    assert caught.value.message == f"byte 0xd0 at offset {reading.PIECE - 1} is not UTF-8"


def test_a_file_that_ends_inside_a_character_or_is_utf_16_is_refused_in_pieces_too(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes("ж".encode()[:1])
    with pytest.raises(FileUnreadable, match="ends inside a character"):
        pieces(path)
    path.write_text("{}", "utf-16")
    with pytest.raises(FileUnreadable, match="UTF-16"):
        pieces(path)


def test_a_head_is_short_and_bears_what_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"\xe0" + b"a" * 2 * reading.PIECE)
    head = text_file(path).head()
    assert len(head) == reading.PIECE
    assert head.startswith("\ufffda")


def test_the_gauge_tells_how_far_the_reading_is(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("a line\n" * 100_000)
    file = text_file(path)
    reader = iter(file)
    for _ in range(50_000):
        next(reader)
    assert 0 < file.gauge.position < path.stat().st_size
    list(reader)
    assert file.gauge.position == path.stat().st_size


def test_a_gzip_bomb_is_stopped_while_unpacking(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(200):
            file.write((b"0" * 1000 + b"\n") * 100)
    assert "unpacks to more than" in refusal(path).message


def test_more_than_the_limit_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_UNPACKED", 100)
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(os.urandom(100).hex().encode()))
    assert "unpacks to more than" in refusal(path).message


def test_a_line_without_end_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"a\n" + b"b" * (reading.MAX_LINE + 1))
    error = refusal(path)
    assert (error.message, error.place) == ("the line is longer than 1024 KiB", "x, line 2")


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none").message == "there is no such file"
    assert refusal(tmp_path).message == "this is a folder"
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe").message == "this is no regular file"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PermissionError(13, "Permission denied"), "the file may not be read"),
        (OSError(5, "Input/output error"), "the file cannot be read: Input/output error"),
    ],
)
def test_what_the_system_refuses_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, message: str
) -> None:
    path = tmp_path / "x"
    path.write_text("a")

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", fail)
    assert refusal(path).message == message


def test_the_hash_is_of_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    assert sha256_of(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "x"
    path.write_bytes(content)
    try:
        text = "".join(TextFile(path, "x"))
    except FileUnreadable:
        return
    if not content.startswith((b"\x1f\x8b", b"BZh")):
        assert text == content.decode("utf-8").removeprefix("\ufeff")

"""Makes `jars.lock` again for another version of Neo4j: `python -m kg.embedded.relock 5.26.30`, for developers."""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from kg.embedded.jars import Jar, write_lock
from kg.embedded.maven import fetch, resolve


def relock(version: str, folder: Path) -> str:
    """Return the lock file's text for that version of Neo4j, with every jar brought into `folder` and hashed."""

    def hashed(coordinate: tuple[str, str, str, str]) -> Jar:
        return Jar(*coordinate, sha256(fetch(*coordinate, folder).read_bytes()).hexdigest())

    with ThreadPoolExecutor(8) as pool:
        return write_lock(list(pool.map(hashed, resolve(f"org.neo4j:neo4j:{version}", folder))))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as staging:
        text = relock(sys.argv[1], Path(staging))
    Path(__file__).with_name("jars.lock").write_text(text, encoding="utf-8")

"""What Neo4j is told at every start, and how the running server has to show it back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

_SIZES: Final = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}


@dataclass(frozen=True, slots=True)
class Rule:
    """One setting and its value in `neo4j.conf`; an `asserted` one is read back before the server is ready."""

    name: str
    value: str
    asserted: bool = True


def mebibytes(size: str) -> int:
    """Return a size of the settings such as `1g` or `256m` in MiB."""
    return int(size[:-1]) * (1024 if size.endswith("g") else 1)


def rules(*, port: int, heap: str, page_cache: str, deadline: float) -> tuple[Rule, ...]:
    """Return every setting of the embedded server; `deadline` in seconds bounds a transaction that names no limit."""
    # One transaction may take a quarter of the heap and all together a half, so that a query cannot stop the server.
    one = min(256, mebibytes(heap) // 4)
    together = min(512, mebibytes(heap) // 2)
    return (
        Rule("dbms.security.auth_enabled", "true"),
        Rule("dbms.usage_report.enabled", "false"),
        Rule("server.bolt.telemetry.enabled", "false"),
        Rule("server.default_listen_address", "127.0.0.1"),
        Rule("server.bolt.enabled", "true"),
        Rule("server.bolt.listen_address", f"127.0.0.1:{port}"),
        Rule("server.http.enabled", "false"),
        Rule("server.https.enabled", "false"),
        Rule("dbms.security.allow_csv_import_from_file_urls", "false"),
        # SHOW SETTINGS does not list internal settings: `probe` tries what this one forbids.
        Rule("internal.dbms.cypher_ip_blocklist", "0.0.0.0/0,::/0", asserted=False),
        Rule("db.transaction.timeout", f"{ceil(deadline)}s"),
        Rule("db.memory.transaction.max", f"{one}MiB"),
        Rule("dbms.memory.transaction.total.max", f"{together}MiB"),
        Rule("server.memory.pagecache.size", f"{mebibytes(page_cache)}MiB"),
        # Queries hold what people typed; the service logs their shape itself.
        Rule("db.logs.query.enabled", "OFF"),
        # Logs are only for recovery here (backups by log are for other editions): 512 MB of them would be waste.
        Rule("db.tx_log.rotation.size", "32MiB"),
        Rule("db.tx_log.rotation.retention_policy", "128M size", asserted=False),
        # A stop waits for open transactions, not another 10 s for idle connections.
        Rule("internal.server.bolt.connection_shutdown_wait_time", "1s", asserted=False),
        Rule("internal.server.bolt.thread_pool_shutdown_wait_time", "1s", asserted=False),
    )


def conf_text(settings: Sequence[Rule]) -> str:
    """Return the settings as the text of a `neo4j.conf`."""
    head = "# Written by mkg at every start; what is changed here is lost.\n"
    return head + "".join(f"{rule.name}={rule.value}\n" for rule in settings)


def differences(settings: Sequence[Rule], shown: Mapping[str, str]) -> list[str]:
    """Return one line for each asserted setting that the server does not show as it was set."""
    return [
        f"{rule.name} is {shown.get(rule.name)!r}, not {rule.value!r}"
        for rule in settings
        if rule.asserted and _canonical(shown.get(rule.name, "")) != _canonical(rule.value)
    ]


def _canonical(value: str) -> str:
    """Return the same text for `256MiB` and `256.00MiB`, and for `60s` and `1m`."""
    if size := re.fullmatch(r"(\d+(?:\.\d+)?)(B|[KMGT]iB)", value):
        return f"{float(size[1]) * _SIZES[size[2]]:.0f} bytes"
    if time := re.fullmatch(r"(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", value):
        hours, minutes, seconds = (int(part or 0) for part in time.groups())
        return f"{hours * 3600 + minutes * 60 + seconds} seconds"
    return value.lower()

"""Serves a data directory as kg.embedded.server does, but lets a transaction take all the memory there is.

The peer carries whole lists of edges in the rows that it sorts, and could not be measured within the usual limits.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import Any

from kg.embedded import conf, server


def without_limits(**given: Any) -> tuple[conf.Rule, ...]:
    """Return the usual settings with no limit on the memory of transactions."""
    limits = ("db.memory.transaction.max", "dbms.memory.transaction.total.max")
    return tuple(replace(rule, value="0B") if rule.name in limits else rule for rule in conf.rules(**given))


if __name__ == "__main__":
    server.rules = without_limits
    code = server.main()
    sys.stdout.flush()
    # As kg.embedded.server ends: nothing is left that the Java virtual machine would have to end in order.
    os._exit(code)

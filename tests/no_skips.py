"""A pytest plugin: a run in which a test was skipped, or expected to fail, has failed (`-p tests.no_skips`)."""

from __future__ import annotations

import pytest

_UNWANTED = ("skipped", "xfailed", "xpassed")


def _counts(config: pytest.Config) -> dict[str, int]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    stats: dict[str, list[object]] = getattr(reporter, "stats", {})
    return {outcome: len(stats[outcome]) for outcome in _UNWANTED if stats.get(outcome)}


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _counts(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for outcome, number in _counts(config).items():
        terminalreporter.write_line(f"{number} {outcome}: here every test has to run and pass", red=True)

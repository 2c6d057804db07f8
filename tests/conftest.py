"""What every test shares: hypothesis without deadlines, and one loud line for what could not be proved."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "house", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

_SKIPPED: Counter[str] = Counter()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count what was skipped, by its reason."""
    if report.skipped and isinstance(report.longrepr, tuple):
        _SKIPPED[report.longrepr[2].removeprefix("Skipped: ")] += 1


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing may be missing: a skipped test fails the run there."""
    if _SKIPPED and os.environ.get("CI") == "true":  # noqa: TID251 - who else would know
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line that nobody overlooks."""
    if _SKIPPED:
        told = "; ".join(f"{count} × {reason}" for reason, count in sorted(_SKIPPED.items()))
        terminalreporter.write_line(f"NOT PROVED HERE: {told}", red=True, bold=True)

"""Readings from end to end, and what was asked for them."""

from datetime import datetime

from integrations.calendly import CalendlyPlatform
from scheduler_app.domain.appointments import Report
from tests.contracts.booking_platform import NOW
from tests.integrations.calendly.account import Account


def read(platform: CalendlyPlatform, since: datetime | None, page: str | None = None) -> dict[str, Report]:
    found: dict[str, Report] = {}
    for _ in range(100):
        one = platform.changed(since, NOW, page)
        found |= {report.source_id: report for report in one.reports}
        if one.page is None:
            return found
        page = one.page
    raise AssertionError("the reading does not end")


def lists(account: Account) -> list[dict[str, str]]:
    return [query for _, path, query in account.asked if path == "/scheduled_events"]


def invited(account: Account) -> list[str]:
    return [path for _, path, _ in account.asked if path.endswith("/invitees")]

"""Short words for the double's own tests."""

from typing import Any

import pytest
from googleapiclient.errors import HttpError

from tests.google_double.double import ROOM


def visit(day: str = "2026-03-10", hour: int = 10, **fields: Any) -> dict[str, Any]:
    """A body of one hour in London (winter: UTC)."""
    return {
        "summary": "Botox Anna",
        "start": {"dateTime": f"{day}T{hour:02}:00:00", "timeZone": "Europe/London"},
        "end": {"dateTime": f"{day}T{hour + 1:02}:00:00", "timeZone": "Europe/London"},
    } | fields


def put(service: Any, calendar: str = ROOM, **fields: Any) -> dict[str, Any]:
    """Insert a visit; what was answered."""
    made: dict[str, Any] = service.events().insert(calendarId=calendar, body=visit(**fields)).execute()
    return made


def listed(service: Any, calendar: str = ROOM, **asked: Any) -> list[dict[str, Any]]:
    """The items of one page."""
    items: list[dict[str, Any]] = service.events().list(calendarId=calendar, **asked).execute()["items"]
    return items


def token(service: Any, calendar: str = ROOM, **asked: Any) -> str:
    """The sync token after one page."""
    found: str = service.events().list(calendarId=calendar, **asked).execute()["nextSyncToken"]
    return found


def refused(asked: Any) -> tuple[int, str]:
    """Status and reason with which a request is refused."""
    with pytest.raises(HttpError) as caught:
        asked.execute()
    details = caught.value.error_details
    return caught.value.resp.status, details[0]["reason"] if details else ""

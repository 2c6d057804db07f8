"""Cursors and pages: opaque text that holds only for the query it came from."""

from datetime import UTC, datetime

import pytest

from integrations.google_calendar.places import cursor_for, moment, page_for, page_in, sync_token_in
from scheduler_app.errors import Expired

SINCE = datetime(2025, 2, 1, tzinfo=UTC)


def test_a_cursor_gives_its_token_back() -> None:
    assert sync_token_in(cursor_for("CPD.x=", 250), 250) == ("CPD.x=", True)


def test_a_cursor_knows_whether_the_calendar_was_writable() -> None:
    assert sync_token_in(cursor_for("CPD.x=", 250, writable=False), 250) == ("CPD.x=", False)


@pytest.mark.parametrize("cursor", ["", "g1", "g1.250.", "g0.250.CPD", "g1.3.CPD", "g1.3r.CPD", "CPD", "17"])
def test_a_cursor_of_another_way_of_reading_is_expired(cursor: str) -> None:
    with pytest.raises(Expired):
        sync_token_in(cursor, 250)


@pytest.mark.parametrize("since", [None, SINCE])
def test_a_page_knows_since_when_is_read(since: datetime | None) -> None:
    assert page_in(page_for("next.page", since)) == ("next.page", since)


@pytest.mark.parametrize("page", ["", "token", ".", "12.", "x.token", "-5.token", "999999999999.token"])
def test_what_is_no_page_is_expired(page: str) -> None:
    with pytest.raises(Expired):
        page_in(page)


def test_moments_are_told_in_utc() -> None:
    assert moment(SINCE) == "2025-02-01T00:00:00Z"

"""Reading: windows within Square's bound, pages that can be gone on from, cards of clients, names."""

import logging
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest

from integrations.square import SquarePlatform
from integrations.square.client import Window
from scheduler_app.domain.appointments import Report
from scheduler_app.errors import Disconnected, Invalid, NotFound
from tests.contracts.booking_platform import NOW, WHEN
from tests.integrations.square.fake_seller import LOCATION, Square, refusal
from tests.integrations.square.outside import AtSquare, opened


def read(platform: SquarePlatform, since: datetime | None = None, page: str | None = None) -> list[str]:
    """Ids in the order they come, each as often as it comes."""
    found: list[str] = []
    for _ in range(200):
        told = platform.changed(since, NOW, page)
        found += [report.source_id for report in told.reports]
        page = told.page
        if page is None:
            return found
    raise AssertionError("the reading has no end")


def queries(square: Square) -> list[dict[str, str]]:
    return [query for _, path, query, _ in square.asked if path == "/v2/bookings"]


@pytest.mark.parametrize(
    ("since", "first"),
    [
        (None, NOW - timedelta(days=400)),
        (NOW - timedelta(hours=1), NOW - timedelta(days=1, hours=1)),
        (NOW + timedelta(days=9), NOW - timedelta(days=1)),
        (NOW - timedelta(days=900), NOW - timedelta(days=400)),
    ],
)
def test_windows_follow_one_another_without_a_gap_and_within_squares_bound(
    platform: SquarePlatform, square: Square, since: datetime | None, first: datetime
) -> None:
    read(platform, since)
    bounds = [
        (datetime.fromisoformat(one["start_at_min"]), datetime.fromisoformat(one["start_at_max"]))
        for one in queries(square)
    ]
    assert bounds[0][0] - first == timedelta(seconds=30)
    assert bounds[-1][1] >= NOW + timedelta(days=549)  # 18 months
    assert all(ends - begins <= timedelta(days=31) for begins, ends in bounds)
    assert all(before[1] == after[0] for before, after in pairwise(bounds))


def test_thirteen_months_back_and_eighteen_ahead_are_read_each_visit_once(
    platform: SquarePlatform, outside: AtSquare
) -> None:
    days = range(-395, 549, 4)
    booked = [outside.book(NOW + timedelta(days=day)) for day in days]
    assert sorted(read(platform)) == sorted(booked)


def test_only_the_clinics_location_is_asked_for_or_all_where_none_is_named(
    platform: SquarePlatform, outside: AtSquare, endpoint: str
) -> None:
    here = outside.book(WHEN)
    there = outside.book(WHEN)
    outside.square.bookings[there]["location_id"] = "LANOTHER"
    assert read(platform) == [here]
    assert {query["location_id"] for query in queries(outside.square)} == {LOCATION}
    assert sorted(read(opened(endpoint, account=""))) == [here, there]
    with pytest.raises(Invalid):
        platform.fetch(there)


def test_a_reading_that_was_killed_goes_on_from_its_last_page(
    platform: SquarePlatform, outside: AtSquare, endpoint: str
) -> None:
    outside.square.most = 3
    booked = [outside.book(WHEN + timedelta(hours=hour)) for hour in range(10)]
    found: list[str] = []
    page = None
    for _ in range(10_000):
        told = opened(endpoint).changed(
            None, NOW + timedelta(seconds=len(found)), page
        )  # a new process each time
        found += [report.source_id for report in told.reports]
        page = told.page
        if page is None:
            break
    assert found == booked


def test_a_cursor_that_holds_no_more_costs_its_window_once_and_no_booking(
    platform: SquarePlatform, outside: AtSquare
) -> None:
    square = outside.square
    square.most = 3
    booked = {outside.book(WHEN + timedelta(hours=hour)) for hour in range(5)}
    page = platform.changed(NOW, NOW).page
    square.dead_cursors = True
    told = platform.changed(NOW, NOW, page)
    assert told.reports == ()
    square.dead_cursors = False
    assert booked <= set(read(platform, NOW, told.page))


def test_a_cursor_that_never_holds_ends_the_reading_aloud(
    platform: SquarePlatform, outside: AtSquare
) -> None:
    outside.square.most = 3
    outside.square.dead_cursors = True
    for hour in range(5):
        outside.book(WHEN + timedelta(hours=hour))
    with pytest.raises(Invalid):
        read(platform, NOW)


@pytest.mark.parametrize("token", ["", "x", "2026-13-01T00:00:00Z||", "|again|c"])
def test_a_page_that_is_none_begins_anew(platform: SquarePlatform, outside: AtSquare, token: str) -> None:
    assert Window.read(token) is None
    outside.book(WHEN)
    assert read(platform, NOW, token) == read(platform, NOW) != []


def test_a_cursor_may_hold_any_signs() -> None:
    window = Window(NOW.replace(second=30), "a|b=|&c", again=True)
    assert Window.read(window.token) == window


def test_one_bad_booking_is_left_out_and_named_by_its_id_alone(
    platform: SquarePlatform, outside: AtSquare, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = outside.book(WHEN), outside.book(WHEN)
    outside.square.bookings[bad] |= {"start_at": "2026-03-20T10:00:00Z", "status": "Ann Lee"}
    with caplog.at_level(logging.WARNING):
        assert read(platform) == [good]
    told = platform.changed(WHEN, WHEN).left_out
    assert [(each.booking_id, each.code) for each in told] == [(bad, "status-unknown")]
    assert bad in caplog.text
    assert "Ann" not in caplog.text


@pytest.mark.parametrize("row", [None, 7, [], {}, {"id": "Ann Lee"}, {"id": 7}])
def test_a_row_that_is_no_booking_is_left_out(
    platform: SquarePlatform, square: Square, caplog: pytest.LogCaptureFixture, row: Any
) -> None:
    square.replies["/v2/bookings"] = (200, {"bookings": [row]})
    page = platform.changed(NOW, NOW)
    assert (page.reports, page.left_out) == ((), ())
    assert "Ann" not in caplog.text


# whose they are


def test_a_page_asks_for_all_its_clients_at_once(platform: SquarePlatform, outside: AtSquare) -> None:
    for hour in range(120):
        outside.book(WHEN + timedelta(hours=hour))
    found: list[Report] = []
    page = None
    while (told := platform.changed(NOW, NOW, page)).page:
        found += told.reports
        page = told.page
    assert [report.clues.name for report in found] == ["Ann Lee"] * 120
    asked = [path for _, path, _, _ in outside.square.asked if path.startswith("/v2/customers")]
    assert asked == ["/v2/customers/bulk-retrieve"] * 2


def test_a_client_who_was_deleted_stays_an_id(platform: SquarePlatform, outside: AtSquare) -> None:
    booking = outside.book(WHEN)
    whose = outside.square.bookings[booking]["customer_id"]
    del outside.square.customers[whose]
    for report in (*platform.fetch(booking), *platform.changed(NOW, NOW).reports):
        assert (report.clues.name, report.clues.platform_id) == (None, whose)


@pytest.mark.parametrize("told", [{}, {"SSKBT02ECWZX0000": {"errors": []}}, {"SSKBT02ECWZX0000": 7}])
def test_a_client_missing_from_the_answer_is_asked_for_alone(
    platform: SquarePlatform, outside: AtSquare, told: object
) -> None:
    outside.book(WHEN)
    outside.square.replies["/v2/customers/bulk-retrieve"] = (200, {"responses": told})
    (report,) = platform.changed(NOW, NOW + timedelta(days=1), Window(WHEN - timedelta(days=1)).token).reports
    assert report.clues.name == "Ann Lee"


def test_without_clients_nobody_is_asked_for(platform: SquarePlatform, square: Square) -> None:
    square.add(WHEN)
    square.add(WHEN, customer_id="../locations")
    assert len(read(platform, NOW)) == 2
    assert not any("customers" in path for _, path, _, _ in square.asked)


def test_clients_that_may_not_be_read_are_told_aloud(platform: SquarePlatform, outside: AtSquare) -> None:
    booking = outside.book(WHEN)
    whose = outside.square.bookings[booking]["customer_id"]
    outside.square.replies[f"/v2/customers/{whose}"] = refusal(403, "INSUFFICIENT_SCOPES")
    with pytest.raises(Disconnected):
        platform.fetch(booking)


# answers of another shape


@pytest.mark.parametrize("body", [{}, [], 7, "x", {"booking": 7}, {"booking": {"id": "other"}}, b"<html>"])
def test_an_answer_of_another_shape_is_invalid(platform: SquarePlatform, square: Square, body: Any) -> None:
    booking = square.add(WHEN)
    square.replies[f"/v2/bookings/{quote(booking)}"] = (200, body)
    with pytest.raises(Invalid):
        platform.fetch(booking)


def test_another_booking_is_never_taken_for_the_one_asked_for(
    platform: SquarePlatform, square: Square
) -> None:
    one, other = square.add(WHEN), square.add(WHEN)
    square.replies[f"/v2/bookings/{one}"] = (200, {"booking": square.bookings[other]})
    with pytest.raises(Invalid):
        platform.fetch(one)


@pytest.mark.parametrize("body", [[], 7, {"bookings": {}}, {"bookings": None}])
def test_a_list_of_another_shape_is_invalid(platform: SquarePlatform, square: Square, body: Any) -> None:
    square.replies["/v2/bookings"] = (200, body)
    with pytest.raises(Invalid):
        platform.changed(NOW, NOW)


def test_a_booking_that_is_gone_is_not_found(platform: SquarePlatform, square: Square) -> None:
    booking = square.add(WHEN)
    del square.bookings[booking]
    with pytest.raises(NotFound):
        platform.fetch(booking)

"""Reading everything page by page, with few requests and none left out."""

import logging
from datetime import timedelta

import pytest

from integrations.calendly import CalendlyPlatform
from integrations.calendly.platform import PAGE
from scheduler_app.errors import Disconnected, Invalid, Unavailable
from tests.contracts.booking_platform import LATER, NOW, WHEN, read_on
from tests.integrations.calendly.account import INVALID, ORGANIZATION, stamp
from tests.integrations.calendly.outside import AtCalendly, opened
from tests.integrations.calendly.reading import invited, lists

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def test_the_first_reading_goes_from_13_months_back_to_18_months_ahead(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    inside = {outside.book(NOW - 396 * DAY), outside.book(NOW + 549 * DAY)}
    beyond = {outside.book(NOW - 500 * DAY), outside.book(NOW + 700 * DAY)}
    found = read_on(platform, None).keys()
    assert inside <= found
    assert not beyond & found
    assert {query["organization"] for query in lists(outside.account)} == {ORGANIZATION}
    assert not any("status" in query for query in lists(outside.account))


def test_a_later_reading_is_of_all_that_was_ahead_then(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    outside.book(NOW - 30 * DAY)
    expected = {outside.book(NOW - 3 * DAY), outside.book(WHEN)}
    assert read_on(platform, NOW - 5 * DAY).keys() == expected


def test_each_client_of_a_group_is_a_booking(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    first = outside.account.add(WHEN, limit=8)
    second = outside.account.join(outside.account.event_of(first), name="Bea Lee", email="bea@example.com")
    outside.call_off(first)
    found = read_on(platform, None)
    assert (found[first].status, found[second].status) == ("cancelled", "booked")
    assert (found[second].clues.name, found[second].start) == ("Bea Lee", WHEN)


def test_a_reading_that_died_goes_on_from_its_page(endpoint: str, outside: AtCalendly) -> None:
    booked = [outside.book(WHEN + hour * HOUR) for hour in range(2 * PAGE + 5)]
    first = opened(endpoint).changed(None, NOW)
    assert [one.source_id for one in first.reports] == booked[:PAGE]
    outside.account.asked.clear()
    rest = read_on(opened(endpoint), None, first.page)
    assert list(rest) == booked[PAGE:]
    assert len(lists(outside.account)) == 2


def test_a_page_that_grew_too_old_is_found_again(endpoint: str, outside: AtCalendly) -> None:
    booked = [outside.book(WHEN + hour * HOUR) for hour in range(PAGE + 5)]
    first = opened(endpoint).changed(None, NOW)
    outside.account.pages_live = False
    rest = read_on(opened(endpoint), None, first.page)
    assert set(booked[PAGE:]) <= rest.keys()
    assert len(rest) == 6


def test_a_reading_that_would_go_in_circles_ends(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    for _ in range(2 * PAGE):
        outside.book(WHEN)
    first = platform.changed(None, NOW)
    outside.account.pages_live = False
    with pytest.raises(Invalid):
        platform.changed(None, NOW, first.page)


def test_a_first_page_that_is_refused_is_no_page(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    outside.account.replies["/scheduled_events"] = INVALID
    with pytest.raises(Invalid):
        platform.changed(None, NOW)


def test_many_clients_of_one_event_come_in_pages(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    first = outside.account.add(WHEN, limit=200)
    booked = {first, *(outside.account.join(outside.account.event_of(first)) for _ in range(149))}
    assert read_on(platform, None).keys() == booked
    assert len(invited(outside.account)) == 2


def test_of_what_did_not_change_no_more_is_asked(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    booked = [outside.book(WHEN + hour * HOUR) for hour in range(6)]
    assert read_on(platform, None).keys() == set(booked)
    outside.account.asked.clear()
    outside.account.now = NOW + HOUR
    outside.call_off(booked[2])
    found = read_on(platform, NOW + HOUR / 2)
    assert {id: one.status for id, one in found.items()} == {booked[2]: "cancelled"}
    assert len(outside.account.asked) == 2


def test_who_comes_to_a_group_is_asked_each_time(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    first = outside.account.add(WHEN, limit=8)
    read_on(platform, None)
    late = outside.account.join(outside.account.event_of(first))  # and the event says nothing of it
    assert late in read_on(platform, NOW + HOUR)


def test_an_event_that_became_a_group_is_asked_each_time(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    first = outside.book(WHEN)
    read_on(platform, None)
    event = outside.account.event_of(first)
    outside.account.events[event]["invitees_counter"]["limit"] = 2
    late = outside.account.join(event)
    assert late in read_on(platform, NOW + HOUR)


def test_everything_is_told_each_time_everything_is_read(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    booking = outside.book(WHEN)
    assert read_on(platform, None).keys() == read_on(platform, None).keys() == {booking}


def test_clocks_that_differ_by_minutes_hide_no_change(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    booking = outside.book(WHEN)
    read_on(platform, None)
    assert booking in read_on(platform, NOW + 9 * MINUTE)
    assert booking not in read_on(platform, NOW + 11 * MINUTE)


def test_the_same_reading_after_a_start_asks_for_everything(endpoint: str, outside: AtCalendly) -> None:
    booking = outside.book(WHEN)
    read_on(opened(endpoint), None)
    assert booking in read_on(opened(endpoint), NOW + HOUR)


def test_one_bad_booking_is_left_out_and_logged_by_its_id(
    platform: CalendlyPlatform, outside: AtCalendly, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    good, bad, lost = outside.book(WHEN), outside.book(LATER), outside.book(LATER + DAY)
    account = outside.account
    account.events[account.event_of(bad)]["start_time"] = "2026-03-27T11:00:00"
    account.replies[f"/scheduled_events/{account.event_of(lost)}/invitees"] = INVALID
    account.events["odd"] = {"start_time": stamp(WHEN), "uri": "odd"}
    assert read_on(platform, None).keys() == {good}
    told = platform.changed(None, NOW).left_out
    assert [(each.booking_id, each.code) for each in told] == [(bad, "time-without-zone")]
    assert (bad in caplog.text, account.event_of(lost) in caplog.text) == (True, True)
    assert "Ann" not in caplog.text


@pytest.mark.parametrize("status", [429, 500])
def test_when_calendly_cannot_the_page_is_asked_for_again(
    platform: CalendlyPlatform, outside: AtCalendly, status: int
) -> None:
    booking = outside.book(WHEN)
    outside.calendly.faults += [("none", 0, None), ("GET", status, 30)]
    with pytest.raises(Unavailable) as fault:
        platform.changed(None, NOW)
    assert fault.value.retry_in == 30
    assert booking in read_on(platform, None)


def test_a_key_that_may_not_see_the_organization_is_told_apart(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    outside.account.may_list = False
    with pytest.raises(Disconnected):
        platform.changed(None, NOW)

"""One booking by its id alone: found, followed where it was moved, missed."""

from collections.abc import Sequence
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

from integrations.calendly import CalendlyPlatform
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.errors import Disconnected, Invalid, NotFound
from tests.contracts.booking_platform import LATER, NOW, WHEN, read_on
from tests.integrations.calendly.account import FORBIDDEN, INVALID, Account, stamp
from tests.integrations.calendly.outside import AtCalendly, opened
from tests.integrations.calendly.reading import invited, lists

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def paths(account: Account) -> Sequence[str]:
    return [path for _, path, _ in account.asked]


# one booking


def test_a_webhook_tells_where_to_ask_and_two_requests_are_enough(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    booking = outside.book(WHEN)
    platform.concerned(platform.receive(*outside.sent(booking)[:2], NOW))
    assert platform.fetch(booking)[0].source_id == booking
    event = outside.account.event_of(booking)
    asked = [f"/scheduled_events/{event}/invitees/{booking}", f"/scheduled_events/{event}"]
    assert paths(outside.account) == asked


def test_after_a_start_a_booking_is_searched_for_once(endpoint: str, outside: AtCalendly) -> None:
    booked = [outside.book(WHEN + hour * HOUR) for hour in range(5)]
    platform = opened(endpoint)
    assert platform.fetch(booked[0])[0].source_id == booked[0]
    assert lists(outside.account)[0]["sort"] == "start_time:desc"
    searched = len(invited(outside.account))
    assert searched == 5
    for booking in booked:
        assert platform.fetch(booking)[0].source_id == booking
    assert len(invited(outside.account)) == searched


def test_two_threads_search_once(endpoint: str, outside: AtCalendly) -> None:
    booking = outside.book(WHEN)
    platform = opened(endpoint)
    found: list[str] = []
    threads = [Thread(target=lambda: found.append(platform.fetch(booking)[0].source_id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [booking] * 4
    assert len(invited(outside.account)) == 1


def test_after_everything_was_read_nothing_is_searched_beyond_it(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    outside.book(NOW - 500 * DAY)
    outside.book(WHEN)
    read_on(platform, None)
    outside.account.asked.clear()
    with pytest.raises(NotFound):
        platform.fetch("aa3f7446-d8b6-422c-8414-999999999999")
    assert lists(outside.account)[0]["min_start_time"] == stamp(NOW - 400 * DAY)
    assert invited(outside.account) == []


def test_where_not_everything_could_be_looked_at_nobody_is_said_not_to_be_there(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    booking = outside.book(WHEN)
    event = outside.account.event_of(booking)
    outside.account.replies[f"/scheduled_events/{event}/invitees"] = INVALID
    with pytest.raises(Invalid):
        platform.fetch(booking)


@pytest.mark.parametrize("booking", ["", "../me", "a/b", "a?x=1", "आ", "a" * 65, "-a"])
def test_what_cannot_be_an_id_is_never_asked_for(
    platform: CalendlyPlatform, outside: AtCalendly, booking: str
) -> None:
    with pytest.raises(NotFound):
        platform.fetch(booking)
    assert outside.account.asked == []


@pytest.mark.parametrize("which", ["invitee", "event"])
def test_another_booking_than_asked_for_is_refused(
    platform: CalendlyPlatform, outside: AtCalendly, which: str
) -> None:
    booking, other = outside.book(WHEN), outside.book(LATER)
    read_on(platform, None)
    event = outside.account.event_of(booking)
    if which == "invitee":
        path, row = f"/scheduled_events/{event}/invitees/{booking}", outside.account.invitees[other]
    else:
        path = f"/scheduled_events/{event}"
        row = outside.account.events[outside.account.event_of(other)]
    outside.account.replies[path] = (200, {"resource": row})
    with pytest.raises(Invalid):
        platform.fetch(booking)


@pytest.mark.parametrize("reply", [None, [], "no", {}, {"resource": []}, {"collection": {}}])
def test_an_answer_of_another_shape_is_refused(
    platform: CalendlyPlatform, outside: AtCalendly, reply: Any
) -> None:
    booking = outside.book(WHEN)
    platform.concerned(platform.receive(*outside.sent(booking)[:2], NOW))
    event = outside.account.event_of(booking)
    for path in (f"/scheduled_events/{event}/invitees/{booking}", "/scheduled_events"):
        outside.account.replies[path] = (200, reply)
    with pytest.raises(Invalid):
        platform.fetch(booking)
    with pytest.raises(Invalid):
        platform.changed(None, NOW)


@pytest.mark.parametrize("which", ["invitee", "event", "invitees"])
def test_one_booking_the_key_may_not_see_closes_nothing(
    platform: CalendlyPlatform, outside: AtCalendly, which: str
) -> None:
    hidden, seen = outside.book(WHEN), outside.book(LATER)
    read_on(platform, None)
    event = f"/scheduled_events/{outside.account.event_of(hidden)}"
    path = {"event": event, "invitee": f"{event}/invitees/{hidden}", "invitees": f"{event}/invitees"}[which]
    outside.account.replies[path] = FORBIDDEN
    if which == "invitees":
        assert read_on(platform, None).keys() == {seen}
        return
    with pytest.raises(Invalid, match="one of the bookings"):
        platform.fetch(hidden)
    outside.close_door()
    with pytest.raises(Disconnected):
        platform.fetch(hidden)


# reschedules


def test_a_booking_moved_twice_leads_to_its_end(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    first = outside.book(WHEN)
    second = outside.move(first, LATER)
    third = outside.move(second, LATER + DAY)
    reports = platform.fetch(first)
    assert [(one.source_id, one.status) for one in reports] == [
        (first, "cancelled"),
        (second, "cancelled"),
        (third, "booked"),
    ]
    assert [one.previous_id for one in reports] == [None, first, second]


def test_reschedules_that_lead_in_a_ring_end(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    first = outside.book(WHEN)
    second = outside.move(first, LATER)
    outside.account.invitees[second]["new_invitee"] = outside.account.invitees[first]["uri"]
    assert [one.source_id for one in platform.fetch(first)] == [first, second]


def test_what_a_booking_was_moved_to_may_be_gone(
    platform: CalendlyPlatform, outside: AtCalendly, caplog: pytest.LogCaptureFixture
) -> None:
    first = outside.book(WHEN)
    second = outside.move(first, LATER)
    del outside.account.invitees[second]
    assert [one.status for one in platform.fetch(first)] == ["cancelled"]
    assert "NotFound" in caplog.text


@pytest.mark.parametrize(("by", "staff"), [("invitee", False), ("host", True)])
def test_who_moved_it_is_told_from_either_end(
    platform: CalendlyPlatform, outside: AtCalendly, by: str, staff: bool
) -> None:
    first = outside.book(WHEN)
    second = outside.account.move(first, LATER, by)
    assert platform.fetch(first)[1].by_staff is staff
    assert platform.fetch(second)[0].by_staff is staff
    assert read_on(platform, None)[second].by_staff is staff


@pytest.mark.parametrize("lost", ["cancellation", "invitee"])
def test_what_nobody_can_say_who_moved_counts_as_moved_by_staff(
    platform: CalendlyPlatform, outside: AtCalendly, lost: str
) -> None:
    first = outside.book(WHEN)
    second = outside.move(first, LATER)
    if lost == "invitee":
        del outside.account.invitees[first]
    else:
        del outside.account.invitees[first]["cancellation"]
    assert platform.fetch(second)[0].by_staff


# missed


def test_a_missed_visit_is_told_and_taken_back(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    booking = outside.book(WHEN)
    row = outside.account.invitees[booking]
    row["no_show"] = {"uri": "https://api.calendly.com/invitee_no_shows/A", "created_at": stamp(LATER)}
    missed = platform.fetch(booking)[0]
    row["no_show"] = None
    after = platform.fetch(booking)[0]
    assert (missed.status, after.status) == ("noshow", "booked")
    assert after.reported_at >= missed.reported_at


def test_a_hint_about_a_booking_nobody_has_any_more_is_not_found(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    booking = outside.book(WHEN)
    body = outside.sent(booking)[1]
    (named,) = platform.concerned(Delivery("online", "k", NOW, body))
    del outside.account.invitees[booking]
    with pytest.raises(NotFound):
        platform.fetch(named)

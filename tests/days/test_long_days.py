"""Calendars that take long to read, or can hardly be read: nothing starves, nothing waits for ever unseen."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from scheduler_app.flow.digest import digest
from scheduler_app.flow.hearing import hearing
from scheduler_app.flow.record import Speaker, record_treatment
from scheduler_app.flow.unreadable import EVENT, told
from tests.days.clinic_at_google import OTHER, ROOM_1, ROOM_2, ClinicAtGoogle, local
from tests.google_double import ROOM, GoogleDouble

HELD = "⛔15 Mar · Microneedling - Ann Lee"
A_REQUEST_TAKES = 0.06  # seconds
INSTANCES = "events.instances"


def weekly(clinic: ClinicAtGoogle, title: str, at: str = "18:00", count: int = 9, **fields: Any) -> str:
    """A series of an hour's visits from Wednesday on."""
    start = local("2026-03-04", at)
    rule = [f"RRULE:FREQ=WEEKLY;COUNT={count}"]
    return clinic.anna.book(ROOM, title, start, start + timedelta(hours=1), recurrence=rule, **fields)


def ahead(clinic: ClinicAtGoogle, series: Sequence[str]) -> int:
    """How many of their visits are still to come."""
    with clinic.store.reading() as tx:
        visits = [v for each in series for v in tx.appointments.of_series(f"calendar:{ROOM_1}", each)]
    return sum(visit.status == "booked" and visit.start >= clinic.clock() for visit in visits)


def test_a_calendar_of_more_series_than_a_minutes_requests_is_read_in_one_go_and_starves_nobody(
    clinic: ClinicAtGoogle, google_double: GoogleDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(150):
        start = local("2026-03-04", "08:00") + timedelta(minutes=5 * number)
        rule = ["RRULE:FREQ=WEEKLY;COUNT=2"]
        clinic.anna.book(
            ROOM, f"Facial - C{number} Lee", start, start + timedelta(minutes=5), recurrence=rule
        )
    clinic.book("Botox", "2026-03-01", at="15:00", room=OTHER, look=False)
    event = clinic.book("Microneedling", "2026-03-12", room=OTHER, look=False)
    google_double.expire_sync_tokens(ROOM)
    once = clinic._client._once

    def slowly(*asked: Any) -> Any:
        clinic.pass_by(seconds=A_REQUEST_TAKES)
        return once(*asked)

    monkeypatch.setattr(clinic._client, "_once", slowly)
    began, marked = clinic.clock(), google_double.mark()
    clinic.look()
    clinic.pass_by(seconds=30)
    clinic.settle()
    assert clinic.title(event, OTHER) == HELD
    assert google_double.counts(marked)[INSTANCES] == 150
    assert clinic.clock() - began < timedelta(minutes=2)


def test_a_calendar_of_series_that_was_cleared_while_we_were_away_for_a_month_forgets_nobody(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    series = [weekly(clinic, f"Facial - Ann{n} Lee", f"{10 + n}:00", count=70) for n in range(3)]
    clinic.look()
    clinic.pass_by(days=31)  # by now they are not read far enough ahead any more
    before = ahead(clinic, series)
    for each in series:
        clinic.anna.delete(ROOM, each)
    google_double.expire_sync_tokens(ROOM)
    clinic.look()
    assert hearing(clinic.flow)[0].fault == "calendar-looks-empty"
    assert ahead(clinic, series) == before > 100


def test_a_series_whose_instances_are_not_to_be_had_keeps_nobody_else_waiting_and_is_told_of(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    guest = [{"email": "bo.poe@example.com", "displayName": "Bo Poe"}]
    series = weekly(clinic, "Facial - Bo Poe", attendees=guest)
    clinic.look()
    clinic.pass_by(minutes=2)
    google_double.fail(INSTANCES, calendar=ROOM, status=500, reason="backendError", times=None)
    clinic.anna.describe(ROOM, series, "Bring your pass.")
    clinic.book("Botox", "2026-03-01", at="15:00")
    event = clinic.book("Microneedling", "2026-03-12")
    assert clinic.title(event) != HELD, "for a while it may be that Google has a bad day"
    for _ in range(20):
        clinic.pass_by(minutes=1)
        clinic.sweep()
    assert clinic.title(event) == HELD
    instance = clinic.appointment(f"{series}_20260304T180000Z")
    assert (instance.status, instance.doubts) == ("booked", ("event-unreadable",))
    with clinic.store.reading() as tx:
        assert [id for id, _ in told(tx, EVENT, ROOM_1, clinic.clock())] == [series]

    clinic.pass_by(minutes=2)
    later = clinic.book("Facial", "2026-03-25", name="Cy Roe")
    assert clinic.appointment(later).status == "booked", "it was set aside once, and is not waited for again"

    google_double.expire_sync_tokens(ROOM)  # read whole, it is not taken for gone
    clinic.look()
    assert clinic.appointment(instance.source_id).status == "booked"
    google_double.well()
    clinic.pass_by(minutes=2)
    clinic.look()
    assert clinic.appointment(instance.source_id).doubts == ()


def test_a_calendar_whose_every_look_fails_is_shown_as_not_read(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    read_at = clinic.clock()
    google_double.fail("events.list", calendar=ROOM, status=503, times=None)
    for _ in range(13):
        clinic.pass_by(minutes=15)
        clinic.sweep()
    shown = {heard.calendar: heard for heard in hearing(clinic.flow)}
    assert shown[ROOM_1].fault == shown[ROOM_1].trouble == "calendar-not-read"
    assert shown[ROOM_2].fault == ""
    line = next(line for line in digest(clinic.flow).calendars if line.id == ROOM_1)
    assert (line.fault, line.fault_since) == ("calendar-not-read", local("2026-03-02", "09:00"))
    assert read_at == line.fault_since


@pytest.mark.parametrize("told_of", ["by its series", "one by one", "by a whole reading"])
def test_of_a_series_that_was_deleted_what_took_place_did_so_where_it_was_moved_too(
    clinic: ClinicAtGoogle, google_double: GoogleDouble, told_of: str
) -> None:
    google_double.quirks.tombstones_for_exceptions = told_of == "one by one"
    series = weekly(clinic, "Microneedling - Ann Lee", attendees=[{"email": "ann.lee@example.com"}])
    moved = f"{series}_20260304T180000Z"
    clinic.anna.move(ROOM, moved, local("2026-03-05"), local("2026-03-05", "11:00"))
    clinic.book("Facial", "2026-03-20")  # without it the calendar looks empty
    clinic.pass_by(days=4)
    clinic.anna.delete(ROOM, series)
    if told_of == "by a whole reading":
        google_double.expire_sync_tokens(ROOM)
    clinic.look()
    assert clinic.appointment(moved).status == "booked"
    assert ahead(clinic, [series]) == 0


def test_after_a_long_outage_a_calendar_is_read_within_two_minutes(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    google_double.fail("events.list", calendar=ROOM, status=503, times=None)
    for _ in range(60):
        clinic.pass_by(minutes=1)
        clinic.sweep()
    google_double.well()
    back = clinic.clock()
    clinic.book("Botox", "2026-03-01", at="15:00", look=False)
    event = clinic.book("Microneedling", "2026-03-12", look=False)
    while clinic.title(event) != HELD and clinic.clock() - back < timedelta(minutes=30):
        clinic.pass_by(seconds=5)
        clinic.settle()
    assert clinic.clock() - back < timedelta(minutes=2)


def test_access_withdrawn_while_a_mark_is_written_is_shown_at_once(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    event = clinic.book("Microneedling", "2026-04-08")
    client = clinic.appointment(event).client
    assert client is not None
    google_double.unshare(ROOM, "bot")
    record_treatment(clinic.flow, client, "isotretinoin", Speaker("practitioner", "Dr Vale"), ongoing=True)
    clinic.settle()
    assert hearing(clinic.flow)[0].fault == "calendar-missing"

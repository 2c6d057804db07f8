"""Google tells us when something changes: real notices over HTTP, through the app that takes them."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from scheduler_app.flow.check import Checker
from scheduler_app.store import EmbeddedCalendar, GroupCommitInbox, SqlKeyShelf
from scheduler_app.web import Deps, create_app
from tests.days.clinic_at_google import OTHER, ROOM_1, ClinicAtGoogle, local
from tests.google_double import ROOM, GoogleDouble

HELD = "⛔15 Mar · Microneedling - Ann Lee"


@pytest.fixture
def clinic(google_double: GoogleDouble, tmp_path: Path, migrated_file: bytes) -> Iterator[ClinicAtGoogle]:
    """One that Google's notices reach."""
    file = tmp_path / "clinic.db"
    file.write_bytes(migrated_file)
    google_double.quirks.https_only = False  # the real one wants a certificate everybody trusts
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    address = f"http://127.0.0.1:{server.server_port}/hooks/google"
    clinic = ClinicAtGoogle(google_double, file, push_address=address)
    server.app = create_app(_deps(clinic)).wsgi_app
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        clinic.sweep()
        clinic.start()
        google_double.settle()
        clinic.settle()
        yield clinic
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        clinic.close()


def _deps(clinic: ClinicAtGoogle) -> Deps:
    flow = clinic.flow
    return Deps(
        flow=flow,
        inbox=GroupCommitInbox(clinic.store),
        keys=SqlKeyShelf(clinic.store),
        calendar=EmbeddedCalendar(clinic.store),
        checker=Checker(flow.rulebook, flow.catalogue, "Europe/London", clinic.clock, "en"),
        settle=lambda: None,
    )


def told(clinic: ClinicAtGoogle) -> None:
    """Every notice has arrived, and what it asks for is done; nobody looked by themselves."""
    assert clinic.double.settle()
    clinic.settle()


def too_soon(clinic: ClinicAtGoogle) -> str:
    """Botox yesterday, microneedling in ten days; nobody looks."""
    clinic.book("Botox", "2026-03-01", at="15:00", look=False)
    return clinic.book("Microneedling", "2026-03-12", look=False)


def test_a_notice_is_enough_for_a_hold(clinic: ClinicAtGoogle) -> None:
    event = too_soon(clinic)
    told(clinic)
    assert clinic.title(event) == HELD


@pytest.mark.parametrize("trouble", ["doubled", "late", "reordered"])
def test_notices_that_come_twice_late_or_out_of_order_change_nothing(
    clinic: ClinicAtGoogle, trouble: str
) -> None:
    clinic.double.push(trouble)
    event = too_soon(clinic)
    clinic.double.deliver()
    told(clinic)
    assert clinic.title(event) == HELD


def test_a_notice_that_is_lost_is_made_up_for_by_the_next_poll(clinic: ClinicAtGoogle) -> None:
    clinic.double.push("lost")
    event = too_soon(clinic)
    told(clinic)
    assert clinic.title(event) == "Microneedling - Ann Lee"
    clinic.pass_by(minutes=40)
    clinic.settle()
    assert clinic.title(event) == HELD


def test_a_notice_that_comes_before_the_answer_to_watch_is_heard(
    google_double: GoogleDouble, clinic: ClinicAtGoogle
) -> None:
    google_double.push_before_answer()
    clinic.pass_by(days=4)  # half of a channel's life is over
    clinic.sweep()
    google_double.settle()
    event = too_soon(clinic)
    told(clinic)
    assert clinic.title(event) == HELD


def test_channels_are_renewed_at_half_their_life_and_the_old_ones_stopped(
    google_double: GoogleDouble, clinic: ClinicAtGoogle
) -> None:
    with clinic.store.reading() as tx:
        (first,) = tx.channels.of_calendar(ROOM_1)
    marked = google_double.mark()
    clinic.pass_by(days=4)
    clinic.sweep()
    google_double.settle()  # the new one says its first word, and only then the old one may go
    clinic.pass_by(seconds=61)
    clinic.settle()
    with clinic.store.reading() as tx:
        old, new = tx.channels.of_calendar(ROOM_1)
    assert (old.id, old.stopped_at is not None) == (first.id, True)
    assert new.live(clinic.clock())
    methods = [each.method for each in google_double.requests_since(marked) if each.calendar != OTHER]
    assert methods.index("events.watch") < methods.index("channels.stop")


def test_a_channel_that_expired_unseen_is_noticed_and_made_anew(
    google_double: GoogleDouble, clinic: ClinicAtGoogle
) -> None:
    google_double.expire_channels()
    event = too_soon(clinic)
    clinic.pass_by(days=8)
    clinic.sweep()
    assert clinic.title(event).startswith("⛔")
    clinic.move(event, "2026-03-15")
    google_double.settle()
    again = clinic.book("Microneedling", "2026-03-14", name="Ann Lee", at="16:00", look=False)
    told(clinic)
    assert clinic.title(again).startswith("⛔")


def test_our_own_write_comes_back_and_is_known(google_double: GoogleDouble, clinic: ClinicAtGoogle) -> None:
    too_soon(clinic)
    told(clinic)
    marked = google_double.mark()
    for _ in range(3):
        told(clinic)
    assert "events.patch" not in {each.method for each in google_double.requests_since(marked)}
    assert len([event for event in google_double.events(ROOM) if event["summary"] == HELD]) == 1


def test_a_series_that_was_set_aside_is_asked_for_again_soon_though_notices_are_trusted(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    start, rule = local("2026-03-04"), ["RRULE:FREQ=WEEKLY;COUNT=3"]
    series = clinic.anna.book(ROOM, "Facial - Bo Poe", start, start + timedelta(hours=1), recurrence=rule)
    told(clinic)
    instance = f"{series}_20260304T100000Z"
    before = clinic.appointment(instance).doubts
    google_double.fail("events.instances", calendar=ROOM, status=500, times=None)
    clinic.anna.describe(ROOM, series, "Bring your pass.")
    told(clinic)
    assert clinic.appointment(instance).doubts == before, "one failure says nothing about the series"
    for _ in range(20):
        clinic.pass_by(seconds=10)
        clinic.settle()
    assert clinic.appointment(instance).doubts == (*before, "event-unreadable")
    google_double.well()
    clinic.pass_by(minutes=2)
    clinic.settle()
    assert clinic.appointment(instance).doubts == before

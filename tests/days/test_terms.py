"""How far the owner lets us go on a calendar: observe, annotate, hold, call off, give slots back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler_app.domain.clinic import ANNOTATE, CANCEL, MarkTerms
from scheduler_app.domain.connections import NEW
from scheduler_app.flow.foresee import foresee
from tests.days.clinic_at_google import ROOM_1, ClinicAtGoogle, local
from tests.google_double import ROOM, GoogleDouble

Opened = Callable[..., ClinicAtGoogle]
HELD = "⛔15 Mar · Microneedling - Ann Lee"
PLAIN = "Microneedling - Ann Lee"


@pytest.fixture
def opened(google_double: GoogleDouble, tmp_path: Path, migrated_file: bytes) -> Iterator[Opened]:
    """A clinic on the terms a test wants, not started."""
    made: list[ClinicAtGoogle] = []

    def opening(**terms: object) -> ClinicAtGoogle:
        file = tmp_path / "clinic.db"
        file.write_bytes(migrated_file)
        made.append(ClinicAtGoogle(google_double, file, replace(MarkTerms(), **terms)))  # type: ignore[arg-type]
        made[-1].look()
        return made[-1]

    yield opening
    for clinic in made:
        clinic.close()


def too_soon(clinic: ClinicAtGoogle, **fields: object) -> str:
    """Botox yesterday, microneedling in ten days."""
    clinic.book("Botox", "2026-03-01", at="15:00")
    return clinic.book("Microneedling", "2026-03-12", **fields)  # type: ignore[arg-type]


def test_until_a_person_starts_it_nothing_is_written_and_the_owner_sees_what_would_be(
    opened: Opened, google_double: GoogleDouble
) -> None:
    clinic = opened()
    event = too_soon(clinic)
    odd = clinic.book("Zorbing", "2026-03-20", name="Bea Ott")
    marked = google_double.mark()
    clinic.sweep()
    clinic.sync_all()
    assert {each.method for each in google_double.requests_since(marked)} <= {"events.list"}
    assert (clinic.title(event), clinic.title(odd)) == (PLAIN, "Zorbing - Bea Ott")
    assert len(foresee(clinic.flow, ROOM_1).written) == 2


def test_started_for_new_bookings_the_old_ones_are_left_alone(opened: Opened) -> None:
    clinic = opened()
    before = too_soon(clinic)
    clinic.pass_by(minutes=1)
    clinic.start(NEW)
    after = clinic.book("Microneedling", "2026-03-13")
    assert clinic.title(before) == PLAIN
    assert clinic.title(after).startswith("⛔")


def test_started_for_all_the_book_that_is_ahead_is_marked(opened: Opened) -> None:
    clinic = opened()
    event = too_soon(clinic)
    clinic.start()
    assert clinic.title(event) == HELD


def test_annotating_colours_and_explains_and_leaves_the_title(opened: Opened) -> None:
    clinic = opened(mode=ANNOTATE, colours={"note": "11", "hold": "11"})
    clinic.start()
    event = too_soon(clinic)
    shown = clinic.shown(event)
    assert (shown["summary"], shown["colorId"]) == (PLAIN, "11")
    assert "15 March 2026" in shown["description"]
    clinic.pass_by(hours=2)
    clinic.sweep()
    assert clinic.shown(event).get("transparency", "opaque") == "opaque"
    clinic.move(event, "2026-03-15")
    assert "colorId" not in clinic.shown(event)


def test_calling_off_deletes_the_event_and_tells_nobody_unless_asked_to(
    opened: Opened, google_double: GoogleDouble
) -> None:
    clinic = opened(mode=CANCEL)
    clinic.start()
    event = too_soon(clinic)
    assert clinic.shown(event)["status"] == "cancelled"
    assert clinic.appointment(event).status == "cancelled"
    assert clinic.sync_all() == {}


def test_an_event_that_was_made_another_treatment_meanwhile_is_not_called_off(
    opened: Opened, google_double: GoogleDouble
) -> None:
    clinic = opened(mode=CANCEL)
    clinic.start()
    event = too_soon(clinic, look=False)
    google_double.meanwhile(
        lambda: clinic.anna.retitle(ROOM, event, "Consultation - Ann Lee"), method="events.get"
    )
    for _ in range(3):
        clinic.look()
        clinic.pass_by(minutes=2)
    assert clinic.shown(event)["status"] == "confirmed"
    assert clinic.appointment(event).status == "booked"


def test_a_copy_of_a_visit_whose_slot_was_given_back_is_a_booking(opened: Opened) -> None:
    clinic = opened()
    clinic.start()
    given_back = too_soon(clinic)
    clinic.pass_by(minutes=61)
    clinic.sweep()
    shown = clinic.shown(given_back)
    kept = {name: shown[name] for name in ("description", "transparency", "attendees")}
    start = local("2026-03-20")
    copy = clinic.anna.book(ROOM, shown["summary"], start, start + timedelta(hours=1), **kept)
    clinic.look()
    clinic.sweep()
    assert clinic.appointment(copy).status == "booked"
    assert clinic.title(copy) == PLAIN
    assert clinic.shown(copy).get("transparency", "opaque") == "opaque"


def test_a_hold_gives_its_slot_back_after_an_hour_and_takes_it_again_when_it_may_stand(
    opened: Opened,
) -> None:
    clinic = opened()
    clinic.start()
    event = too_soon(clinic)
    clinic.pass_by(minutes=59)
    clinic.sweep()
    assert clinic.shown(event).get("transparency", "opaque") == "opaque"
    clinic.pass_by(minutes=2)
    clinic.sweep()
    assert clinic.shown(event)["transparency"] == "transparent"
    assert clinic.appointment(event).status == "booked"  # free only because of our mark: still a booking
    clinic.move(event, "2026-03-15")
    assert clinic.shown(event).get("transparency", "opaque") == "opaque"


def test_a_slot_that_is_taken_meanwhile_is_never_made_busy_twice(opened: Opened) -> None:
    clinic = opened()
    clinic.start()
    event = too_soon(clinic)
    clinic.pass_by(minutes=61)
    clinic.sweep()
    other = clinic.book("Consultation", "2026-03-15", name="Bea Ott")
    clinic.move(event, "2026-03-15")
    shown = clinic.shown(event)
    assert shown["transparency"] == "transparent"
    assert shown["summary"] != PLAIN
    assert "Bea" not in shown["description"]
    clinic.move(other, "2026-03-16", at="15:00")
    clinic.sweep()
    assert clinic.title(event) == PLAIN
    assert clinic.shown(event).get("transparency", "opaque") == "opaque"


def test_a_mark_undone_twice_is_left_alone_and_the_visit_stays_blocked(opened: Opened) -> None:
    clinic = opened()
    clinic.start()
    event = too_soon(clinic)
    for expected in (HELD, PLAIN):
        clinic.anna.retitle(ROOM, event, PLAIN)
        clinic.look()
        clinic.pass_by(minutes=2)
        clinic.look()
        assert clinic.title(event) == expected
    assert clinic.verdict(event).outcome.name == "BLOCKED"
    with clinic.store.reading() as tx:
        assert [quarrel.appointment for quarrel in tx.outbox.quarrels()] == [clinic.appointment(event).ref]
    clinic.move(event, "2026-03-13")
    assert clinic.title(event) == HELD  # another day is another matter


def test_a_visit_that_has_begun_is_annotated_at_most(opened: Opened) -> None:
    clinic = opened()
    clinic.start()
    event = too_soon(clinic)
    clinic.double.clock.now = local("2026-03-12", "10:30")
    clinic.sweep()
    clinic.sync_all()
    assert clinic.title(event) == PLAIN


def test_an_event_somebody_else_organises_is_never_written_on(
    opened: Opened, google_double: GoogleDouble
) -> None:
    clinic = opened()
    clinic.start()
    clinic.book("Botox", "2026-03-01", at="15:00")
    start = local("2026-03-12")
    google_double.seed(
        ROOM,
        [
            {
                "summary": PLAIN,
                "start": {"dateTime": start.isoformat()},
                "end": {"dateTime": (start + timedelta(hours=1)).isoformat()},
                "organizer": {"email": "somebody@example.org"},
                "attendees": [{"email": "ann.lee@example.com", "displayName": "Ann Lee"}],
            }
        ],
    )
    clinic.look()
    (event,) = [each for each in google_double.events(ROOM) if each["summary"] == PLAIN]
    assert clinic.verdict(event["id"]).outcome.name == "BLOCKED"
    assert clinic.title(event["id"]) == PLAIN


def test_a_calendar_for_some_treatments_is_written_on_for_those_and_every_visit_counts(
    opened: Opened,
) -> None:
    clinic = opened(only=("botulinum_toxin",))
    clinic.start()
    needling = clinic.book("Microneedling", "2026-03-20")
    botox = clinic.book("Botox", "2026-03-25")
    again = clinic.book("Microneedling", "2026-03-24")
    assert clinic.title(needling) == PLAIN
    assert clinic.title(botox) == "⛔10 Apr · Botox - Ann Lee"
    assert clinic.verdict(again).outcome.name == "BLOCKED"
    assert clinic.title(again) == PLAIN
    odd = clinic.book("Zorbing", "2026-03-20", name="Bea Ott")
    assert clinic.title(odd).startswith("? · ")


def test_whatever_is_left_of_a_mark_goes_with_it(opened: Opened) -> None:
    clinic = opened(colours={"hold": "11"})
    clinic.start()
    event = too_soon(clinic)
    clinic.anna.retitle(ROOM, event, PLAIN)
    clinic.anna.describe(ROOM, event, "")
    clinic.move(event, "2026-03-16")
    clinic.sweep()
    assert "colorId" not in clinic.shown(event)

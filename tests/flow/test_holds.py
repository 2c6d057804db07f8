"""A hold has an owner and a deadline, and who should have settled it hears of it once."""

from dataclasses import replace

import pytest

from scheduler_app.domain.events import CalendarEvent
from scheduler_app.flow.digest import digest
from scheduler_app.flow.holds import escalated, holds
from scheduler_app.flow.sweep import begin
from scheduler_app.texts.digest import digest_text
from tests.flow.clinic_at_work import SITE, ClinicAtWork, local

DAY = "2026-03-16"


@pytest.fixture
def held(clinic: ClinicAtWork) -> tuple[ClinicAtWork, str]:
    begin(clinic.flow)
    clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", DAY)
    clinic.settle()
    return clinic, needling


def late(clinic: ClinicAtWork) -> int:
    with clinic.store.reading() as tx:
        return len(escalated(tx, clinic.flow, clinic.clock.now))


def test_a_hold_is_whoever_booked_it_to_settle_until_a_day_before(held: tuple[ClinicAtWork, str]) -> None:
    clinic, needling = held
    visit = replace(clinic.appointment(needling), booked_by="kim@clinic.example")
    with clinic.store.transaction() as tx:
        tx.appointments.put(visit, by="calendar:desk", at=clinic.clock.now)
        (hold,) = holds(tx, clinic.flow, clinic.clock.now)

    assert hold.owner == "kim@clinic.example"
    assert hold.deadline == local("2026-03-15")
    assert not hold.escalated


def test_a_hold_escalates_once_for_each_start(held: tuple[ClinicAtWork, str]) -> None:
    clinic, needling = held
    clinic.clock.now = local("2026-03-15", "09:50")
    clinic.settle()
    assert late(clinic) == 0
    for _ in range(3):
        clinic.clock.pass_by(minutes=10)
        clinic.settle()
    assert late(clinic) == 1
    assert len(clinic.audited(needling, "hold-escalated")) == 1

    clinic.move(needling, DAY, "11:00")
    clinic.clock.pass_by(hours=1)
    clinic.settle()
    assert len(clinic.audited(needling, "hold-escalated")) == 2
    clinic.move(needling, "2026-04-20")
    clinic.settle()
    assert late(clinic) == 0


def test_a_clinic_chooses_how_long_before_it_escalates(held: tuple[ClinicAtWork, str]) -> None:
    clinic, _ = held
    clinic.on_terms(escalate=72)
    clinic.clock.now = local("2026-03-13", "10:01")

    assert late(clinic) == 1


def test_a_calendar_that_is_only_observed_has_no_holds(held: tuple[ClinicAtWork, str]) -> None:
    clinic, _ = held
    clinic.on_terms(kind="google")
    clinic.clock.now = local("2026-03-15", "12:00")

    assert late(clinic) == 0


def test_a_booking_of_a_platform_that_comes_too_soon_is_held_at_the_desk(clinic: ClinicAtWork) -> None:
    ann = {"name": "Ann Lee", "email": "ann.lee@example.com"}
    clinic.book("Botox", "2026-03-05")
    clinic.tell("created", id="web-1", day=DAY, client=ann)
    clinic.settle()
    with clinic.store.reading() as tx:
        (hold,) = holds(tx, clinic.flow, clinic.clock.now)

    assert hold.appointment == clinic.appointment("web-1", SITE)
    assert (hold.owner, hold.written) == ("", None)


def test_the_digest_tells_everything_that_waits_and_nothing_twice(held: tuple[ClinicAtWork, str]) -> None:
    clinic, _ = held
    clinic.book("Microneedling", "2026-05-20", "Ben Hall")
    clinic.book("Xyzzy", "2026-03-20", "Cat Moss")
    clinic.settle()
    told = digest_text(digest(clinic.flow))

    assert "Held\n  Mon 16 Mar 10:00  Microneedling - Ann Lee: the desk until Sun 15 Mar 10:00" in told
    assert "possible from 19 March 2026" in told
    assert "1  health questions missing or too old" in told
    assert "1  what is booked" in told
    assert "Titles nobody could read\n  Fri 20 Mar 10:00  Xyzzy - Cat Moss" in told
    assert "To settle now" not in told
    assert "Calendars" not in told.partition("\n")[2]

    clinic.clock.now = local("2026-03-15", "12:00")
    later = digest_text(digest(clinic.flow))
    assert "To settle now (the visit is near)\n  Mon 16 Mar 10:00" in later
    assert "\nHeld\n" not in later


def test_the_digest_says_what_was_taken_off_and_what_is_disconnected(held: tuple[ClinicAtWork, str]) -> None:
    clinic, needling = held
    for _ in range(2):
        event: CalendarEvent = clinic.event(needling)
        clinic.calendar.unmark("desk", needling, event.etag)
        clinic.look()
        clinic.settle()
    assert "Taken off by hand" in digest_text(digest(clinic.flow))

    with clinic.store.transaction() as tx:
        state = tx.states.get("desk")
        tx.states.put(replace(state, fault="access-withdrawn", fault_since=clinic.clock.now))
    clinic.on_terms(kind="google")
    told = digest_text(digest(clinic.flow))
    assert "Front desk: Only observed: nothing is written here." in told
    assert "access was withdrawn" in told


def test_a_digest_with_nothing_to_tell_says_so(clinic: ClinicAtWork) -> None:
    assert "Nothing is held" in digest_text(digest(clinic.flow))

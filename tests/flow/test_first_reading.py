"""The first reading of a calendar: what the book did not hold cannot have vanished from it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from scheduler_app.domain.appointments import Clues, Report
from scheduler_app.errors import Expired
from scheduler_app.flow.sync import SUSPICIOUS, sync_calendar
from scheduler_app.flow.take import take
from scheduler_app.store import EmbeddedCalendar
from tests.flow.calendars import Through, failing
from tests.flow.clinic_at_work import DESK, ClinicAtWork, local

SOURCE = f"calendar:{DESK}"


@pytest.fixture
def through(
    open_clinic: Callable[..., ClinicAtWork], monkeypatch: pytest.MonkeyPatch
) -> tuple[ClinicAtWork, Through]:
    """A clinic that reads its calendar event by event, and what stands between the two."""
    monkeypatch.setattr("scheduler_app.flow.sync.TOGETHER", 1)  # each page is taken by itself
    between: list[Through] = []

    def stand(gateway: EmbeddedCalendar) -> Through:
        between.append(Through(gateway))
        return between[0]

    clinic = open_clinic(through=stand)
    between[0].behind = EmbeddedCalendar(clinic.store, page=1)
    return clinic, between[0]


def at_look(calendar: Through, number: int, act: Callable[[], object]) -> None:
    """Something happens as the calendar is asked for the so-manieth page."""
    begun = len(calendar.calls)

    def step() -> None:
        if len(calendar.calls) - begun == number:
            act()

    calendar.before["changes"] = step


def told_by_hand(clinic: ClinicAtWork, number: int) -> str:
    """A visit ahead comes into the book as the calendar's own, which no page of the reading tells of."""
    start = local("2026-03-20") + timedelta(hours=number)
    report = Report(
        source=SOURCE,
        source_id=f"meanwhile-{number}",
        status="booked",
        start=start,
        end=start + timedelta(hours=1),
        zone="Europe/London",
        treatments=("microneedling",),
        clues=Clues("Bo Poe", "bo.poe@example.com"),
        reported_at=clinic.clock.now,
        booked_at=clinic.clock.now,
        calendar=DESK,
        title="Microneedling Bo Poe",
    )
    with clinic.store.transaction() as tx:
        take(tx, report, clinic.clock.now)
    return report.source_id


def test_what_comes_into_the_book_during_a_first_reading_is_neither_missed_nor_called_off(
    through: tuple[ClinicAtWork, Through],
) -> None:
    clinic, calendar = through
    past = [clinic.book("Consultation", f"2026-02-{day}") for day in (20, 23)]
    meanwhile: list[str] = []
    at_look(
        calendar,
        2,
        lambda: meanwhile.extend(told_by_hand(clinic, number) for number in range(SUSPICIOUS)),
    )

    assert sync_calendar(clinic.flow, DESK) == len(past)

    assert len(meanwhile) == SUSPICIOUS
    assert {clinic.appointment(event).status for event in meanwhile} == {"booked"}


def test_a_first_reading_that_must_begin_anew_calls_off_what_was_deleted_since_it_began(
    through: tuple[ClinicAtWork, Through],
) -> None:
    clinic, calendar = through
    deleted, kept = (clinic.book("Consultation", f"2026-03-{day}") for day in (20, 23))

    def delete_and_expire() -> None:
        assert clinic.appointment(deleted).status == "booked"
        clinic.calendar.cancel(DESK, deleted)
        clinic.calendar.prune(DESK, clinic.clock.now + timedelta(days=1))
        failing(Expired("too old"))()

    at_look(calendar, 2, delete_and_expire)

    with pytest.raises(Expired):
        sync_calendar(clinic.flow, DESK)
    sync_calendar(clinic.flow, DESK)

    assert clinic.appointment(deleted).status == "cancelled"
    assert clinic.appointment(kept).status == "booked"


def test_a_full_reading_of_a_book_that_held_something_calls_off_what_it_does_not_find(
    through: tuple[ClinicAtWork, Through],
) -> None:
    clinic, calendar = through
    deleted, kept = (clinic.book("Consultation", f"2026-03-{day}") for day in (20, 23))
    sync_calendar(clinic.flow, DESK)
    clinic.calendar.cancel(DESK, deleted)
    clinic.calendar.prune(DESK, clinic.clock.now + timedelta(days=1))
    at_look(calendar, 1, failing(Expired("too old")))

    assert sync_calendar(clinic.flow, DESK) == 1

    assert clinic.appointment(deleted).status == "cancelled"
    assert clinic.appointment(kept).status == "booked"

"""Series are read instance by instance, and what a full reading does not find any more has vanished."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler_app.domain.events import Changes
from scheduler_app.errors import Expired, Unsafe
from scheduler_app.flow.decide import confirm_client
from scheduler_app.flow.record import PRACTITIONER, Speaker
from tests.flow.clinic_at_work import DESK, NOW, ClinicAtWork
from tests.flow.series_clinic import SOURCE, WEEKLY, At, book, live, read, reading_series

DR = Speaker(PRACTITIONER, "Dr Reyes")


@pytest.fixture
def at(open_clinic: Callable[..., ClinicAtWork]) -> At:
    """A clinic, and the calendar it reads."""
    return reading_series(open_clinic)


def test_every_instance_of_a_series_is_a_visit_and_the_series_itself_is_none(at: At) -> None:
    clinic, calendar = at
    calendar.book_series("s", "Facial - Ann Lee", WEEKLY, 4)
    assert read(clinic) == 4

    assert live(clinic) == ["03-04", "03-11", "03-18", "03-25"]
    assert {visit.client for visit in book(clinic)} == {book(clinic)[0].client} != {None}
    with clinic.store.reading() as tx:
        assert tx.appointments.by_source(SOURCE, "s") is None
    assert read(clinic) == 0


def test_a_weekly_microneedling_is_held_from_the_second_week_on(at: At) -> None:
    clinic, calendar = at
    calendar.book_series("s", "Microneedling - Ann Lee", WEEKLY, 3, days=3)
    clinic.look()
    clinic.settle()

    assert [clinic.outcome(visit.source_id) for visit in book(clinic)] == ["review", "blocked", "blocked"]
    shown = [calendar.event(DESK, visit.source_id).mark for visit in book(clinic)]
    assert [mark and mark.kind for mark in shown] == [None, "hold", "hold"]


def test_an_instance_that_is_moved_called_off_or_taken_out_is_so_in_the_book(at: At) -> None:
    clinic, calendar = at
    calendar.book_series("s", "Facial - Ann Lee", WEEKLY, 4)
    read(clinic)
    moved = WEEKLY + timedelta(days=8)
    calendar.change("s", 1, start=moved, end=moved + timedelta(hours=1))
    calendar.change("s", 2, status="cancelled")
    calendar.take_out("s", 3)
    assert read(clinic) == 3

    assert live(clinic) == ["03-04", "03-12"]


def test_a_series_that_ends_sooner_keeps_what_took_place(at: At) -> None:
    clinic, calendar = at
    calendar.book_series("s", "Facial - Ann Lee", WEEKLY - timedelta(days=21), 8)
    read(clinic)
    calendar.end_series("s", 4)
    read(clinic)

    assert live(clinic) == ["02-11", "02-18", "02-25", "03-04"]


def test_a_deleted_series_loses_what_is_ahead_and_keeps_what_took_place(at: At) -> None:
    clinic, calendar = at
    calendar.book_series("s", "Facial - Ann Lee", WEEKLY - timedelta(days=14), 8)
    read(clinic)
    calendar.delete("s")
    read(clinic)

    assert live(clinic) == ["02-18", "02-25"]
    with clinic.store.reading() as tx:
        assert tx.series.read_short_of(DESK, datetime.max.replace(tzinfo=UTC)) == []


def test_a_deleted_event_of_which_only_the_id_is_left_costs_no_question(at: At) -> None:
    clinic, calendar = at
    calendar.book("e", "Facial - Ann Lee", WEEKLY)
    read(clinic)
    calendar.delete("e")
    calendar.asked.clear()
    read(clinic)

    assert calendar.asked == [f"changes {DESK}"]
    assert clinic.appointment("e").status == "cancelled"


def test_an_event_becomes_a_series_and_a_series_an_event_without_counting_twice(at: At) -> None:
    clinic, calendar = at
    calendar.book("s", "Facial - Ann Lee", WEEKLY)
    read(clinic)
    calendar.book_series("s", "Facial - Ann Lee", WEEKLY, 3)
    read(clinic)
    assert clinic.appointment("s").status == "cancelled"
    assert live(clinic) == ["03-04", "03-11", "03-18"]

    calendar.book("s", "Facial - Ann Lee", WEEKLY)
    read(clinic)
    assert clinic.appointment("s").status == "booked"
    assert live(clinic) == []


def test_a_series_is_read_eighteen_months_ahead_and_read_on_as_time_goes_by(at: At) -> None:
    clinic, calendar = at
    calendar.book_series("s", "Facial - Ann Lee", WEEKLY, 1000)
    read(clinic)
    first = book(clinic)
    assert timedelta(days=540) < first[-1].start - clinic.clock.now < timedelta(days=549)
    calendar.asked.clear()
    clinic.clock.pass_by(days=28)
    read(clinic)
    assert calendar.asked == [f"changes {DESK}"], "nothing is read on yet"
    clinic.clock.pass_by(days=4)
    read(clinic)

    assert len(book(clinic)) == len(first) + 5
    assert timedelta(days=540) < book(clinic)[-1].start - clinic.clock.now < timedelta(days=549)
    calendar.asked.clear()
    read(clinic)
    assert calendar.asked == [f"changes {DESK}"]


def test_after_days_offline_a_full_reading_calls_off_what_vanished_past_visits_too(at: At) -> None:
    clinic, calendar = at
    days = {"old": -500, "past": -3, "ahead": 5, "kept": 6}
    for id, day in days.items():
        calendar.book(id, "Facial - Ann Lee", NOW + timedelta(days=day))
    calendar.book_series("s", "Facial - Ann Lee", WEEKLY, 3)
    read(clinic)
    ancient = replace(
        clinic.appointment("past"), ref="v-old", source_id="old", start=NOW - timedelta(days=500)
    )
    with clinic.store.transaction() as tx:
        tx.appointments.put(replace(ancient, end=ancient.start + timedelta(hours=1)), "before", NOW)
    for id in ("past", "ahead", "s", "old"):
        calendar.forget(id)
    calendar.expire()
    clinic.clock.pass_by(days=1)
    read(clinic)

    statuses = {id: clinic.appointment(id).status for id in days}
    assert statuses == {"old": "booked", "past": "cancelled", "ahead": "cancelled", "kept": "booked"}
    assert live(clinic) == []


def test_a_full_reading_that_expires_on_its_way_is_left_for_later(
    at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic, calendar = at
    for day in range(4):
        calendar.book(f"e{day}", "Facial - Ann Lee", NOW + timedelta(days=day))
    asked: list[str | None] = []
    first_page = calendar.changes

    def expiring(calendar: str, cursor: str | None, page: str | None = None) -> Changes:
        asked.append(page)
        if page is not None and len(asked) < 9:
            raise Expired("too old")
        return first_page(calendar, cursor, page)

    monkeypatch.setattr(calendar, "changes", expiring)
    with pytest.raises(Expired):
        read(clinic)
    assert asked == [None, "3"]


def test_a_full_reading_loses_nothing_only_we_know(at: At) -> None:
    clinic, calendar = at
    calendar.book("e", "Facial - Ann Lee", WEEKLY)
    calendar.book("f", "Botox - Cat", WEEKLY, email="")
    clinic.look()
    clinic.settle()
    ann = clinic.client_of("e")
    confirm_client(clinic.flow, clinic.appointment("f").ref, ann, DR)
    with clinic.store.reading() as tx:
        before = tx.appointments.history(clinic.appointment("f").ref), tx.audit.entries(DESK)
    held = clinic.appointment("e"), clinic.appointment("f")
    calendar.expire()
    read(clinic)

    assert (clinic.appointment("e"), clinic.appointment("f")) == held
    with clinic.store.reading() as tx:
        assert (tx.appointments.history(held[1].ref), tx.audit.entries(DESK)) == before


def test_a_calendar_of_series_that_suddenly_looks_empty_forgets_nobody(at: At) -> None:
    clinic, calendar = at
    calendar.book_series("s", "Facial - Ann Lee", WEEKLY, 6)
    read(clinic)
    calendar.forget("s")
    calendar.expire()
    with pytest.raises(Unsafe):
        read(clinic)
    assert len(live(clinic)) == 6

    assert read(clinic, trust_empty=True) == 6
    assert live(clinic) == []


def test_what_ended_thirteen_months_ago_is_taken_only_where_it_is_known(at: At) -> None:
    clinic, calendar = at
    calendar.book("known", "Facial - Ann Lee", WEEKLY)
    read(clinic)
    long_ago = NOW - timedelta(days=500)
    calendar.book("known", "Facial - Ann Lee", long_ago)
    calendar.book("unknown", "Facial - Ann Lee", long_ago)
    read(clinic)

    assert clinic.appointment("known").start == long_ago
    with clinic.store.reading() as tx:
        assert tx.appointments.by_source(SOURCE, "unknown") is None

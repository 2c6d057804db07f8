"""What an event of a clinic calendar says about an appointment, and which events say nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler_app.domain.appointments import Report
from scheduler_app.domain.clinic import ClinicCalendar
from scheduler_app.domain.events import CalendarEvent, Person
from scheduler_app.flow.events import report_of
from tests.flow.clinic_at_work import DESK, NOW, ClinicAtWork

START = datetime(2026, 3, 20, 10, tzinfo=UTC)
ANN = Person("ann@example.com", "Ann Lee")
BOTOX = CalendarEvent("e", '"1"', "confirmed", START, START + timedelta(hours=1), "Europe/London")
Said = Callable[..., Report | None]


@pytest.fixture
def said(clinic: ClinicAtWork) -> Said:
    """What an event says, booked for Ann unless it is changed."""

    def say(**changes: Any) -> Report | None:
        event = replace(BOTOX, title="Botox - Ann Lee", attendees=(ANN,), created=NOW)
        return report_of(replace(event, **changes), DESK, clinic.flow, NOW)

    return say


def told(report: Report | None) -> Report:
    assert report is not None
    return report


@pytest.mark.parametrize(
    "kind", ["outOfOffice", "focusTime", "workingLocation", "birthday", "fromGmail", "one of tomorrow"]
)
def test_events_of_other_kinds_are_no_appointments(said: Said, kind: str) -> None:
    assert said(kind=kind) is None


@pytest.mark.parametrize("kind", ["", "default"])
def test_what_people_write_down_may_be_one(said: Said, kind: str) -> None:
    assert told(said(kind=kind)).treatments == ("botulinum_toxin",)


def test_what_is_called_off_or_shown_as_free_is_none(said: Said) -> None:
    assert said(status="cancelled") is None
    assert said(busy=False) is None
    assert told(said(status="tentative")).status == "pending"


def test_nobody_but_a_client_is_taken_for_one(said: Said) -> None:
    nobody = (
        Person("room1@clinic.example", "Ann Lee", itself=True),
        Person("hello@clinic.example", "Ann Lee"),
        Person("c_1@resource.calendar.google.com", "Ann Lee"),
        Person("dr@elsewhere.example", "Ann Lee"),
    )
    organizer = Person("dr@elsewhere.example")
    assert told(said(attendees=(*nobody, ANN), organizer=organizer)).clues.email == "ann@example.com"
    assert told(said(attendees=nobody, organizer=organizer)).clues.email is None


def test_of_several_guests_only_one_who_bears_the_name_is_the_client(said: Said) -> None:
    friend = Person("al@example.com", "Al Ray")
    assert told(said(attendees=(friend, ANN))).clues.email == "ann@example.com"
    assert told(said(attendees=(ANN, replace(ANN, email="other@example.com")))).clues.email is None
    assert told(said(attendees=(friend, ANN), title="Botox")).clues.email is None


def test_a_number_is_read_as_people_write_it_where_the_calendars_rooms_are(
    clinic: ClinicAtWork, said: Said
) -> None:
    written = {"title": "Botox - Ann Lee 020 7946 0123", "attendees": ()}
    assert told(said(**written)).clues.phone == "+442079460123"
    main = clinic.flow.clinic.locations["main"]
    rooms = {"main": main, "uptown": replace(main, id="uptown", zone="America/New_York", country="US")}
    calendars = {DESK: ClinicCalendar(DESK, "uptown")}
    clinic.flow = replace(
        clinic.flow, clinic=replace(clinic.flow.clinic, locations=rooms, calendars=calendars)
    )
    there = told(said(title="Botox - Ann Lee (212) 555-0123", attendees=()))
    assert (there.clues.phone, there.location, there.zone) == ("+12125550123", "uptown", "America/New_York")


def test_the_day_counts_where_the_rooms_are_and_an_all_day_event_keeps_its_own(said: Said) -> None:
    assert told(said(zone="America/New_York")).zone == "Europe/London"
    assert told(said(zone="America/New_York", all_day=True)).zone == "America/New_York"


def test_a_time_of_making_that_nobody_knows_is_none(said: Said) -> None:
    assert told(said()).booked_at == NOW
    assert told(said(created=datetime(1, 1, 1, tzinfo=UTC))).booked_at is None
    assert told(said(created=None)).booked_at is None

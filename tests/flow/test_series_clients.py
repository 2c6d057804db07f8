"""Whose a series is: one confirmation covers it, and no name elsewhere."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from scheduler_app.flow.decide import confirm_client
from scheduler_app.flow.record import PRACTITIONER, Speaker
from tests.flow.clinic_at_work import ClinicAtWork
from tests.flow.series_clinic import WEEKLY, At, book, reading_series

DR = Speaker(PRACTITIONER, "Dr Reyes")


@pytest.fixture
def at(open_clinic: Callable[..., ClinicAtWork]) -> At:
    """A clinic, and the calendar it reads."""
    return reading_series(open_clinic)


def test_one_confirmation_holds_for_the_series_and_never_for_the_name(at: At) -> None:
    clinic, calendar = at
    calendar.book("e", "Facial - Ann Lee", WEEKLY)
    calendar.book_series("s", "Botox - Ann L", WEEKLY, 3, days=90, email="")
    calendar.book("other", "Botox - Ann L", WEEKLY + timedelta(days=60), email="")
    clinic.look()
    clinic.settle()
    ann = clinic.client_of("e")
    assert [visit.client for visit in book(clinic)] == [None] * 3
    confirm_client(clinic.flow, book(clinic)[1].ref, ann, DR)
    assert [visit.client for visit in book(clinic)] == [ann] * 3

    calendar.book_series("s", "Botox - Ann L", WEEKLY, 5, days=90, email="")
    clinic.look()
    clinic.settle()
    assert [visit.client for visit in book(clinic)] == [ann] * 5
    assert {visit.doubts for visit in book(clinic)} == {()}
    assert clinic.appointment("other").client is None


def test_what_a_person_said_of_one_instance_outweighs_what_they_said_of_the_series(at: At) -> None:
    clinic, calendar = at
    calendar.book("e", "Facial - Ann Lee", WEEKLY)
    calendar.book("b", "Facial - Bob Ray", WEEKLY, email="bob@example.com")
    calendar.book_series("s", "Botox - A", WEEKLY, 3, days=90, email="")
    clinic.look()
    clinic.settle()
    ann, bob = clinic.client_of("e"), clinic.client_of("b")
    confirm_client(clinic.flow, book(clinic)[1].ref, bob, DR)
    confirm_client(clinic.flow, book(clinic)[0].ref, ann, DR)
    calendar.book_series("s", "Botox - A!", WEEKLY, 3, days=90, email="")
    clinic.look()
    clinic.settle()

    assert [visit.client for visit in book(clinic)] == [ann, bob, ann]

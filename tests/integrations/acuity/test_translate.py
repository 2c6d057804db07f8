"""Appointments in our words, field by field."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler_app.errors import Invalid
from tests.contracts.booking_platform import NOW
from tests.integrations.acuity.sample import told


def test_the_vendors_sample_is_told_field_by_field() -> None:
    report = told()
    assert (report.source, report.source_id, report.status) == ("online", "54321", "booked")
    assert report.start == datetime(2013, 7, 2, 17, 15, tzinfo=UTC)
    assert report.end - report.start == timedelta(minutes=60)
    assert report.zone == "Europe/London"
    assert report.treatments == ("microneedling", "dermal_filler")
    assert (report.clues.name, report.clues.email) == ("Bob McTest", "bob.mctest@example.com")
    assert (report.clues.phone, report.clues.code, report.clues.platform_id) == (None, None, None)
    assert report.booked_at == datetime(2013, 6, 16, 23, 0, tzinfo=UTC)  # the 17th began in London
    assert (report.reported_at, report.version, report.previous_id) == (NOW, None, None)
    assert report.doubts == ()


def test_fields_nobody_knows_are_let_be() -> None:
    assert told({"brandNew": {"deep": [1]}, "labels": 7, "formsText": None}) == told()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"canceled": False}, "booked"),
        ({"canceled": True, "noShow": False}, "cancelled"),
        ({"canceled": True, "noShow": True}, "noshow"),
        ({"canceled": True}, "cancelled"),
        ({"noShow": False}, "cancelled"),
        ({"noShow": True}, "noshow"),
        ({"canceled": None, "noShow": None}, "booked"),
        ({"canceled": False, "noShow": False}, "booked"),
    ],
)
def test_what_was_called_off_is_over(said: dict[str, Any], status: str) -> None:
    assert told(said).status == status


@pytest.mark.parametrize(
    ("said", "staff"),
    [
        ({}, True),
        ({"scheduledBy": None}, False),
        ({"scheduledBy": ""}, False),
        ({"scheduledBy": "desk@clinic.example"}, True),
        ({"scheduledBy": 7}, True),
    ],
)
def test_what_nobody_says_a_client_booked_counts_as_booked_by_staff(
    said: dict[str, Any], staff: bool
) -> None:
    assert told(said).by_staff is staff


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-03-20T10:00:00+0000", datetime(2026, 3, 20, 10, tzinfo=UTC)),
        ("2026-03-20T10:00:00-08:00", datetime(2026, 3, 20, 18, tzinfo=UTC)),
        ("2026-03-20T10:00:00+0530", datetime(2026, 3, 20, 4, 30, tzinfo=UTC)),
        ("2026-10-25T01:30:00+0000", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-10-25T01:30:00+0100", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_the_offset_says_when_it_is(said: str, moment: datetime) -> None:
    assert told({"datetime": said}).start == moment


@pytest.mark.parametrize(
    "changed",
    [
        {"datetime": None},
        {"datetime": "2026-03-20T10:00:00"},
        {"datetime": "2026-03-20"},
        {"datetime": "2026-02-30T10:00:00+0000"},
        {"datetime": "0026-03-20T10:00:00+0000"},
        {"datetime": 1774000000},
        {"duration": None},
        {"duration": "an hour"},
        {"duration": "-60"},
        {"duration": True},
        {"duration": "99999"},
        {"duration": float("nan")},
        {"id": None},
        {"id": "54321x"},
        {"id": True},
        {"id": [54321]},
        {"addonIDs": "1"},
        {"addonIDs": [None, {"id": 1}]},
        {"addonIDs": [1] * 51},
        {"canceled": "true"},
        {"noShow": 1},
        {"appointmentTypeID": {"id": 1}},
    ],
)
def test_doubtful_time_identity_or_service_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as fault:
        told(changed)
    assert "Bob" not in str(fault.value)


@pytest.mark.parametrize(
    ("said", "minutes"), [("60", 60), (45, 45), ("0", 0), ("37.0", 37), ("10080", 10080)]
)
def test_minutes_come_as_a_text_or_a_number(said: object, minutes: int) -> None:
    report = told({"duration": said})
    assert report.end - report.start == timedelta(minutes=minutes)


def test_it_was_booked_when_the_account_says_to_the_second() -> None:
    assert told({"datetimeCreated": "2026-01-05T12:02:25-0500"}).booked_at == datetime(
        2026, 1, 5, 17, 2, 25, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "day", ["", None, "17 June 2013", "June 31, 2013", "June 17, 13", "Juin 17, 2013", 7]
)
def test_nobody_guesses_when_it_was_booked(day: object) -> None:
    assert told({"dateCreated": day}).booked_at is None

"""A booking as the API shows it, told in our words."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.calcom.translate import report_of, standing_of
from scheduler_app.domain.appointments import Clues, Report
from scheduler_app.domain.doubts import SEVERAL
from scheduler_app.domain.platforms import UNMAPPED
from scheduler_app.errors import Invalid
from tests.contracts.booking_platform import WHEN, clinic_platform
from tests.house import house
from tests.integrations.calcom.fake_bookings import HOST, FakeBookings, attendee
from tests.integrations.calcom.test_webhooks import ANY_JSON

SAMPLE = json.loads((Path(__file__).parent / "samples" / "BOOKING_CREATED.json").read_text())["payload"]
PLACE = house().clinic.locations["main"]


def booked(**more: Any) -> dict[str, Any]:
    outside = FakeBookings()
    return {**outside.bookings[outside.book(WHEN)], **more}


def told(booking: object, **settings: Any) -> Report:
    services = {"7": ("microneedling",), "Duo": ("botulinum_toxin", "dermal_filler")}
    return report_of(booking, clinic_platform("calcom", services, **settings), PLACE)


class TestFields:
    def test_the_documented_sample_in_the_shape_of_the_api(self) -> None:
        shown = {
            "uid": SAMPLE["uid"],
            "status": SAMPLE["status"].lower(),
            "start": SAMPLE["startTime"],
            "end": SAMPLE["endTime"],
            "eventTypeId": SAMPLE["eventTypeId"],
            "eventType": {"id": SAMPLE["eventTypeId"], "slug": SAMPLE["type"]},
            "hosts": [SAMPLE["organizer"]],
            "attendees": SAMPLE["attendees"],
            "bookingFieldsResponses": {
                slug: answer.get("value") for slug, answer in SAMPLE["responses"].items()
            },
            "createdAt": "2023-05-24T09:30:00.538Z",
            "updatedAt": "2023-05-24T09:31:00.000Z",
        }
        report = told(shown)
        assert report.source_id == "bFJeNb2uX8ANpT3JL5EfXw"
        assert report.start == datetime(2023, 5, 25, 9, 30, tzinfo=UTC)
        assert report.end - report.start == timedelta(hours=1)
        assert report.booked_at == datetime(2023, 5, 24, 9, 30, 0, 538000, tzinfo=UTC)
        assert report.reported_at == datetime(2023, 5, 24, 9, 31, tzinfo=UTC)
        assert report.clues == Clues("John Doe", "john.doe@example.com")
        assert (report.status, report.treatments, report.doubts) == ("booked", ("microneedling",), ())
        assert not report.by_staff
        assert report.previous_id is None

    @pytest.mark.parametrize(
        ("status", "ours"),
        [
            ("accepted", "booked"),
            ("ACCEPTED", "booked"),
            ("pending", "pending"),
            ("awaiting_host", "proposed"),
            ("cancelled", "cancelled"),
            ("rejected", "cancelled"),
        ],
    )
    def test_statuses_are_told_in_our_words(self, status: str, ours: str) -> None:
        assert told(booked(status=status)).status == ours

    def test_a_service_may_be_named_and_stand_for_several_treatments(self) -> None:
        report = told(booked(eventType={"id": 12, "slug": "duo"}))
        assert report.treatments == ("botulinum_toxin", "dermal_filler")

    @pytest.mark.parametrize("kind", [None, {}, {"id": 99, "slug": "new"}])
    def test_an_event_type_that_is_gone_or_new_is_doubted(self, kind: object) -> None:
        assert UNMAPPED in told(booked(eventType=kind, eventTypeId=None)).doubts

    def test_a_visit_nobody_came_to_is_a_noshow_whoever_stayed_away(self) -> None:
        assert told(booked(attendees=[attendee("A", "a@b.example", absent=True)])).status == "noshow"
        assert told(booked(absentHost=True)).status == "noshow"
        assert told(booked(absentHost=True, status="cancelled")).status == "cancelled"

    def test_fields_nobody_knows_and_fields_that_are_missing_are_let_be(self) -> None:
        bare = {key: booked()[key] for key in ("uid", "status", "start", "end")}
        report = told({**bare, "brandNew": [{"x": 1}]})
        assert report.clues == Clues()
        assert report.reported_at == report.start
        assert UNMAPPED in report.doubts

    @pytest.mark.parametrize(
        "broken",
        [
            {"uid": None},
            {"uid": "a/b"},
            {"status": "unheard-of"},
            {"status": None},
            {"start": None},
            {"start": "2026-03-20"},
            {"start": "2026-03-20T10:00:00"},
            {"start": "next Friday"},
            {"end": None},
            {"end": "2026-03-20T09:00:00Z"},
            {"end": "2026-03-22T09:00:00Z"},
            {"start": "0001-01-01T00:00:00Z"},
            {"updatedAt": "soon"},
            {"rescheduledFromUid": "?"},
        ],
    )
    def test_time_status_and_identity_are_never_guessed(self, broken: dict[str, object]) -> None:
        with pytest.raises(Invalid):
            told(booked(**broken))


class TestOrder:
    def test_what_is_over_outranks_what_was_changed_later(self) -> None:
        over = standing_of(booked(status="cancelled", updatedAt="2026-03-01T00:00:00Z"))
        later = standing_of(booked(status="accepted", updatedAt="2026-03-02T00:00:00Z"))
        waiting = standing_of(booked(status="pending", updatedAt="2026-03-03T00:00:00Z"))
        assert over.version > later.version > waiting.version

    def test_of_two_states_alike_the_later_is_newer(self) -> None:
        first = standing_of(booked(updatedAt="2026-03-02T00:00:00.001Z"))
        assert standing_of(booked(updatedAt="2026-03-02T00:00:00.002Z")).version == first.version + 1

    def test_a_noshow_marked_without_a_date_is_no_older_state_and_can_be_taken_back(self) -> None:
        missed = booked(attendees=[attendee("A", "a@b.example", absent=True)])
        assert standing_of(missed).version == standing_of(booked()).version


class TestClients:
    def test_the_one_who_booked_is_the_client_and_guests_are_not(self) -> None:
        guest, ann = attendee("Guest", "guest@example.com"), attendee("Ann Lee", "ann.lee@example.com")
        assert told(booked(attendees=[guest, ann])).clues.name == "Ann Lee"

    def test_a_name_in_two_parts_or_with_a_line_break_is_read(self) -> None:
        answers = {"name": {"firstName": "Ann", "lastName": "Lee"}, "email": "ann.lee@example.com"}
        assert told(booked(attendees=[{}], bookingFieldsResponses=answers)).clues.name == "Ann Lee"
        assert told(booked(attendees=[attendee("Ann\nLee", "a@b.example")])).clues.name == "Ann Lee"

    @pytest.mark.parametrize(
        "more",
        [
            {"attendees": [attendee("Ann", "a@b.example", phoneNumber="+44 20 7946 0018")]},
            {"bookingFieldsResponses": {"attendeePhoneNumber": "020 7946 0018"}},
            {"bookingFieldsResponses": {"smsReminderNumber": {"value": "+442079460018"}}},
        ],
    )
    def test_a_telephone_number_is_found_wherever_it_stands(self, more: dict[str, object]) -> None:
        assert told(booked(**more)).clues.phone == "+442079460018"

    def test_questions_of_the_clinic_are_read_by_their_slug(self) -> None:
        fields = {"client-code": "code", "mobile": "phone"}
        answers = {"client-code": "C-0123", "mobile": "020 7946 0018", "email": "ann.lee@example.com"}
        clues = told(booked(bookingFieldsResponses=answers), fields=fields).clues
        assert (clues.code, clues.phone) == ("C-0123", "+442079460018")

    def test_an_address_that_stands_in_for_a_telephone_is_nobody_s(self) -> None:
        alone = [attendee("Ann", "+442079460018@sms.cal.com", phoneNumber="+442079460018")]
        clues = told(booked(attendees=alone, bookingFieldsResponses={})).clues
        assert (clues.email, clues.phone) == (None, "+442079460018")

    def test_several_clients_in_one_booking_are_for_a_person(self) -> None:
        seats = [attendee(name, f"{name}@example.com", seatUid=name) for name in ("ann", "bea")]
        report = told(booked(attendees=seats, bookingFieldsResponses={}))
        assert report.clues == Clues()
        assert SEVERAL in report.doubts


class TestStaff:
    def test_a_client_s_own_booking_is_not_staff_s(self) -> None:
        assert not told(booked(), user="desk@clinic.example").by_staff

    @pytest.mark.parametrize(
        "more",
        [
            {"metadata": {"booked_by": "Staff"}},
            {"attendees": [attendee("Ann Lee", "Desk@clinic.example")]},
            {"attendees": [attendee("Ann Lee", HOST)]},
            {"rescheduledFromUid": "old", "rescheduledByEmail": HOST.upper()},
            {"rescheduledFromUid": "old", "rescheduledByEmail": "desk@clinic.example"},
        ],
    )
    def test_the_clinic_s_link_and_its_addresses_tell_staff(self, more: dict[str, object]) -> None:
        assert told(booked(**more), user="desk@clinic.example, nurse@clinic.example").by_staff

    def test_a_client_who_moves_their_own_is_not_staff(self) -> None:
        moved = {"rescheduledFromUid": "old", "rescheduledByEmail": "ann.lee@example.com"}
        assert not told(booked(**moved)).by_staff

    def test_an_address_of_the_clinic_never_says_who_the_client_is(self) -> None:
        report = told(booked(attendees=[attendee("Ann Lee", HOST)], bookingFieldsResponses={"email": HOST}))
        assert report.clues == Clues("Ann Lee")


class TestAnyJson:
    @given(st.sampled_from(sorted(booked())), ANY_JSON)
    def test_anything_in_any_place_is_told_or_invalid(self, key: str, value: object) -> None:
        for one in (booked(**{key: value}), booked(attendees=[{key: value}]), value):
            try:
                told(one, user="desk@clinic.example", fields={key: "name"})
            except Invalid:
                continue

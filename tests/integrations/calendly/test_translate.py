"""Bookings in our words, field by field."""

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.calendly.translate import report_of, standing_of
from scheduler_app.domain.platforms import UNMAPPED
from scheduler_app.errors import Invalid
from tests.integrations.calendly.sample import CREATED, EVENT, place, sample, told

USER = "https://api.calendly.com/users/AAAAAAAAAAAAAAAA"
CLIENT = {"invitee_scheduled_by": None}


def test_the_vendors_sample_is_told_field_by_field() -> None:
    report = told(CLIENT)
    assert (report.source, report.source_id, report.status) == ("online", "A" * 16, "booked")
    assert report.start == report.end == datetime(2019, 8, 24, 14, 15, 22, 123456, tzinfo=UTC)
    assert (report.zone, report.location) == ("Europe/London", "main")
    assert (report.treatments, report.doubts) == (("microneedling",), ())
    assert (report.clues.name, report.clues.email) == ("John Doe", "test@example.com")
    assert (report.clues.phone, report.clues.code, report.clues.platform_id) == (None, None, None)
    assert report.booked_at == datetime(2020, 11, 23, 17, 51, 18, 327602, tzinfo=UTC)
    assert report.reported_at == datetime(2020, 11, 23, 17, 51, 18, 341657, tzinfo=UTC)
    assert (report.version, report.previous_id, report.by_staff) == (None, None, False)


def test_the_vendors_sample_of_a_cancellation_is_over() -> None:
    payload = sample("invitee.canceled")["payload"]
    assert report_of(payload, payload["scheduled_event"], place()).status == "cancelled"


def test_the_two_halves_of_a_reschedule_name_each_other() -> None:
    new = sample("reschedule-1-invitee.created.derived")["payload"]
    old = sample("reschedule-2-invitee.canceled.derived")["payload"]
    assert report_of(new, new["scheduled_event"], place()).previous_id == "A" * 16
    stands = standing_of(old, old["scheduled_event"])
    assert stands.after is not None
    assert (stands.status, stands.after.invitee, stands.before) == ("cancelled", "B" * 16, None)


def test_fields_nobody_knows_are_let_be() -> None:
    assert told({"brandNew": {"deep": [1]}, "tracking": 7}, {"location": None}) == told()


@pytest.mark.parametrize(
    ("invitee", "event", "status"),
    [
        ({}, {}, "booked"),
        ({"status": "canceled"}, {}, "cancelled"),
        ({}, {"status": "canceled"}, "cancelled"),
        ({"no_show": {"uri": "https://api.calendly.com/invitee_no_shows/A"}}, {}, "noshow"),
        ({"no_show": None}, {}, "booked"),
        ({"no_show": {"uri": "x"}, "status": "canceled"}, {}, "cancelled"),
    ],
)
def test_either_of_the_two_may_be_over(invitee: dict[str, Any], event: dict[str, Any], status: str) -> None:
    assert told(invitee, event).status == status


@pytest.mark.parametrize(
    ("said", "moved", "staff"),
    [
        ({}, False, True),
        ({"invitee_scheduled_by": None}, False, False),
        ({"invitee_scheduled_by": ""}, False, False),
        ({"invitee_scheduled_by": USER}, False, True),
        ({"invitee_scheduled_by": 7}, False, True),
        ({"invitee_scheduled_by": None}, True, True),
        ({"invitee_scheduled_by": None, "email": "User@Example.com"}, False, True),
        ({"invitee_scheduled_by": None, "email": "desk@clinic.example"}, False, True),
    ],
)
def test_what_nobody_says_a_client_booked_counts_as_booked_by_staff(
    said: dict[str, Any], moved: bool, staff: bool
) -> None:
    sample_of_2020 = {key: value for key, value in CREATED.items() if key != "invitee_scheduled_by"}
    where = place(user="desk@clinic.example, other@clinic.example")
    assert report_of(sample_of_2020 | said, EVENT, where, moved=moved).by_staff is staff


def test_no_client_is_recognised_by_an_address_of_the_clinic() -> None:
    assert told({"email": "USER@example.com"}).clues.email is None


def test_what_changed_last_is_when_it_was_so() -> None:
    later = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert told({}, {"updated_at": "2026-03-02T09:00:00.000000Z"}).reported_at == later
    assert told({}, {"updated_at": None}).reported_at < later


@pytest.mark.parametrize(
    ("event", "treatments", "doubts"),
    [
        ({}, ("dermal_filler",), ()),
        ({"event_type": "https://api.calendly.com/event_types/OTHER"}, ("microneedling",), ()),
        ({"event_type": None}, ("microneedling",), ()),
        ({"event_type": None, "name": "15 minute MEETING"}, ("microneedling",), ()),
        ({"event_type": None, "name": "Laser"}, ("Laser",), (UNMAPPED,)),
        ({"event_type": "https://api.calendly.com/event_types/OTHER", "name": None}, ("OTHER",), (UNMAPPED,)),
        ({"event_type": None, "name": None}, (), (UNMAPPED,)),
    ],
)
def test_event_types_are_known_by_id_then_by_name(
    event: dict[str, Any], treatments: tuple[str, ...], doubts: tuple[str, ...]
) -> None:
    mapped = {"GBGBDCAADAEDCRZ2": ("dermal_filler",), "15 Minute Meeting": ("microneedling",)}
    report = told({}, event, place(None, "", **mapped))
    assert (report.treatments, report.doubts) == (treatments, doubts)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"first_name": "Ann", "last_name": "Lee"}, "Ann Lee"),
        ({"first_name": "Ann", "last_name": None}, "John Doe"),
        ({"name": None}, None),
        ({"name": "Ann\u0000Lee"}, None),
        ({"name": 7}, None),
    ],
)
def test_the_name_is_told_in_two_ways(said: dict[str, Any], name: str | None) -> None:
    assert told(said).clues.name == name


@pytest.mark.parametrize(
    ("said", "where", "phone"),
    [
        ({"text_reminder_number": "+44 20 7946 0018"}, {}, "+442079460018"),
        ({"text_reminder_number": "020 7946 0018"}, {}, "+442079460018"),
        ({}, {"location": {"type": "outbound_call", "location": "+44 20 7946 0018"}}, "+442079460018"),
        ({}, {"location": {"type": "physical", "location": "+44 20 7946 0018"}}, None),
        ({"text_reminder_number": "call me"}, {}, None),
    ],
)
def test_the_number_comes_from_reminders_or_from_where_the_clinic_calls(
    said: dict[str, Any], where: dict[str, Any], phone: str | None
) -> None:
    assert told(said, where).clues.phone == phone


def test_a_mapped_answer_counts_more_than_who_booked() -> None:
    mapped = {"Who is it FOR?": "name", "Their mail": "email", "Mobile": "phone", "Client number": "code"}
    answers = [
        {"question": "Who is it for?", "answer": "Bea Lee", "position": 0},
        {"question": "Their mail", "answer": "Bea@Example.com", "position": 1},
        {"question": "mobile", "answer": "020 7946 0018", "position": 2},
        {"question": "Client number", "answer": "C-17", "position": 3},
        {"question": "Anything else?", "answer": "a secret", "position": 4},
    ]
    changed = {"questions_and_answers": answers, "text_reminder_number": "+44 20 7946 0099"}
    clues = told(changed, where=place(mapped)).clues
    assert (clues.name, clues.email, clues.phone) == ("Bea Lee", "bea@example.com", "+442079460018")
    assert clues.code == "C-17"


def test_an_answer_nobody_can_read_is_not_replaced_by_somebody_elses_name() -> None:
    answers = [{"question": "Who is it for?", "answer": "Bea\u0007"}]
    assert (
        told({"questions_and_answers": answers}, where=place({"Who is it for?": "name"})).clues.name is None
    )


@pytest.mark.parametrize(
    ("invitee", "event"),
    [
        ({"uri": None}, {}),
        ({"uri": "https://api.calendly.com/scheduled_events/A"}, {}),
        ({"status": None}, {}),
        ({"status": "declined"}, {}),
        ({"updated_at": None}, {}),
        ({"created_at": "soon"}, {}),
        ({"old_invitee": "John Doe"}, {}),
        ({}, {"status": "moved"}),
        ({}, {"start_time": None}),
        ({}, {"end_time": None}),
        ({}, {"start_time": "2019-08-24"}),
        ({}, {"start_time": "2019-08-24T14:15:22"}),
        ({}, {"start_time": 1566656122}),
        ({}, {"end_time": "2019-08-24T14:15:21Z"}),
        ({}, {"end_time": "2019-08-26T14:15:22Z"}),
        ({}, {"event_type": {"uri": "x"}}),
    ],
)
def test_doubtful_time_identity_or_service_is_refused(invitee: dict[str, Any], event: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as fault:
        told(invitee, event)
    assert "John" not in str(fault.value)


def test_a_visit_may_last_a_day() -> None:
    report = told({}, {"end_time": "2019-08-25T14:15:22.123456Z"})
    assert report.end - report.start == timedelta(hours=24)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(where=st.sampled_from(["invitee", "event"]), key=st.integers(0, 99), value=ANYTHING)
def test_whatever_stands_wherever_is_told_or_invalid(where: str, key: int, value: object) -> None:
    rows = {"invitee": copy.deepcopy(CREATED), "event": copy.deepcopy(EVENT)}
    rows["invitee"] |= {"no_show": None, "first_name": None, "last_name": None, "cancellation": {}}
    keys = sorted(rows[where])
    rows[where][keys[key % len(keys)]] = value
    try:
        report = report_of(rows["invitee"], rows["event"], place({"Who?": "name"}))
    except Invalid:
        return
    assert report.source_id == "A" * 16


@given(invitee=ANYTHING, event=ANYTHING)
def test_what_is_no_booking_at_all_is_invalid(invitee: object, event: object) -> None:
    with pytest.raises(Invalid):
        report_of(invitee, event, place())

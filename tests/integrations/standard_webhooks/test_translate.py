"""The documented JSON, and everything strangers send instead."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.documents import parse
from integrations.standard_webhooks.translate import reports_in
from scheduler_app.domain.appointments import Clues, Report
from scheduler_app.domain.platforms import TWICE
from scheduler_app.errors import Invalid
from tests.flow.clinic_at_work import NOW, document
from tests.house import house


def told(kind: str = "created", **data: Any) -> Report:
    if "start" not in data:
        data.setdefault("day", "2026-07-20")
    (report,) = reports_in(parse(json.dumps(document(kind, **data)).encode()), "website", house().clinic, NOW)
    return report


def refused(kind: str = "created", **data: Any) -> tuple[str, str | None]:
    with pytest.raises(Invalid) as fault:
        told(kind, **data)
    return fault.value.code, fault.value.path


def test_a_time_without_an_offset_is_read_in_its_zone() -> None:
    assert told().start == datetime(2026, 7, 20, 9, tzinfo=UTC)


def test_a_time_that_the_clocks_show_twice_is_a_question() -> None:
    report = told(start="2026-10-25T01:30", end="2026-10-25T02:30", timezone="Europe/London")
    assert (report.start, report.doubts) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), (TWICE,))
    assert told(start="2026-10-25T00:30Z", end="2026-10-25T01:30Z").doubts == ()


def test_a_time_with_an_offset_needs_no_zone_and_the_day_counts_where_the_clinic_is() -> None:
    report = told(start="2026-07-20T10:00:00-07:00", end="2026-07-20T11:00:00-07:00")
    assert (report.start, report.zone) == (datetime(2026, 7, 20, 17, tzinfo=UTC), "Europe/London")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"start": "2026-07-20T10:00:00", "end": "2026-07-20T11:00:00"}, ("time-without-zone", "data.start")),
        (
            {"start": "2026-07-20", "end": "2026-07-21", "timezone": "Europe/London"},
            ("time-unreadable", "data.start"),
        ),
        ({"start": "20 July", "end": "2026-07-21T09:00Z"}, ("time-unreadable", "data.start")),
        ({"start": 1784541600, "end": 1784545200}, ("field-unreadable", "data.start")),
        (
            {"start": "2026-03-29T01:30", "end": "2026-03-29T03:00", "timezone": "Europe/London"},
            ("time-does-not-exist", "data.start"),
        ),
        ({"start": "2026-07-20T10:00:00Z"}, ("field-missing", "data.end")),
        ({"start": "2026-07-20T10:00Z", "end": "2026-07-20T10:00Z"}, ("times-contradict", "data.end")),
        ({"start": "2026-07-20T10:00Z", "end": "2026-07-25T10:00Z"}, ("times-contradict", "data.end")),
        ({"start": "0026-07-20T10:00Z", "end": "0026-07-20T11:00Z"}, ("date-out-of-range", "data.start")),
        ({"timezone": "Mars/Olympus"}, ("zone-unknown", "data.timezone")),
        ({"timezone": "../../etc/passwd"}, ("zone-unknown", "data.timezone")),
        ({"timezone": "Europe"}, ("zone-unknown", "data.timezone")),
        ({"location": "elsewhere"}, ("location-unknown", "data.location")),
        ({"treatments": []}, ("field-missing", "data.treatments")),
        ({"treatments": "botox"}, ("field-missing", "data.treatments")),
        ({"treatments": [" "]}, ("field-unreadable", "data.treatments")),
        ({"treatments": [3]}, ("field-unreadable", "data.treatments")),
        ({"treatments": ["x"] * 21}, ("field-missing", "data.treatments")),
        ({"id": ""}, ("field-missing", "data.id")),
        ({"id": "x" * 201}, ("field-too-long", "data.id")),
        ({"id": "a\x00b"}, ("field-unreadable", "data.id")),
        ({"id": "\ud800"}, ("field-unreadable", "data.id")),
        ({"client": None}, ("field-missing", "data.client")),
        ({"client": {}}, ("client-missing", "data.client.id")),
        ({"client": {"name": ["Ann"]}}, ("field-unreadable", "data.client.name")),
        ({"status": "confirmed"}, ("status-unknown", "data.status")),
        ({"version": -1}, ("field-unreadable", "data.version")),
        ({"version": True}, ("field-unreadable", "data.version")),
        ({"version": 1.5}, ("field-unreadable", "data.version")),
        ({"booked_at": "2026-01-01T00:00:00"}, ("time-without-zone", "data.booked_at")),
        ({"timestamp": None}, ("field-missing", "timestamp")),
        ({"timestamp": "2026-03-02T09:00:00"}, ("time-without-zone", "timestamp")),
        ({"timestamp": "2026-03-02T09:06:00Z"}, ("time-ahead", "timestamp")),
    ],
)
def test_what_cannot_be_used_is_refused_and_the_field_is_named(
    data: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert refused(**data) == expected


@pytest.mark.parametrize(
    ("kind", "data", "status"),
    [
        ("created", {}, "booked"),
        ("created", {"status": "proposed"}, "proposed"),
        ("rescheduled", {}, "booked"),
        ("updated", {"status": "arrived"}, "arrived"),
        ("cancelled", {"status": "booked"}, "cancelled"),
        ("arrived", {}, "arrived"),
        ("completed", {}, "fulfilled"),
        ("no_show", {}, "noshow"),
    ],
)
def test_the_type_says_what_became_of_it_and_else_the_status_does(
    kind: str, data: dict[str, str], status: str
) -> None:
    assert told(kind, **data).status == status


def test_the_client_is_recognised_in_one_spelling() -> None:
    client = {
        "id": "p1",
        "code": "C-7",
        "name": " Ann Lee ",
        "email": "Ann@Example.COM",
        "phone": "020 7946 0018",
    }
    assert told(client=client).clues == Clues("Ann Lee", "ann@example.com", "+442079460018", "C-7", "p1")


def test_contacts_that_are_none_recognise_nobody() -> None:
    client = {"name": "Ann Lee", "email": "n/a", "phone": "none"}
    assert told(client=client).clues == Clues(name="Ann Lee")


def test_a_booking_that_follows_itself_follows_nothing() -> None:
    assert told("rescheduled", previous_id="booking-1").previous_id is None
    assert told("rescheduled", previous_id="booking-0").previous_id == "booking-0"


def test_fields_nobody_asked_for_are_let_be() -> None:
    report = told(colour="green", price={"amount": 12.5, "nested": [1, 2, {"x": None}]}, booked_by="staff")
    assert report.by_staff
    assert told(version=3, booked_at="2026-02-01T12:00:00+01:00").booked_at == datetime(
        2026, 2, 1, 11, tzinfo=UTC
    )


def test_an_event_of_another_kind_is_none_of_our_business() -> None:
    assert reports_in({"type": "client.created", "data": 3}, "website", house().clinic, NOW) == ()
    assert refused("vanished") == ("type-unknown", "type")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1]",
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": ' + b"9" * 400 + b"}",
        b'{"a": 1' + b"0" * 18 + b"}",
        b'{"a": 1e999}',
        b'{"a": "\xff"}',
        "﻿{}".encode(),
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": "' + b"x" * 262_144 + b'"}',
        b"\x00",
    ],
)
def test_a_body_no_careful_reader_would_guess_about_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        parse(body)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_break_the_parser(body: bytes) -> None:
    with suppress(Invalid):
        parse(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "id",
    "start",
    "end",
    "timezone",
    "treatments",
    "client",
    "status",
    "version",
    "location",
    "booked_at",
)


@given(
    st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=4),
    st.sampled_from(["type", "data", "timestamp", ""]),
    json_values,
)
def test_no_document_breaks_the_translation(data: dict[str, Any], top: str, value: Any) -> None:
    whole = document("created", **({"day": "2026-07-20"} | data))
    if top:
        whole[top] = value
    reports: tuple[Report, ...] = ()
    with suppress(Invalid):
        reports = reports_in(whole, "website", house().clinic, NOW + timedelta(minutes=1))
    for report in reports:
        assert report.start.tzinfo is not None
        assert report.treatments

"""Bookings in our words, field by field."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.simplybook.translate import Place, report_of
from scheduler_app.domain.appointments import Report
from scheduler_app.domain.platforms import TWICE, UNMAPPED
from scheduler_app.domain.story import STATUSES
from scheduler_app.errors import Invalid
from tests.contracts.booking_platform import NOW, WHEN, clinic_platform
from tests.house import house
from tests.integrations.simplybook.fake_server import Simplybook
from tests.integrations.simplybook.outside import opened
from tests.integrations.simplybook.test_asking import VALUES

SERVICES = {"9": ("microneedling",), "product-4": ("dermal_filler",), "led light": ("beauty_treatment",)}
FIELDS = {"For whom?": "name", "c0de": "code"}


def row(**changed: Any) -> dict[str, Any]:
    world = Simplybook(NOW)
    return world.rows[world.add(WHEN)] | changed


def told(**changed: Any) -> Report:
    platform = clinic_platform("simplybook", SERVICES, fields=FIELDS)
    return report_of(row(**changed), NOW, Place(platform, house().clinic.locations["main"]))


def test_a_booking_is_told_field_by_field() -> None:
    report = told(
        client={"id": 8123, "name": "Ann Lee", "email": "Ann@Example.com", "phone": "020 7946 0018"}
    )
    assert (report.source, report.source_id, report.status) == ("online", "2262", "booked")
    assert (report.start, report.end - report.start) == (WHEN, timedelta(hours=1))
    assert (report.treatments, report.doubts, report.by_staff) == (("microneedling",), (), False)
    assert (report.clues.name, report.clues.email) == ("Ann Lee", "ann@example.com")
    assert (report.clues.phone, report.clues.platform_id) == ("+442079460018", "8123")
    assert (report.booked_at, report.reported_at, report.version) == (NOW, NOW, None)


def test_products_and_addons_are_treatments_of_their_own() -> None:
    products = [{"product_id": 4, "qty": 1}]
    attributes = [{"product": {"id": 8, "name": "LED light"}}]
    report = told(products=products, attributes=attributes)
    assert report.treatments == ("microneedling", "dermal_filler", "beauty_treatment")
    assert report.doubts == ()
    assert told(products=[{"product_id": 5}]).doubts == (UNMAPPED,)
    assert told(products=[{}]).doubts == (UNMAPPED,)


@pytest.mark.parametrize(
    ("status", "confirmed", "expected"),
    [
        ("confirmed", True, "booked"),
        ("pending", False, "pending"),
        ("confirmed_pending", False, "pending"),
        ("confirmed_pending", True, "booked"),
        ("canceled", False, "cancelled"),
        ("Cancelled", True, "cancelled"),
        ("brand-new", False, "booked"),
        (None, None, "booked"),
        (7, None, "booked"),
    ],
)
def test_the_status_is_told_in_our_words(status: Any, confirmed: Any, expected: str) -> None:
    assert told(status=status, is_confirmed=confirmed).status == expected


@pytest.mark.parametrize(
    ("log", "status", "staff"),
    [
        ([{"type": "create", "user_id": None}], "confirmed", False),
        ([{"type": "create", "user_id": 3}], "confirmed", True),
        ([{"action": "Created", "user_login": "desk"}], "confirmed", True),
        ([{"type": "change", "user_id": 3}, {"type": "new", "user_id": 0}], "confirmed", False),
        ([{"type": "create"}], "confirmed", True),
        ([], "confirmed", True),
        (None, "confirmed", True),
        ("x", "confirmed", True),
        ([], "pending", False),
        ([{"type": "create", "user_id": 3}], "pending", True),
    ],
)
def test_what_no_log_says_a_client_booked_counts_as_booked_by_staff(
    log: Any, status: str, staff: bool
) -> None:
    assert told(log=log, status=status).by_staff is staff


def test_who_the_treatment_is_for_counts_more_than_who_booked() -> None:
    answers = [{"id": 3, "field": "FOR WHOM?", "value": "Bea Lee"}, {"id": "c0de", "value": 42}]
    clues = told(additional_fields=answers).clues
    assert (clues.name, clues.code, clues.platform_id) == ("Bea Lee", "42", None)
    assert told(additional_fields=[{"field": "For whom?", "value": "ann lee"}]).clues.platform_id == "8123"
    assert told(additional_fields=[{"field": "For whom?", "value": ["x"]}]).clues.name is None


def test_a_time_clocks_show_twice_is_doubted_and_one_with_an_offset_is_not() -> None:
    ends = "2026-10-25 02:30:00"
    assert told(start_datetime="2026-10-25 01:30:00", end_datetime=ends).doubts == (TWICE,)
    exact = told(start_datetime="2026-10-25T01:30:00+00:00", end_datetime=ends)
    assert (exact.start, exact.doubts) == (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), ())


@pytest.mark.parametrize(
    "changed",
    [
        {"id": None},
        {"id": "../9"},
        {"id": True},
        {"start_datetime": None},
        {"start_datetime": "2026-03-29 01:30:00"},
        {"start_datetime": "2026-03-20"},
        {"end_datetime": "2026-03-20 09:00:00"},
        {"service_id": []},
    ],
)
def test_doubtful_time_and_identity_are_invalid(changed: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        told(**changed)


@given(key=st.sampled_from(sorted(row())), value=VALUES)
def test_anything_in_any_place_is_told_or_invalid(key: str, value: Any) -> None:
    try:
        assert told(**{key: value}).status in STATUSES
    except Invalid:
        return


@pytest.mark.parametrize(
    ("text", "booking"),
    [
        ("see https://myclinic.secure.simplybook.me/v2/bookings/2262", "2262"),
        ("https://myclinic.simplybook.it/v2/#booking/details/2262 and /9", "2262"),
        ("https://myclinic.simplybook.me/v2/#book/service/9/count/1/", None),
        ("https://other.simplybook.me/v2/bookings/2262", None),
        ("https://myclinic.simplybook.me.evil.example/bookings/2262", None),
        ("https://myclinic.simplybook.me/bookings/1 https://myclinic.simplybook.me/bookings/2", None),
        ("https://myclinic.simplybook.me/bookings/2262abc", None),
        ("code2262", None),
    ],
)
def test_only_links_on_the_companys_pages_name_a_booking(text: str, booking: str | None) -> None:
    assert opened("").carried_in(text) == booking

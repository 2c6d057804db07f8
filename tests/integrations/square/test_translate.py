"""Square's field map: the published example and what can be other about it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.square.translate import Place, customer_of, report_of
from scheduler_app.domain.appointments import Clues, Report
from scheduler_app.domain.platforms import UNMAPPED
from scheduler_app.errors import Invalid
from tests.contracts.booking_platform import clinic_platform
from tests.house import house
from tests.integrations.square.sample import booking

MICRO = "T3WUWYFJOVW2EU6XGRU5YG4A"
SERVICES = {MICRO: ("microneedling",), "Facial - 30 min": ("beauty_treatment",), "DUO": ("botulinum_toxin",)}
CARD = {
    "id": "SSKBT02ECWZXK6W3VWYC78E52R",
    "given_name": "Ann",
    "family_name": "Lee",
    "email_address": "Ann.Lee@Example.com",
    "phone_number": "020 7946 0018",
    "reference_id": "C-0123",
    "nickname": "Annie",
}


def place(**settings: Any) -> Place:
    settings = {"services": SERVICES, **settings}
    services = settings.pop("services")
    platform = clinic_platform("square", services, **settings)
    return Place(platform, house().clinic.locations[platform.location])


def told(held: object, card: object = CARD, names: dict[str, str] | None = None, **settings: Any) -> Report:
    return report_of(held, card, place(**settings), names or {})


def segment(service: object = MICRO, minutes: object = 30, between: object = 0) -> dict[str, object]:
    return {"service_variation_id": service, "duration_minutes": minutes, "intermission_minutes": between}


def test_the_published_example_is_told_in_our_words() -> None:
    booked = datetime(2020, 12, 8, 19, 56, 53, tzinfo=UTC)
    start = datetime(2020, 12, 17, 16, tzinfo=UTC)
    assert told(booking(source="FIRST_PARTY_BUYER")) == Report(
        source="online",
        source_id="i2id2g3enyspi7",
        status="booked",
        start=start,
        end=start + timedelta(minutes=30),
        zone="Europe/London",
        treatments=("microneedling",),
        clues=Clues("Ann Lee", "ann.lee@example.com", "+442079460018", None, CARD["id"]),
        reported_at=booked,
        version=0,
        booked_at=booked,
        location="main",
    )


def test_several_segments_are_several_treatments_one_after_the_other() -> None:
    segments = [segment(MICRO, 60, 15), segment("DUO", 30), segment("F", 20)]
    report = told(booking(appointment_segments=segments), names={"F": "Facial - 30 min"})
    assert report.treatments == ("microneedling", "botulinum_toxin", "beauty_treatment")
    assert report.doubts == ()
    assert report.end - report.start == timedelta(minutes=125)


@pytest.mark.parametrize(
    ("segments", "treatments"),
    [
        ([segment(), segment("PEEL")], ("microneedling", "Deep peel")),
        ([segment(), segment("GONE")], ("microneedling", "GONE")),
        ([segment(), segment(None)], ("microneedling",)),
        ([segment(), {}], ("microneedling",)),
        ([], ()),
        (None, ()),
    ],
)
def test_a_service_nobody_matched_or_named_is_doubted_beside_the_others(
    segments: object, treatments: tuple[str, ...]
) -> None:
    report = told(booking(appointment_segments=segments), names={"PEEL": "Deep peel"})
    assert (report.treatments, report.doubts) == (treatments, (UNMAPPED,))


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("PENDING", "pending"),
        ("ACCEPTED", "booked"),
        ("DECLINED", "cancelled"),
        ("CANCELLED_BY_CUSTOMER", "cancelled"),
        ("CANCELLED_BY_SELLER", "cancelled"),
        ("NO_SHOW", "noshow"),
    ],
)
def test_every_documented_status_has_a_word_of_ours(status: str, ours: str) -> None:
    assert told(booking(status=status)).status == ours


@pytest.mark.parametrize(
    ("source", "creator", "staff"),
    [
        ("FIRST_PARTY_MERCHANT", "TEAM_MEMBER", True),
        ("FIRST_PARTY_MERCHANT", None, True),
        ("FIRST_PARTY_MERCHANT", "CUSTOMER", True),
        ("FIRST_PARTY_BUYER", "CUSTOMER", False),
        ("FIRST_PARTY_BUYER", None, False),
        ("FIRST_PARTY_BUYER", "TEAM_MEMBER", True),
        ("THIRD_PARTY_BUYER", None, False),
        ("API", "CUSTOMER", False),
        ("API", "TEAM_MEMBER", True),
        ("API", None, True),
        (None, "CUSTOMER", False),
        (None, "TEAM_MEMBER", True),
        (None, None, True),
        ("OF_THE_FUTURE", "OF_THE_FUTURE", True),
        (7, 7, True),
    ],
)
def test_what_may_have_been_booked_by_staff_counts_as_booked_by_staff(
    source: object, creator: object, staff: bool
) -> None:
    held = booking(source=source, creator_details=None if creator is None else {"creator_type": creator})
    assert told(held).by_staff is staff


# whose it is


@pytest.mark.parametrize(
    ("card", "clues"),
    [
        ({"given_name": None, "family_name": "Lee"}, Clues(name="Lee")),
        ({"given_name": "Ann"}, Clues(name="Ann")),
        ({"given_name": " ", "family_name": ""}, Clues()),
        ({"email_address": "no address"}, Clues()),
        ({"phone_number": "12"}, Clues()),
        ({"phone_number": "+34 612 345 678"}, Clues(phone="+34612345678")),
        ({"given_name": 7, "email_address": [], "phone_number": {}}, Clues()),
        ({"nickname": "Annie", "reference_id": "C-0123", "company_name": "Lee Ltd"}, Clues()),
        ({"given_name": "An\u0000n", "family_name": "x" * 300}, Clues()),
        ({}, Clues()),
        (None, Clues()),
    ],
)
def test_whatever_a_card_lacks_is_left_open_and_its_id_stays(card: object, clues: Clues) -> None:
    report = told(booking(), card)
    assert report.clues == Clues(clues.name, clues.email, clues.phone, None, "SSKBT02ECWZXK6W3VWYC78E52R")


def test_a_booking_of_nobody_has_no_clues() -> None:
    held = booking(customer_id=None)
    assert customer_of(held) is None
    assert told(held, None).clues == Clues()


def test_fields_of_the_card_the_clinic_names_count_more_where_they_are_filled() -> None:
    fields = {"reference_id": "code", "nickname": "name"}
    assert told(booking(), fields=fields).clues.code == "C-0123"
    assert told(booking(), fields=fields).clues.name == "Annie"
    assert told(booking(), CARD | {"nickname": None}, fields=fields).clues.name == "Ann Lee"


# what is refused


@pytest.mark.parametrize(
    "change",
    [
        {"start_at": None},
        {"start_at": "2020-12-17T16:00:00"},
        {"start_at": "2020-12-17"},
        {"start_at": "soon"},
        {"start_at": 1608220800},
        {"start_at": "1020-12-17T16:00:00Z"},
        {"id": None},
        {"id": "a/b"},
        {"id": 7},
        {"status": None},
        {"status": "OF_THE_FUTURE"},
        {"version": "1"},
        {"version": -1},
        {"updated_at": None, "created_at": None},
        {"updated_at": "soon"},
        {"appointment_segments": {}},
        {"appointment_segments": ["T3WUWYFJOVW2EU6XGRU5YG4A"]},
        {"appointment_segments": [segment(minutes=-30)]},
        {"appointment_segments": [segment(minutes="30")]},
        {"appointment_segments": [segment(minutes=10**17)]},
        {"appointment_segments": [segment(service=7)]},
        {"appointment_segments": [segment()] * 51},
        {"location_id": "LANOTHER"},
    ],
)
def test_doubtful_times_identities_and_places_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        told(booking(**change), account="L9R0X9X5SGDBJ")


def test_without_an_account_every_location_is_the_clinics() -> None:
    assert told(booking(location_id="LANOTHER")).location == "main"


def test_what_never_changed_was_reported_when_it_was_booked() -> None:
    report = told(booking(updated_at=None))
    assert report.reported_at == report.booked_at


def test_without_a_version_the_time_of_the_change_orders() -> None:
    assert told(booking(version=None)).version is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(
    outer=st.sampled_from(sorted(booking())),
    inner=st.sampled_from(sorted(segment())),
    value=JSON,
    card=JSON,
)
def test_any_json_in_any_place_is_told_or_invalid(outer: str, value: Any, inner: str, card: Any) -> None:
    deep = booking(appointment_segments=[segment() | {inner: value}], creator_details=value, source=card)
    for held in (booking() | {outer: value}, deep, value):
        for whose in (card, CARD | {"phone_number": card, "given_name": value}):
            try:
                told(held, whose, fields={"nickname": "name"}, account="L9R0X9X5SGDBJ")
            except Invalid:
                continue

"""Trying the credentials, and whether the account is set up for us, in plain words."""

from dataclasses import replace

import pytest

from integrations.calcom import CalcomPlatform
from scheduler_app.domain.platforms import PlatformTerms, Step
from tests.contracts.booking_platform import HOOK, NOW, clinic_platform
from tests.house import house
from tests.integrations.calcom.conftest import SERVICES
from tests.integrations.calcom.fake_bookings import KEY, SECRET
from tests.integrations.calcom.fake_server import FakeCalcom


def steps_of(platform: CalcomPlatform, address: str = HOOK) -> dict[str, Step]:
    return {step.name: step for step in platform.steps(address, NOW)}


def test_an_account_that_is_set_up_passes(platform: CalcomPlatform) -> None:
    steps = steps_of(platform)
    assert list(steps) == ["key", "bookings", "event-types", "webhook"]
    assert all(step.ok for step in steps.values())
    assert "anna" in steps["key"].words


def test_nothing_is_changed(platform: CalcomPlatform, outside: FakeCalcom) -> None:
    steps_of(platform)
    assert {asked.method for asked in outside.asked} == {"GET"}


def test_without_the_key_the_rest_is_not_tried(platform: CalcomPlatform, outside: FakeCalcom) -> None:
    outside.close_door()
    (step,) = platform.steps(HOOK, NOW)
    assert step.ok is False
    assert "API keys" in step.words


def test_one_step_that_fails_does_not_stop_the_others(platform: CalcomPlatform, outside: FakeCalcom) -> None:
    steps = platform.steps(HOOK, NOW)
    assert next(steps).ok
    outside.answer_next(503)
    assert [step.ok for step in steps] == [False, True, True]


@pytest.mark.parametrize(
    "policy",
    [
        None,
        {"disabled": True},
        {"type": "always", "blockUnconfirmedBookingsInBooker": False},
        {"type": "time", "noticeThreshold": {"unit": "hours", "count": 1}},
        {"type": []},
    ],
)
def test_event_types_whose_bookings_do_not_wait_are_named_with_the_cure(
    platform: CalcomPlatform, outside: FakeCalcom, policy: object
) -> None:
    outside.event_types[0]["confirmationPolicy"] = policy
    step = steps_of(platform)["event-types"]
    assert step.ok is False
    assert "7" in step.words or "none" in step.words


def test_a_clinic_that_does_not_hold_need_not_let_them_wait(outside: FakeCalcom) -> None:
    outside.event_types[0]["confirmationPolicy"] = {"disabled": True}
    made = clinic_platform("calcom", SERVICES, endpoint=outside.endpoint)
    made = replace(made, terms=PlatformTerms(hold=False))
    assert steps_of(CalcomPlatform(made, house().clinic, [SECRET], KEY))["event-types"].ok


def test_seats_are_told(platform: CalcomPlatform, outside: FakeCalcom) -> None:
    outside.event_types[0]["seats"] = {"seatsPerTimeSlot": 4}
    assert "seats" in steps_of(platform)["event-types"].words


def test_event_types_may_be_mapped_by_the_end_of_their_link_in_any_case(outside: FakeCalcom) -> None:
    made = clinic_platform("calcom", {"MICRO": ("microneedling",)}, endpoint=outside.endpoint)
    step = steps_of(CalcomPlatform(made, house().clinic, [SECRET], KEY))["event-types"]
    assert (step.ok, step.words) == (True, "1 event types are mapped to treatments")


def test_services_nobody_mapped_are_told(platform: CalcomPlatform, outside: FakeCalcom) -> None:
    outside.event_types.pop(0)
    assert steps_of(platform)["event-types"].ok is False


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"subscriberUrl": "https://elsewhere.example"}, "no active webhook"),
        ({"active": False}, "no active webhook"),
        ({"triggers": ["BOOKING_CREATED"]}, "BOOKING_REQUESTED"),
        ({"triggers": None}, "BOOKING_REQUESTED"),
        ({"payloadTemplate": "{}"}, "custom payload"),
        ({"secret": "another"}, "another secret"),
    ],
)
def test_what_is_wrong_with_the_webhook_is_told(
    platform: CalcomPlatform, outside: FakeCalcom, changes: dict[str, object], word: str
) -> None:
    outside.webhooks[0] |= changes
    step = steps_of(platform)["webhook"]
    assert step.ok is False
    assert word in step.words
    assert SECRET not in step.words


def test_a_secret_that_is_not_shown_is_no_fault(platform: CalcomPlatform, outside: FakeCalcom) -> None:
    outside.webhooks[0]["secret"] = None
    assert steps_of(platform)["webhook"].ok is None


def test_without_a_public_address_only_the_poll_tells(platform: CalcomPlatform) -> None:
    assert steps_of(platform, "")["webhook"].ok is None


def test_without_a_secret_here_webhooks_are_refused_and_that_is_told(outside: FakeCalcom) -> None:
    made = clinic_platform("calcom", SERVICES, endpoint=outside.endpoint)
    assert steps_of(CalcomPlatform(made, house().clinic, [], KEY))["webhook"].ok is False


def test_event_types_of_the_team_are_listed_with_our_own(outside: FakeCalcom) -> None:
    made = clinic_platform("calcom", SERVICES, endpoint=outside.endpoint, account="4")
    services = CalcomPlatform(made, house().clinic, [SECRET], KEY).services()
    assert [service.id for service in services] == ["7", "8", "9"]


def test_an_event_type_that_cannot_be_read_does_not_hide_the_others(
    platform: CalcomPlatform, outside: FakeCalcom
) -> None:
    outside.event_types.insert(0, {"id": [], "title": {}})
    outside.event_types.insert(0, {"title": "no id"})
    assert [service.name for service in platform.services()] == ["micro", "peel"]

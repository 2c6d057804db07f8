"""Trying the account: what is missing is said with its cure, and nothing is changed."""

from typing import Any

import pytest

from integrations.square import SquarePlatform
from scheduler_app.domain.platforms import PlatformTerms
from scheduler_app.errors import Invalid
from tests.contracts.booking_platform import HOOK, NOW, clinic_platform
from tests.house import house
from tests.integrations.square.fake_seller import LOCATION, TOKEN, Square, item, refusal
from tests.integrations.square.outside import SIGNING, opened
from tests.integrations.vendor_server import Answered

BOTH = {"micro": ("microneedling",), "SVPEEL": ("beauty_treatment",)}
NAMES = ("key", "location", "settings", "services", "webhook")


def hook(**more: Any) -> dict[str, Any]:
    """As the reference shows a subscription."""
    return {
        "id": "wbhk_1",
        "enabled": True,
        "event_types": ["booking.created", "booking.updated"],
        "notification_url": HOOK,
        "signature_key": SIGNING,
        **more,
    }


def tried(platform: SquarePlatform, address: str = HOOK) -> dict[str, tuple[bool | None, str]]:
    return {step.name: (step.ok, step.words) for step in platform.steps(address, NOW)}


@pytest.fixture
def whole(endpoint: str, square: Square) -> SquarePlatform:
    """Everything is set up."""
    square.hooks.append(hook())
    return opened(endpoint, services=BOTH)


def test_an_account_that_is_set_up_passes_every_step_and_is_not_changed(
    whole: SquarePlatform, square: Square
) -> None:
    assert {name: ok for name, (ok, _) in tried(whole).items()} == dict.fromkeys(NAMES, True)
    written = {path for method, path, _, _ in square.asked if method != "GET"}
    assert written == {"/oauth2/token/status", "/v2/catalog/search-catalog-items"}  # both only read


@pytest.mark.parametrize(
    ("token", "ok", "words"),
    [
        ({"scopes": ["APPOINTMENTS_READ"]}, False, "APPOINTMENTS_ALL_READ"),
        ({"scopes": []}, False, "CUSTOMERS_READ"),
        ({"expires_at": "2026-03-22T00:00:00Z"}, False, "within 20 days"),
        ({"expires_at": "2026-03-01T00:00:00Z"}, False, "within 1 days"),
        ({"expires_at": ""}, True, "opens the account"),
        ({"expires_at": "never"}, True, "opens the account"),
        ({"scopes": None}, None, "does not say"),
    ],
)
def test_a_key_that_may_too_little_or_ends_is_told(
    whole: SquarePlatform, square: Square, token: dict[str, Any], ok: bool | None, words: str
) -> None:
    square.token |= token
    found = tried(whole)["key"]
    assert found[0] is ok
    assert words in found[1]


@pytest.mark.parametrize(
    "locations",
    [
        [],
        [{"id": LOCATION, "status": "INACTIVE", "timezone": "Europe/London"}],
        [{"id": "LOTHER", "status": "ACTIVE", "timezone": "Europe/London"}],
        [{"id": LOCATION, "status": "ACTIVE", "timezone": "America/New_York"}],
        [{"id": LOCATION, "status": "ACTIVE"}],
        [7, None, {}],
    ],
)
def test_a_location_that_is_not_ours_is_told(
    whole: SquarePlatform, square: Square, locations: list[Any]
) -> None:
    square.locations = locations
    assert tried(whole)["location"][0] is False


def test_one_location_needs_no_account_and_two_need_one(endpoint: str, square: Square) -> None:
    platform = opened(endpoint, account="")
    assert tried(platform)["location"][0] is True
    square.locations.append({"id": "LOTHER", "status": "ACTIVE", "timezone": "Europe/London"})
    ok, words = tried(platform)["location"]
    assert (ok, "`account`" in words) == (False, True)


@pytest.mark.parametrize("profile", [{}, {"booking_policy": "REQUIRES_ACCEPTANCE"}, {"booking_policy": 7}])
def test_bookings_that_wait_for_people_are_told(whole: SquarePlatform, square: Square, profile: Any) -> None:
    square.profile = profile
    ok, words = tried(whole)["settings"]
    assert (ok, "automatically" in words) == (False, True)


def test_a_plan_without_calling_off_fails_only_those_who_want_it(endpoint: str, square: Square) -> None:
    square.profile["support_seller_level_writes"] = False
    for cancel, ok in ((True, False), (False, None)):
        found = tried(opened(endpoint, terms=PlatformTerms(cancel=cancel)))["settings"]
        assert found[0] is ok
        assert "Appointments Plus" in found[1]


def test_services_without_treatments_are_counted(whole: SquarePlatform, square: Square) -> None:
    square.items += [item("Facial", "SVF"), item("Old", "SVOLD", archived=True)]
    ok, words = tried(whole)["services"]
    assert (ok, words.startswith("1 of 3")) == (False, True)
    square.items.clear()
    assert tried(whole)["services"][0] is False


@pytest.mark.parametrize(
    ("hooks", "words"),
    [
        ([], "no active subscription"),
        ([7, hook(enabled=False)], "no active subscription"),
        ([hook(notification_url=HOOK + "/")], "no active subscription"),
        ([hook(event_types=["booking.created"])], "booking.updated"),
        ([hook(event_types=None)], "booking.created, booking.updated"),
        ([hook(signature_key="another")], "signature key"),
        ([hook(signature_key="é")], "signature key"),
    ],
)
def test_a_subscription_that_tells_us_nothing_is_told(
    whole: SquarePlatform, square: Square, hooks: list[Any], words: str
) -> None:
    square.hooks = hooks
    found = tried(whole)["webhook"]
    assert found[0] is False
    assert words in found[1]
    assert SIGNING not in found[1]


def test_one_good_subscription_among_others_is_enough(whole: SquarePlatform, square: Square) -> None:
    square.hooks = [hook(enabled=False), hook(notification_url="https://other.example"), hook()]
    assert tried(whole)["webhook"][0] is True


def test_a_signature_key_that_is_not_shown_is_believed(whole: SquarePlatform, square: Square) -> None:
    square.hooks = [hook(signature_key=None)]
    assert tried(whole)["webhook"][0] is True


def test_a_clinic_without_a_signature_key_is_told(endpoint: str, square: Square) -> None:
    square.hooks = [hook()]
    settings = clinic_platform("square", {}, account=LOCATION, address=HOOK, endpoint=endpoint)
    assert tried(SquarePlatform(settings, house().clinic, [], TOKEN))["webhook"][0] is False


@pytest.mark.parametrize(
    "answer", [refusal(401, "UNAUTHORIZED"), refusal(403, "FORBIDDEN"), refusal(404, "x")]
)
def test_subscriptions_a_key_may_not_see_are_left_to_a_person(
    whole: SquarePlatform, square: Square, answer: Answered
) -> None:
    square.replies["/v2/webhooks/subscriptions"] = answer
    ok, words = tried(whole)["webhook"]
    assert ok is None
    assert "Developer Console" in words


def test_a_closed_door_fails_and_every_step_is_tried_all_the_same(
    whole: SquarePlatform, square: Square
) -> None:
    square.open = False
    found = tried(whole)
    assert tuple(found) == NAMES
    assert not any(ok for ok, _ in found.values())
    assert TOKEN not in str(found)


@pytest.mark.parametrize("body", [[], 7, {"locations": 7}, {"business_booking_profile": []}])
def test_answers_of_another_shape_are_told(whole: SquarePlatform, square: Square, body: Any) -> None:
    square.token = body
    paths = ("/v2/locations", "/v2/bookings/business-booking-profile", "/v2/webhooks/subscriptions")
    square.replies |= dict.fromkeys(paths, (200, body))
    found = tried(whole)
    assert tuple(found) == NAMES
    assert not found["location"][0]
    assert found["settings"][0] is False


# settings


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"address": ""}, "address"),
        ({"address": "http://clinic.example/hooks/online"}, "address"),
        ({"address": "https://klinik-ä.example/hooks/online"}, "address"),
        ({"account": "My Clinic"}, "account"),
        ({"account": "../L1"}, "account"),
        ({"fields": {"Your telephone": "phone"}}, "fields"),
        ({"location": "nowhere"}, "location"),
    ],
)
def test_a_setting_that_cannot_be_right_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(Invalid) as fault:
        opened("", **change)
    assert fault.value.path == named
    assert named in str(fault.value)


@pytest.mark.parametrize("key", ["", " ", "two words", "schlüssel", "sq0idp-an-id", "sq0csp-a-secret", "x\n"])
def test_a_key_or_secret_that_cannot_be_one_is_named_by_its_variable_and_never_shown(key: str) -> None:
    settings = clinic_platform("square", {}, account=LOCATION, address=HOOK)
    for variable, secrets, token in (
        ("SCHEDULER_PLATFORM_ONLINE", [SIGNING], key),
        ("SCHEDULER_HOOK_SECRETS_ONLINE", [SIGNING, key], TOKEN),
    ):
        with pytest.raises(Invalid) as fault:
            SquarePlatform(settings, house().clinic, secrets, token)
        assert fault.value.path == variable
        assert not key.strip() or key not in str(fault.value)


@pytest.mark.parametrize("tail", ["", "/v2"])
def test_the_endpoint_may_be_named_with_or_without_its_version(
    endpoint: str, square: Square, tail: str
) -> None:
    assert opened(endpoint + tail).fetch(square.add(NOW))

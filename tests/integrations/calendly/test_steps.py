"""What `scheduler platforms check` says, and which settings cannot be right."""

import pytest

from integrations.calendly import CalendlyPlatform
from integrations.calendly.translate import EVENTS
from scheduler_app.domain.platforms import Service, Step
from scheduler_app.errors import Invalid
from tests.contracts.booking_platform import HOOK, NOW, WHEN, clinic_platform
from tests.house import house
from tests.integrations.calendly.account import API, ORGANIZATION, Account
from tests.integrations.calendly.fake_server import KEY
from tests.integrations.calendly.outside import AtCalendly, opened


def steps(platform: CalendlyPlatform, address: str = HOOK) -> dict[str, Step]:
    return {step.name: step for step in platform.steps(address, NOW)}


def hook(address: str = HOOK, state: str = "active", events: object = EVENTS) -> dict[str, object]:
    uri = f"{API}/webhook_subscriptions/HOOKHOOKHOOK0001"
    return {"uri": uri, "callback_url": address, "state": state, "events": events, "scope": "organization"}


def test_an_account_that_is_set_up_passes_every_step(endpoint: str, account: Account) -> None:
    account.hooks = [hook()]
    found = steps(opened(endpoint, services={"micro": ("microneedling",), "PEEL": ("beauty_treatment",)}))
    assert [step.ok for step in found.values()] == [True] * 4
    assert "The Clinic" in found["key"].words
    assert ORGANIZATION in found["bookings"].words


def test_nothing_is_changed_by_trying(platform: CalendlyPlatform, account: Account) -> None:
    steps(platform)
    assert {method for method, _, _ in account.asked} == {"GET"}


def test_a_key_that_opens_nothing_says_where_to_make_another(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    outside.close_door()
    found = steps(platform)
    assert [step.ok for step in found.values()] == [False] * 4
    assert "API and webhooks" in found["key"].words


def test_calendly_out_of_reach_is_no_fault_of_the_key(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    outside.answer_next(503)
    step = steps(platform)["key"]
    assert (step.ok, "Make a token" in step.words) == (False, False)


def test_a_key_of_somebody_who_is_no_owner_says_whose_it_must_be(
    platform: CalendlyPlatform, account: Account
) -> None:
    account.may_list = False
    found = steps(platform)
    assert [step.ok for step in found.values()] == [True, False, False, False]
    assert "owner or admin" in found["bookings"].words


def test_an_account_without_an_organization_breaks_nothing(
    platform: CalendlyPlatform, account: Account
) -> None:
    account.replies["/users/me"] = (200, {"resource": {"name": 7}})
    found = steps(platform)
    assert (found["key"].ok, found["bookings"].ok) == (True, False)


def test_services_without_treatments_are_counted(platform: CalendlyPlatform, account: Account) -> None:
    assert steps(platform)["services"].words.startswith("1 of 2 ")
    account.types = {}
    assert steps(platform)["services"].ok is False


def test_event_types_are_listed_by_the_id_that_bookings_name(
    platform: CalendlyPlatform, account: Account
) -> None:
    assert platform.services() == [Service(id, name) for name, id in account.types.items()]
    rows = [
        {"uri": f"{API}/event_types/OFFOFFOFF", "name": "Off", "active": False},
        {"uri": 7, "name": "No address"},
        {"uri": f"{API}/event_types/ONONONON", "name": "On"},
        {"uri": f"{API}/event_types/UNREADABLE", "name": "On\u0000"},
    ]
    account.replies["/event_types"] = (200, {"collection": rows, "pagination": {}})
    assert platform.services() == [Service("ONONONON", "On")]


def test_a_list_that_turns_in_a_circle_ends(platform: CalendlyPlatform, account: Account) -> None:
    circle = {"collection": [], "pagination": {"next_page_token": "the-same"}}
    account.replies["/event_types"] = (200, circle)
    assert platform.services() == []
    assert len([path for _, path, _ in account.asked if path == "/event_types"]) == 2


@pytest.mark.parametrize(
    ("hooks", "said"),
    [
        ([], "sends no webhook"),
        ([hook(HOOK + "/")], "sends no webhook"),
        ([hook(state="disabled")], "switched the webhook HOOKHOOKHOOK0001 off"),
        ([hook(state="paused")], "switched the webhook"),
        ([hook(events=["invitee.created"])], "does not tell of invitee.canceled, invitee_no_show.created"),
        ([hook(events=None)], "does not tell of"),
    ],
)
def test_a_webhook_that_does_not_come_says_how_it_is_made(
    platform: CalendlyPlatform, account: Account, hooks: list[dict[str, object]], said: str
) -> None:
    account.hooks = hooks
    step = steps(platform)["webhooks"]
    assert step.ok is False
    assert said in step.words
    assert "docs/platforms/calendly.md" in step.words


def test_one_that_is_alive_counts_more_than_one_that_is_not(
    platform: CalendlyPlatform, account: Account
) -> None:
    account.hooks = [hook(state="disabled"), hook()]
    assert steps(platform)["webhooks"].ok


def test_without_a_signing_key_or_a_public_address_only_the_poll_finds_changes(
    endpoint: str, account: Account
) -> None:
    account.hooks = [hook()]
    without = steps(opened(endpoint, ()))["webhooks"]
    assert (without.ok, "poll" in without.words) == (False, True)
    nowhere = steps(opened(endpoint), "")["webhooks"]
    assert (nowhere.ok, "poll" in nowhere.words) == (None, True)


# settings


@pytest.mark.parametrize("key", ["", " ", "short", "two words of a key", "ключ-ключ-ключ", "a-long-key\n"])
def test_a_key_that_is_none_is_refused_without_showing_it(key: str) -> None:
    platform = clinic_platform("calendly", {}, name="web-site")
    with pytest.raises(Invalid) as fault:
        CalendlyPlatform(platform, house().clinic, [], key)
    assert fault.value.path == "SCHEDULER_PLATFORM_WEB_SITE"
    assert not key.strip() or key not in fault.value.message


@pytest.mark.parametrize("secret", ["", " ", "a\nb"])
def test_a_signing_key_that_is_none_is_refused_without_showing_it(secret: str) -> None:
    with pytest.raises(Invalid) as fault:
        CalendlyPlatform(clinic_platform("calendly", {}), house().clinic, ["a-good-one", secret], KEY)
    assert fault.value.path == "SCHEDULER_HOOK_SECRETS_ONLINE"
    assert not secret.strip() or secret not in fault.value.message


def test_the_token_stands_in_no_message(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    outside.book(WHEN)
    outside.close_door()
    assert all(KEY not in step.words for step in steps(platform).values())

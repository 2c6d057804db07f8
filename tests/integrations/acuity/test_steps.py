"""What `scheduler platforms check` says, and which settings cannot be right."""

import pytest

from integrations.acuity import AcuityPlatform
from scheduler_app.domain.platforms import Step
from scheduler_app.errors import Invalid
from tests.contracts.booking_platform import HOOK, NOW, WHEN, clinic_platform
from tests.house import house
from tests.integrations.acuity.fake_server import ACCOUNT, KEY, Acuity, refusal
from tests.integrations.acuity.outside import AtAcuity, opened


def steps(platform: AcuityPlatform, address: str = HOOK) -> dict[str, Step]:
    return {step.name: step for step in platform.steps(address, NOW)}


def hook(event: str, target: str = HOOK, status: str = "active") -> dict[str, object]:
    return {"id": 1, "event": f"appointment.{event}", "target": target, "status": status}


def test_a_key_that_opens_the_account_says_whose_it_is(platform: AcuityPlatform) -> None:
    step = steps(platform)["key"]
    assert step.ok
    assert "The Clinic" in step.words
    assert "Europe/London" in step.words


def test_a_key_that_opens_nothing_says_where_to_copy_the_right_one(
    platform: AcuityPlatform, outside: AtAcuity
) -> None:
    outside.close_door()
    found = steps(platform)
    assert [step.ok for step in found.values()] == [False] * 4
    assert "Integrations" in found["key"].words


def test_an_account_out_of_reach_is_no_fault_of_the_key(platform: AcuityPlatform, outside: AtAcuity) -> None:
    outside.answer_next(503)
    step = steps(platform)["key"]
    assert (step.ok, "Integrations" in step.words) == (False, False)


def test_one_step_that_fails_leaves_the_others(platform: AcuityPlatform, acuity: Acuity) -> None:
    acuity.replies["/api/v1/webhooks"] = refusal(403, "forbidden", "x")
    found = steps(platform)
    assert (found["key"].ok, found["webhooks"].ok) == (True, False)


@pytest.mark.parametrize("reply", [[], "x", {"name": 7, "timezone": None}])
def test_an_account_that_says_little_breaks_nothing(
    platform: AcuityPlatform, acuity: Acuity, reply: object
) -> None:
    acuity.replies["/api/v1/me"] = (200, reply)
    assert steps(platform)["key"].words


def test_whether_staff_can_be_told_apart_is_said(platform: AcuityPlatform, outside: AtAcuity) -> None:
    assert steps(platform)["who booked"].ok is None
    booking = outside.book(WHEN)
    assert steps(platform)["who booked"].ok is True
    del outside.acuity.rows[booking]["scheduledBy"]
    found = steps(platform)["who booked"]
    assert (found.ok, "counts as staff's" in found.words) == (None, True)


def test_services_without_treatments_are_counted(endpoint: str, acuity: Acuity) -> None:
    assert steps(opened(endpoint))["services"].words.startswith("3 of 4 ")
    mapped = {"11": ("microneedling",), "PEEL": ("beauty_treatment",), "addon-11": ("beauty_treatment",)}
    mapped |= {"botox touch-up": ("botulinum_toxin",)}
    assert steps(opened(endpoint, services=mapped))["services"].ok
    acuity.types, acuity.addons = {}, {}
    assert steps(opened(endpoint))["services"].ok is False


@pytest.mark.parametrize("events", [["changed"], ["scheduled", "rescheduled", "canceled"]])
def test_webhooks_that_are_sent_here_are_seen(
    platform: AcuityPlatform, acuity: Acuity, events: list[str]
) -> None:
    acuity.hooks = [hook("canceled", "https://elsewhere.example/"), *map(hook, events)]
    assert steps(platform)["webhooks"].ok


def test_webhooks_of_some_changes_only_are_not_enough(platform: AcuityPlatform, acuity: Acuity) -> None:
    acuity.hooks = [hook("scheduled"), hook("canceled", status="disabled")]
    step = steps(platform)["webhooks"]
    assert step.ok is False
    assert "appointment.canceled, appointment.rescheduled" in step.words
    assert "scheduled, appointment" not in step.words.split(".")[0]


@pytest.mark.parametrize(
    "hooks", [[], [hook("changed", HOOK + "/")], [hook("changed", status="disabled")], [None]]
)
def test_webhooks_entered_by_hand_cannot_be_seen_and_it_is_said_how(
    platform: AcuityPlatform, acuity: Acuity, hooks: list[dict[str, object]]
) -> None:
    acuity.hooks = hooks
    step = steps(platform)["webhooks"]
    assert step.ok is None
    assert "Integrations" in step.words


def test_without_a_public_address_the_poll_finds_changes(platform: AcuityPlatform) -> None:
    step = steps(platform, "")["webhooks"]
    assert (step.ok, "poll" in step.words) == (None, True)


def test_nothing_is_changed_by_trying(platform: AcuityPlatform, acuity: Acuity) -> None:
    steps(platform)
    assert {method for method, _, _ in acuity.asked} == {"GET"}


# settings


@pytest.mark.parametrize("account", ["", "my-clinic", "123 ", "१२३", "12:34"])
def test_an_account_that_is_no_number_is_refused(account: str) -> None:
    with pytest.raises(Invalid) as fault:
        AcuityPlatform(clinic_platform("acuity", {}, account=account), house().clinic, [], KEY)
    assert fault.value.path == "account"
    assert "User ID" in fault.value.message


@pytest.mark.parametrize("key", ["", " ", "two words", "ключ", "key\n"])
def test_a_key_that_is_none_is_refused_without_showing_it(key: str) -> None:
    platform = clinic_platform("acuity", {}, account=ACCOUNT, name="web-site")
    for secrets, given, setting in (
        ([], key, "SCHEDULER_PLATFORM_WEB_SITE"),
        ([KEY, key], KEY, "SCHEDULER_HOOK_SECRETS_WEB_SITE"),
        ([KEY], key, "SCHEDULER_PLATFORM_WEB_SITE"),
    ):
        with pytest.raises(Invalid) as fault:
            AcuityPlatform(platform, house().clinic, secrets, given)
        assert fault.value.path == setting
        assert not key.strip() or key not in fault.value.message


def test_a_location_the_clinic_does_not_have_is_refused() -> None:
    platform = clinic_platform("acuity", {}, account=ACCOUNT, location="moon")
    with pytest.raises(Invalid) as fault:
        AcuityPlatform(platform, house().clinic, [], KEY)
    assert fault.value.path == "location"

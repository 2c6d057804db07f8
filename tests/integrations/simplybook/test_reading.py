"""Reading all bookings, what `scheduler platforms check` says, and settings that cannot be right."""

import logging
import re
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.registry import booking_platform
from integrations.simplybook import SimplybookPlatform
from scheduler_app.domain.appointments import Report
from scheduler_app.domain.platforms import Step
from scheduler_app.errors import Invalid, Unavailable
from tests.contracts.booking_platform import HOOK, LATER, NOW, WHEN, clinic_platform
from tests.house import house
from tests.integrations.simplybook.fake_server import COMPANY, LOGIN, PASSWORD, Simplybook
from tests.integrations.simplybook.outside import OLDER, SECRET, AtSimplybook, opened

DOCS = (Path(__file__).parents[3] / "docs" / "platforms" / "simplybook.md").read_text(encoding="utf-8")


def read(
    platform: SimplybookPlatform, page: str | None = None, since: datetime | None = None
) -> dict[str, Report]:
    found: dict[str, Report] = {}
    while True:
        part = platform.changed(since, NOW, page)
        found |= {report.source_id: report for report in part.reports}
        if part.page is None:
            return found
        page = part.page


def details(simplybook: Simplybook) -> int:
    return sum(bool(re.fullmatch(r"/admin/bookings/\d+", path)) for _, path in simplybook.asked)


@pytest.mark.parametrize("metadata", [True, False])
@pytest.mark.parametrize("unasked", [True, False])
def test_lists_of_every_known_shape_are_read_whole(
    platform: SimplybookPlatform, outside: AtSimplybook, metadata: bool, unasked: bool
) -> None:
    outside.simplybook.metadata, outside.simplybook.unasked = metadata, unasked
    booked = [outside.book(WHEN + timedelta(hours=2 * count)) for count in range(45)]
    outside.call_off(booked[7])
    found = read(platform)
    assert found.keys() == set(booked)
    assert [id for id, report in found.items() if report.status == "cancelled"] == [booked[7]]


def test_a_killed_reading_goes_on_from_its_page(
    platform: SimplybookPlatform, outside: AtSimplybook, endpoint: str
) -> None:
    booked = [outside.book(WHEN + timedelta(hours=2 * count)) for count in range(45)]
    page = platform.changed(None, NOW).page
    outside.simplybook.faults.append(("GET", 503, None))
    with pytest.raises(Unavailable):
        platform.changed(None, NOW, page)
    assert read(opened(endpoint), page).keys() == set(booked[20:])


def test_what_a_list_does_not_show_is_asked_for_once(
    platform: SimplybookPlatform, outside: AtSimplybook, simplybook: Simplybook
) -> None:
    staff, moved, over = outside.book(WHEN, by_staff=True), outside.book(LATER), outside.book(LATER)
    outside.call_off(over)
    found = read(platform)
    assert [found[id].by_staff for id in (staff, moved)] == [True, False]
    assert details(simplybook) == 2
    outside.move(moved, LATER + timedelta(days=1))
    assert read(platform, since=NOW)[moved].start == LATER + timedelta(days=1)
    assert details(simplybook) == 3


def test_of_visits_ahead_everything_is_asked_for_anew_when_everything_is_read(
    platform: SimplybookPlatform, outside: AtSimplybook, simplybook: Simplybook
) -> None:
    past, ahead = outside.book(NOW - timedelta(days=30)), outside.book(WHEN)
    read(platform)
    for booking in (past, ahead):
        simplybook.rows[booking]["products"] = [{"product_id": 4}]
    assert read(platform, since=NOW)[ahead].treatments == ("microneedling",)
    found = read(platform)
    assert found[ahead].treatments == ("microneedling", "product")
    assert found[past].treatments == ("microneedling",)
    assert details(simplybook) == 3


def test_a_list_does_not_bring_back_what_a_callback_replaced(
    platform: SimplybookPlatform, outside: AtSimplybook
) -> None:
    booking = outside.book(WHEN)
    read(platform)
    outside.simplybook.rows[booking]["products"] = [{"product_id": 4}]
    fetched = platform.fetch(booking)[0].treatments
    assert read(platform)[booking].treatments == fetched == ("microneedling", "product")


def test_a_booking_at_fault_is_left_out_and_named_by_its_number(
    platform: SimplybookPlatform, outside: AtSimplybook, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = outside.book(WHEN), outside.book(LATER)
    outside.simplybook.rows[broken]["start_datetime"] = "2026-03-29 01:30:00"
    outside.simplybook.rows[broken]["end_datetime"] = "2026-03-29 02:30:00"
    with caplog.at_level(logging.WARNING):
        assert read(platform).keys() == {sound}
    told = platform.changed(None, NOW).left_out
    assert [(each.booking_id, each.code) for each in told] == [(broken, "time-does-not-exist")]
    assert f"booking {broken} is left out: time-does-not-exist" in caplog.text
    assert "Ann" not in caplog.text


@pytest.mark.parametrize("page", ["", "x", "2026-02-31/2026-03-01/all/1", "2026-02-01/2026-03-01/all/0"])
def test_a_page_nobody_knows_begins_anew(
    platform: SimplybookPlatform, outside: AtSimplybook, page: str
) -> None:
    booking = outside.book(NOW - timedelta(days=300))
    assert booking in read(platform, page)


def test_a_later_reading_begins_with_what_was_ahead(
    platform: SimplybookPlatform, simplybook: Simplybook
) -> None:
    platform.changed(NOW - timedelta(days=3), NOW)
    query = simplybook.queries[-1]
    assert (query["filter[date_from]"], query["filter[date_to]"]) == ("2026-02-26", "2027-09-06")


# trying


def steps(platform: SimplybookPlatform, address: str = HOOK) -> dict[str, Step]:
    return {step.name: step for step in platform.steps(address, NOW)}


def test_trying_changes_nothing_and_names_every_step(
    platform: SimplybookPlatform, simplybook: Simplybook
) -> None:
    assert list(steps(platform)) == ["key", "services", "who booked", "callbacks", "validator"]
    assert {asked for asked in simplybook.asked if asked[0] != "GET"} == {("POST", "/admin/auth")}


def test_callbacks_made_through_the_api_are_seen(
    platform: SimplybookPlatform, simplybook: Simplybook
) -> None:
    assert steps(platform)["callbacks"].ok is None
    for event in ("new_booking", "change_booking", "cancel_booking"):
        simplybook.hooks.append({"id": 1, "event": event, "url": f"{HOOK}/{SECRET}"})
    assert steps(platform)["callbacks"].ok is True
    simplybook.hooks[0]["url"] = f"{HOOK}/another-secret-than-ours"
    step = steps(platform)["callbacks"]
    assert (step.ok, "new_booking" in step.words) == (False, True)
    assert steps(platform, "")["callbacks"].ok is None


def test_no_step_shows_a_secret(platform: SimplybookPlatform, outside: AtSimplybook) -> None:
    outside.close_door()
    words = " ".join(step.words for step in steps(platform).values())
    assert all(secret not in words for secret in (SECRET, OLDER, PASSWORD))


def test_whether_staff_can_be_told_apart_is_said(platform: SimplybookPlatform, outside: AtSimplybook) -> None:
    assert steps(platform)["who booked"].ok is None
    booking = outside.book(WHEN)
    assert steps(platform)["who booked"].ok is True
    outside.simplybook.rows[booking]["log"] = []
    assert "never called off" in steps(platform)["who booked"].words


def test_services_without_treatments_are_counted(endpoint: str) -> None:
    assert steps(opened(endpoint))["services"].words.startswith("1 of 2 ")
    whole = {"9": ("microneedling",), "12": ("beauty_treatment",)}
    assert steps(opened(endpoint, services=whole))["services"].ok is True


def test_services_matched_by_their_name_alone_are_told_since_the_validator_knows_numbers_only(
    endpoint: str,
) -> None:
    named = {"9": ("microneedling",), "Peel": ("beauty_treatment",)}
    step = steps(opened(endpoint, services=named))["services"]
    assert (step.ok, step.words[:7]) == (False, "1 of 2 ")


# settings


@pytest.mark.parametrize(
    ("changed", "secrets", "key", "path"),
    [
        ({"account": ""}, [], PASSWORD, "account"),
        ({"account": "my clinic"}, [], PASSWORD, "account"),
        ({"user": " "}, [], PASSWORD, "user"),
        ({"location": "moon"}, [], PASSWORD, "location"),
        ({}, [], "", "SCHEDULER_PLATFORM_WEB_SITE"),
        ({}, [], "pass\nword", "SCHEDULER_PLATFORM_WEB_SITE"),
        ({}, [SECRET, "short"], PASSWORD, "SCHEDULER_HOOK_SECRETS_WEB_SITE"),
        ({}, [SECRET + "/x"], PASSWORD, "SCHEDULER_HOOK_SECRETS_WEB_SITE"),
    ],
)
def test_a_setting_that_cannot_be_right_is_named(
    changed: dict[str, Any], secrets: list[str], key: str, path: str
) -> None:
    settings = {"name": "web-site", "account": COMPANY, "user": LOGIN, **changed}
    with pytest.raises(Invalid) as fault:
        SimplybookPlatform(clinic_platform("simplybook", {}, **settings), house().clinic, secrets, key)
    assert fault.value.path == path
    assert all(each not in fault.value.message for each in (PASSWORD, SECRET))


def test_the_documented_settings_open_the_platform() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", DOCS, re.S)
    shown = tomllib.loads(re.sub(r"^   ", "", block, flags=re.M))["platform"][0]
    services = {id: tuple(codes) for id, codes in shown.pop("services").items()}
    platform = clinic_platform(shown.pop("kind"), services, **shown)
    assert booking_platform(platform, house().clinic, [SECRET], PASSWORD).name == "online"
    assert {code for codes in services.values() for code in codes} <= set(house().catalogue.treatments)

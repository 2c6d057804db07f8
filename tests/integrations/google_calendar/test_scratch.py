"""What `scheduler google check` tries: every step in plain words, and nothing left behind."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from integrations.google_calendar import GoogleClient, credentials
from integrations.google_calendar.scratch import TITLE, Step, Tried, steps
from tests.google_double import ROOM, GoogleDouble
from tests.integrations.google_calendar.stand import NOW, Spent, Stand

TRIED = Tried(ROOM, "robot@project.iam.gserviceaccount.com")
NOTICES = "https://127.0.0.1:9/hooks/google"
EVERYTHING = [
    "lasting sign-in",
    "answer",
    "sign in",
    "read",
    "write",
    "create",
    "never over a newer state",
    "mark",
    "restore",
    "notices",
    "delete",
]


@pytest.fixture(autouse=True)
def _nothing_is_left(google_double: GoogleDouble) -> Iterator[None]:
    yield
    assert google_double.events(ROOM) == []
    assert google_double.channels == []


def tried(stand: Stand, asked: Tried = TRIED) -> list[Step]:
    return list(steps(stand.client, asked, NOW))


def missing(found: list[Step]) -> dict[str, str]:
    return {step.name: step.words for step in found if step.ok is False}


def test_everything_is_tried_and_well(stand: Stand) -> None:
    found = tried(stand, replace(TRIED, notices=NOTICES))
    assert [step.name for step in found] == EVERYTHING
    assert [step.words for step in found if not step.ok] == []


def test_without_a_public_address_notices_are_not_tried(stand: Stand) -> None:
    (step,) = (step for step in tried(stand) if step.name == "notices")
    assert step.ok is None
    assert "SCHEDULER_PUBLIC_URL" in step.words


def test_the_event_is_free_time_at_night_a_month_ahead(stand: Stand) -> None:
    for step in steps(stand.client, TRIED, NOW):
        if step.name == "create":
            (event,) = stand.double.events(ROOM)
            break
    assert (event["summary"], event["transparency"]) == (TITLE, "transparent")
    assert event["start"]["dateTime"] == "2026-03-31T03:00:00+01:00"
    assert event["end"]["dateTime"] == "2026-03-31T03:15:00+01:00"


def test_what_an_earlier_check_left_is_deleted_too(stand: Stand) -> None:
    stand.books("Check", extendedProperties={"private": {"scratch.check": "yes"}})
    assert missing(tried(stand)) == {}


def test_a_sign_in_of_an_app_in_testing_is_told_with_its_days(stand: Stand) -> None:
    found = tried(stand, replace(TRIED, refresh_until=NOW + timedelta(days=6, hours=1)))
    assert "in 6 days" in missing(found)["lasting sign-in"]
    assert "Publish app" in missing(found)["lasting sign-in"]


@pytest.mark.parametrize(
    ("fault", "step", "words"),
    [
        ({"status": 503}, "answer", "cannot answer now"),
        ({"status": 401, "reason": "authError"}, "sign in", "scheduler google login"),
        ({"status": 403, "reason": "accessNotConfigured"}, "read", "Library, Google Calendar API, Enable"),
        ({"status": 403, "reason": "forbidden"}, "read", "robot@project.iam.gserviceaccount.com"),
        ({"status": 404, "reason": "notFound"}, "read", "the Calendar ID is wrong"),
    ],
)
def test_what_everything_needs_ends_it(stand: Stand, fault: dict[str, Any], step: str, words: str) -> None:
    stand.double.fail(method="events.list", times=None, **fault)
    found = tried(stand)
    assert found[-1].name == step
    assert list(missing(found)) == [step]
    assert words in found[-1].words
    assert [each.ok for each in found[:-1]] == [True] * (len(found) - 1)


def test_a_service_account_that_may_not_act_for_a_person_says_where_to_click(
    google_double: GoogleDouble,
) -> None:
    key = json.dumps(google_double.signing_in.service_account_file())
    signed = credentials.service_account(key, "anna@clinic.example")
    client = GoogleClient(signed, "clinic", Spent(), endpoint=google_double.endpoint)
    found = list(steps(client, TRIED, NOW))
    client.close()
    assert found[-1].name == "sign in"
    assert "Manage domain-wide delegation" in found[-1].words
    assert "shared" not in found[-1].words


def test_a_calendar_that_may_only_be_read_says_where_to_click(stand: Stand) -> None:
    stand.double.share(ROOM, "bot", "reader")
    found = tried(stand)
    assert found[-1].name == "write"
    assert "Make changes to events" in found[-1].words


@pytest.mark.parametrize(
    ("method", "step"),
    [("events.insert", "create"), ("events.watch", "notices"), ("channels.stop", "notices")],
)
def test_a_step_that_fails_is_told_and_the_rest_is_cleared(stand: Stand, method: str, step: str) -> None:
    stand.double.fail(method=method, times=1, status=400, reason="invalid")
    found = tried(stand, replace(TRIED, notices=NOTICES))
    assert step in missing(found)
    assert found[-1] == Step("delete", True)
    stand.double.expire_channels()


def test_writes_that_are_paused_are_told(stand: Stand) -> None:
    stand.double.fail(method="events.patch", times=None, status=403, reason="quotaExceeded")
    assert set(missing(tried(stand))) == {"never over a newer state", "mark", "restore"}


def test_an_address_that_google_refuses_is_told(stand: Stand) -> None:
    found = tried(stand, replace(TRIED, notices="http://clinic.example/hooks/google"))
    assert "https" in missing(found)["notices"]


def test_a_delete_that_fails_says_what_to_delete_by_hand(stand: Stand) -> None:
    stand.double.fail(method="events.delete", times=3, status=503)
    found = tried(stand)
    assert TITLE in missing(found)["delete"]
    assert missing(tried(stand)) == {}


def test_whoever_stops_listening_leaves_nothing_either(stand: Stand) -> None:
    running = steps(stand.client, TRIED, NOW)
    for step in running:
        if step.name == "mark":
            break
    running.close()  # type: ignore[attr-defined]


def test_what_answers_and_is_not_google_is_told(stand: Stand) -> None:
    stand.client.page = lambda *_, **__: b"<html>Sign in to the guest network</html>"  # type: ignore[method-assign]
    assert "not Google Calendar" in missing(tried(stand))["answer"]

"""What Google's refusals mean in our words, as the client meets them over HTTP."""

from collections.abc import Callable

import httplib2
import pytest
from google.auth.exceptions import RefreshError
from googleapiclient.errors import HttpError

from integrations.google_calendar.faults import ON_CALENDAR, fault_of
from scheduler_app.errors import (
    Conflict,
    Denied,
    Disconnected,
    Expired,
    Invalid,
    NotFound,
    Paused,
    SchedulerError,
    Unavailable,
)
from tests.google_double import ROOM
from tests.integrations.google_calendar.stand import Stand

Asking = Callable[[Stand], object]


def listing(stand: Stand) -> object:
    return stand.client.page(ROOM, maxResults=1)


def getting(stand: Stand) -> object:
    return stand.client.event(ROOM, "none")


def patching(stand: Stand) -> object:
    return stand.client.patch(ROOM, "none", {"summary": "x"}, '"1"')


def watching(stand: Stand) -> object:
    body = {"id": "channel", "type": "web_hook", "address": "https://clinic.example/hooks/google"}
    return stand.client.watch(ROOM, body)


@pytest.mark.parametrize(
    ("status", "reason", "asking", "error"),
    [
        (403, "rateLimitExceeded", listing, Unavailable),
        (403, "userRateLimitExceeded", patching, Unavailable),
        (429, "rateLimitExceeded", patching, Unavailable),
        (403, "dailyLimitExceeded", listing, Unavailable),
        (403, "quotaExceeded", patching, Paused),
        (500, "backendError", getting, Unavailable),
        (502, "", listing, Unavailable),
        (503, "backendError", patching, Unavailable),
        (504, "", patching, Unavailable),
        (408, "", listing, Unavailable),
        (401, "authError", getting, Disconnected),
        (403, "forbidden", listing, Disconnected),
        (403, "requiredAccessLevel", listing, Disconnected),
        (404, "notFound", listing, Disconnected),
        (403, "requiredAccessLevel", patching, Disconnected),
        (403, "insufficientPermissions", patching, Disconnected),
        (403, "accessNotConfigured", patching, Disconnected),
        (404, "notFound", getting, NotFound),
        (410, "deleted", patching, NotFound),
        (412, "conditionNotMet", patching, Conflict),
        (409, "duplicate", patching, Conflict),
        (410, "fullSyncRequired", listing, Expired),
        (410, "updatedMinTooLongAgo", listing, Expired),
        (403, "forbiddenForNonOrganizer", patching, Denied),
        (403, "forbiddenForServiceAccounts", patching, Denied),
        (403, "forbidden", patching, Denied),
        (400, "invalid", patching, Invalid),
        (400, "pushInvalidAddress", watching, Invalid),
        (400, "channelIdNotUnique", watching, Unavailable),  # our own: its first answer was lost
        (403, "forbidden", watching, Invalid),
    ],
)
def test_every_refusal_has_its_error(
    stand: Stand, status: int, reason: str, asking: Asking, error: type[SchedulerError]
) -> None:
    stand.double.fail(status=status, reason=reason, times=None)
    with pytest.raises(SchedulerError) as refused:
        asking(stand)
    assert type(refused.value) is error


@pytest.mark.parametrize(
    ("status", "reason", "asking", "code", "cure"),
    [
        (401, "authError", listing, "sign-in-expired", "scheduler google login"),
        (403, "forbidden", listing, "access-withdrawn", "share it again"),
        (403, "requiredAccessLevel", patching, "access-withdrawn", "may be read and not written"),
        (403, "insufficientPermissions", listing, "access-withdrawn", "sign in again"),
        (403, "accessNotConfigured", listing, "program-switched-off", "enable it"),
        (404, "notFound", listing, "calendar-missing", "check its address"),
    ],
)
def test_a_calendar_closed_to_us_says_which_way_and_what_to_do(
    stand: Stand, status: int, reason: str, asking: Asking, code: str, cure: str
) -> None:
    stand.double.fail(status=status, reason=reason, times=None)
    with pytest.raises(Disconnected, match=cure) as closed:
        asking(stand)
    assert (closed.value.code, closed.value.retriable) == (code, True)


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        ("Token has been expired or revoked.", "scheduler google login"),
        ("Bad Request", "scheduler google login"),
        ("Invalid JWT Signature.", "Keys, Add key"),
        ("Invalid grant: account not found", "Keys, Add key"),
        (
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.",
            "clock",
        ),
        ("Invalid email or User ID", "subject of the account"),
    ],
)
def test_a_sign_in_that_google_refuses_is_told_with_what_cures_that_kind(words: str, cure: str) -> None:
    error = RefreshError(f"invalid_grant: {words}", {"error": "invalid_grant"})
    closed = fault_of(error, ON_CALENDAR)
    assert isinstance(closed, Disconnected)
    assert closed.code == "sign-in-expired"
    assert cure in str(closed)
    assert ("login" in str(closed)) == ("login" in cure)


def test_writes_pause_for_an_hour(stand: Stand) -> None:
    stand.double.fail(status=403, reason="quotaExceeded")
    with pytest.raises(Paused) as paused:
        patching(stand)
    assert paused.value.retry_in == 3600
    assert isinstance(paused.value, Unavailable)


@pytest.mark.parametrize("trouble", [{"drop": True}, {"hang": True}])
@pytest.mark.parametrize("asking", [listing, getting, patching])
def test_silence_is_unavailable(quick: Stand, trouble: dict[str, bool], asking: Asking) -> None:
    quick.double.fail(times=None, **trouble)  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        asking(quick)


def test_nobody_there_is_unavailable(stand: Stand) -> None:
    nowhere = Stand(stand.double, endpoint="http://127.0.0.1:9/calendar/v3/")
    with pytest.raises(Unavailable):
        listing(nowhere)


@pytest.mark.parametrize("asking", [listing, getting, patching, watching])
@pytest.mark.parametrize(
    ("status", "reason"), [(500, "x"), (403, "forbidden"), (404, "notFound"), (400, "invalid")]
)
def test_no_error_tells_an_address_or_what_was_said(
    stand: Stand, asking: Asking, status: int, reason: str
) -> None:
    stand.double.fail(status=status, reason=reason, message="Anna Smith has Botox", times=None)
    with pytest.raises(SchedulerError) as refused:
        asking(stand)
    seen: BaseException | None = refused.value
    while seen is not None:
        told = f"{seen!r} {seen} {seen.args}"
        assert not any(word in told for word in ("Anna", ROOM, "http:", "clinic.example", "Bearer"))
        seen = seen.__cause__ or seen.__context__


def test_a_reason_that_is_no_word_of_googles_is_not_repeated(stand: Stand) -> None:
    stand.double.fail(status=400, reason="Anna Smith <anna@example.org>", times=None)
    with pytest.raises(Invalid) as refused:
        getting(stand)
    assert "Anna" not in str(refused.value)


@pytest.mark.parametrize(
    ("named", "wait"), [("30", 30.0), ("172800", 3600.0), ("soon", None), ("9" * 9, None)]
)
def test_whoever_answers_for_google_is_waited_for_an_hour_at_most(named: str, wait: float | None) -> None:
    answer = httplib2.Response({"status": "503", "retry-after": named})
    fault = fault_of(HttpError(answer, b"<html>back in two days</html>"), ON_CALENDAR)
    assert isinstance(fault, Unavailable)
    assert fault.retry_in == wait

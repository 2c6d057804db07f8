"""What Google's refusals and a network's faults mean in our words.

Sources: https://developers.google.com/workspace/calendar/api/guides/errors and the exceptions of google-auth
and httplib2. A message of ours holds a status and a stable word of Google's, never an address, a title or
what was sent.
"""

import http.client  # noqa: TID251  for its exceptions
import re
from dataclasses import dataclass

import httplib2
import msgspec
from google.auth.exceptions import GoogleAuthError, RefreshError
from googleapiclient.errors import Error as ApiError
from googleapiclient.errors import HttpError

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

ON_CALENDAR, ON_EVENT, ON_CHANNEL = "calendar", "event", "channel"
_TRANSPORT = http.client.HTTPException  # noqa: TID251  an exception, no door
FAULTS = (ApiError, GoogleAuthError, httplib2.HttpLib2Error, _TRANSPORT, OSError)

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.]{1,60}")
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_SWITCHED_OFF = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_NARROW = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
_TAKEN = "channelIdNotUnique"
_TOKENS = frozenset({"syncToken", "pageToken"})
_HOUR = 3600.0

WITHDRAWN = "Google lets us into this calendar no longer: share it again, with the right to change events"
READ_ONLY = "This calendar may be read and not written: share it with the right to change events"
MISSING = "Google knows no such calendar, or it is not shared any more: check its address and its sharing"
SIGN_IN = "Google does not accept our sign-in any more: sign in again (`scheduler google login`)"
KEY_REFUSED = (
    "Google does not accept the service account's key any more: make a new one (IAM & Admin, Service "
    "accounts, Keys, Add key), put its file where the old one was, and start again"
)
WRONG_CLOCK = "Google does not accept our sign-in, because the clock of this machine is wrong: set it"
NOBODY = "Google knows nobody of this address to act for: correct the subject of the account in clinic.toml"
NO_DELEGATION = (
    "Google does not let the service account act for this person: allow its client id in the admin console"
)
SWITCHED_OFF = "The Google Calendar API is not switched on in the cloud project: enable it there"
NARROW = "Our sign-in does not cover changing events: sign in again and allow it"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer of Google's that is no success. reason: Google's stable word, "" where it gave none."""

    status: int
    reason: str = ""
    location: str = ""
    wait: float | None = None


class _Detail(msgspec.Struct):
    reason: str = ""
    location: str = ""


class _Told(msgspec.Struct):
    errors: list[_Detail] = []
    details: list[_Detail] = []
    status: str = ""


class _Body(msgspec.Struct):
    error: _Told = msgspec.field(default_factory=_Told)


_BODY = msgspec.json.Decoder(_Body)


def refusal_of(error: HttpError) -> Refusal:
    """Read the answer; a body that is not Google's tells nothing but the status."""
    wait = str(error.resp.get("retry-after", ""))
    # not longer: somebody else's page between us and Google may name any number of days
    retry_in = min(_HOUR, float(wait)) if wait.isascii() and wait.isdigit() and len(wait) < 7 else None
    try:
        told = _BODY.decode(error.content).error
    except msgspec.MsgspecError:
        return Refusal(int(error.resp.status), wait=retry_in)
    for detail in (*told.errors, *told.details):
        if _WORD.fullmatch(detail.reason):
            location = detail.location if _WORD.fullmatch(detail.location) else ""
            return Refusal(int(error.resp.status), detail.reason, location, retry_in)
    return Refusal(int(error.resp.status), told.status if _WORD.fullmatch(told.status) else "", wait=retry_in)


def fault_of(error: Exception, aim: str) -> SchedulerError:
    """The error to raise for what went wrong while aiming at a calendar, an event or a channel."""
    if isinstance(error, HttpError):
        return _refused(refusal_of(error), aim)
    if isinstance(error, RefreshError) and not error.retryable:
        return _not_signed_in(str(error.args[0]) if error.args else "")
    if isinstance(error, ApiError):
        return Invalid("calendar-refused", "The request to Google Calendar could not be made")
    return Unavailable("Google Calendar did not answer, or broke off: trying again later can help")


def _not_signed_in(text: str) -> Disconnected:
    """text: Google's own words, by which service accounts, and what is wrong with them, are told apart."""
    if "unauthorized_client" in text or "access_denied" in text:
        return Disconnected("access-withdrawn", NO_DELEGATION)
    if "reasonable timeframe" in text:
        return Disconnected("sign-in-expired", WRONG_CLOCK)
    if "Invalid JWT" in text or "account not found" in text:
        return Disconnected("sign-in-expired", KEY_REFUSED)
    if "Invalid email or User ID" in text:
        return Disconnected("sign-in-expired", NOBODY)
    return Disconnected("sign-in-expired", SIGN_IN)


def _refused(refusal: Refusal, aim: str) -> SchedulerError:
    status = refusal.status
    if status in (408, 429) or status >= 500 or status < 400:  # Google sends nobody elsewhere: a portal does
        return Unavailable(f"Google Calendar cannot answer now ({_named(refusal)})", refusal.wait)
    if status == 403:
        return _forbidden(refusal, aim)
    if status == 401 and aim != ON_CHANNEL:
        return Disconnected("sign-in-expired", SIGN_IN)
    if status in (404, 410):
        return _gone(refusal, aim)
    if status in (409, 412):
        return Conflict(f"Google Calendar: it changed since it was read ({_named(refusal)})")
    if status == 400 and aim == ON_CALENDAR and refusal.location in _TOKENS:
        return Expired("Google Calendar does not know this place any more: read from the start")
    if aim == ON_CHANNEL:
        return _no_notices(refusal)
    return Invalid("calendar-refused", f"Google Calendar refused the request ({_named(refusal)})")


def _forbidden(refusal: Refusal, aim: str) -> SchedulerError:
    reason = refusal.reason
    if reason in _TOO_FAST:
        return Unavailable("Google Calendar asks us to slow down", refusal.wait)
    if reason == "quotaExceeded":
        return Paused("Google Calendar asks us to stop writing for about an hour")
    if reason == "dailyLimitExceeded":
        return Unavailable("The day's requests to Google Calendar are used up", _HOUR)
    if reason in _SWITCHED_OFF:
        return Disconnected("program-switched-off", SWITCHED_OFF)
    if reason in _NARROW:
        return Disconnected("access-withdrawn", NARROW)
    if aim == ON_CALENDAR:
        return Disconnected("access-withdrawn", WITHDRAWN)
    if reason == "requiredAccessLevel":
        return Disconnected("access-withdrawn", READ_ONLY)
    if aim == ON_CHANNEL:
        return _no_notices(refusal)
    return Denied(f"Google Calendar does not let us do this ({_named(refusal)})")


def _gone(refusal: Refusal, aim: str) -> SchedulerError:
    if aim != ON_CALENDAR:
        return NotFound("there is no such event or channel any more")
    if refusal.status == 410:
        return Expired("Google Calendar keeps this place no longer: read from the start")
    return Disconnected("calendar-missing", MISSING)


def _no_notices(refusal: Refusal) -> SchedulerError:
    if refusal.reason == _TAKEN:  # by ourselves: the connection broke off, and was asked again underneath us
        return Unavailable("Google's answer to our asking for notices was lost")
    cure = "it must be https with a certificate everybody trusts, and may have to be verified"
    fault = f"Google sends no notices to this address ({_named(refusal)}): {cure}"
    return Invalid("address-refused", fault, "SCHEDULER_PUBLIC_URL")


def _named(refusal: Refusal) -> str:
    return f"{refusal.status} {refusal.reason}".rstrip()

"""Sync and page tokens: opaque outside, and bound to their query inside."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from tests.google_double.discovery import Given
from tests.google_double.refusals import Refused, invalid
from tests.google_double.state import Shelf

T = TypeVar("T")
_FIXED = (
    "singleEvents", "eventTypes", "maxResults", "showHiddenInvitations", "alwaysIncludeEmail",
    "maxAttendees", "timeZone",
)  # fmt: skip
_NEVER_WITH = (
    "iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin", "timeMax",
    "updatedMin",
)  # fmt: skip


@dataclass(slots=True)
class SyncToken:
    """Up to which change somebody knows a calendar, and how it was asked."""

    calendar: str
    generation: int
    number: int
    query: dict[str, Any]


@dataclass(slots=True)
class PageToken:
    """Where the next page begins, and up to which change the listing goes."""

    query: str
    at: int
    until: int


def sync_token(shelf: Shelf, given: Given, number: int) -> str:
    """For the end of a listing that knows every change up to number."""
    return _closed(SyncToken(shelf.id, shelf.generation, number, _fixed(given)))


def synced(shelf: Shelf, given: Given) -> int:
    """The change a sync token stands for.

    Raises Refused: 400 for a query that does not go with it, 410 for one not valid (any more).
    """
    for name in _NEVER_WITH:
        if name in given:
            raise invalid(f"Sync token cannot be used with {name}.", name)
    if given.get("showDeleted") is False:
        raise invalid("Sync token cannot be used with showDeleted=false.", "showDeleted")
    token = _opened(given["syncToken"], SyncToken)
    if token is None or token.calendar != shelf.id or token.generation != shelf.generation:
        raise Refused(410, "fullSyncRequired", location="syncToken")
    if token.query != _fixed(given):
        raise invalid("Sync token used with another query than the one it was given for.", "syncToken")
    return int(token.number)


def page_token(given: Given, at: int, until: int) -> str:
    """For the next page."""
    return _closed(PageToken(_digest(given), at, until))


def paged(given: Given) -> PageToken | None:
    """Where this page begins; None for the first. Raises Refused(400) for another query's token."""
    if "pageToken" not in given:
        return None
    token = _opened(given["pageToken"], PageToken)
    if token is None or token.query != _digest(given):
        raise invalid("Invalid page token value.", "pageToken")
    return token


def _fixed(given: Given) -> dict[str, Any]:
    return {name: given[name] for name in _FIXED if name in given and given[name] is not False}


def _digest(given: Given) -> str:
    asked = {name: value for name, value in given.items() if name not in ("pageToken", "fields", "alt")}
    return sha256(msgspec.json.encode(asked, order="sorted")).hexdigest()[:16]


def _closed(token: SyncToken | PageToken) -> str:
    return urlsafe_b64encode(msgspec.msgpack.encode(token)).decode()


def _opened(raw: str, kind: type[T]) -> T | None:
    try:
        return msgspec.msgpack.decode(urlsafe_b64decode(raw), type=kind)
    except (ValueError, msgspec.MsgspecError):
        return None

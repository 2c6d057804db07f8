"""With what we sign in at Google: a service account, one that acts for a person, or a person's own sign-in.

The one scope is `calendar.events`: events of calendars that are shared with the account, and nothing else.
Source: https://developers.google.com/workspace/calendar/api/auth
"""

import re
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from google.auth.credentials import Credentials
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials as UserCredentials
from google.oauth2.service_account import Credentials as ServiceCredentials

from integrations.google_calendar.shelf import SignIn, TokenShelf
from scheduler_app.errors import Invalid

SCOPE = "https://www.googleapis.com/auth/calendar.events"
TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105  an address
_LOOPBACK = re.compile(r"127\.\d+\.\d+\.\d+|::1|localhost")


class OAuthClient(msgspec.Struct):
    """A desktop app's OAuth client, as downloaded from the console."""

    client_id: str
    client_secret: str
    auth_uri: str = "https://accounts.google.com/o/oauth2/auth"
    token_uri: str = TOKEN_URI


class _ClientFile(msgspec.Struct):
    installed: OAuthClient | None = None


def service_account(text: str, subject: str = "", setting: str = "") -> Credentials:
    """Sign in with a service account's key, acting for subject (an e-mail address) where one is given.

    text: the JSON that Google gave. Raises Invalid naming setting where it is no such key.
    """
    try:
        told = msgspec.json.decode(text, type=dict[str, Any])
        checked_address(str(told.get("token_uri", "")), setting)
        making: Any = _ServiceAccount
        made: Credentials = making.from_service_account_info(told, scopes=[SCOPE], subject=subject or None)
        return made
    except (ValueError, TypeError, KeyError):
        fault = (
            "this is no key of a service account: download it again, as JSON (Keys, Add key, Create new key)"
        )
    raise Invalid("google-key-unreadable", fault, setting or None)


def address_of(credentials: Credentials) -> str:
    """Whom calendars are to be shared with, "" where the sign-in does not say."""
    return str(getattr(credentials, "service_account_email", "") or "")


def oauth_client(text: str, setting: str = "") -> OAuthClient:
    """The OAuth client in the JSON that Google gave. Raises Invalid naming setting."""
    try:
        client = msgspec.json.decode(text, type=_ClientFile).installed
    except (msgspec.MsgspecError, ValueError):
        client = None
    if client is None or not client.client_id:
        fault = "this is no OAuth client of a desktop app: download it again (Credentials, OAuth client ID)"
        raise Invalid("google-client-unreadable", fault, setting or None)
    for address in (client.auth_uri, client.token_uri):
        checked_address(address, setting)
    return client


def person(shelf: TokenShelf) -> Credentials:
    """Sign in as the person whose sign-in is on the shelf, now or whenever they signed in.

    Until then every request raises Disconnected. Raises Invalid where no key opens what is kept.
    """
    return _Kept(shelf)


def fixed_token(token: str, endpoint: str) -> Credentials:
    """A token that never changes, for an emulator on this machine. Raises Invalid for any other endpoint."""
    if not is_loopback(endpoint):
        fault = "a fixed access token is for an emulator on this machine, and this address is not here"
        raise Invalid("setting-refused", fault, "SCHEDULER_GOOGLE_API_ENDPOINT")
    making: Any = _Person
    made: Credentials = making(token)
    return made


def is_loopback(address: str) -> bool:
    """Whether the address is on this machine, by what is written."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(_LOOPBACK.fullmatch(parts.hostname or ""))
    except ValueError:
        return False


def checked_address(address: str, setting: str) -> None:
    """Raise Invalid unless a secret may be sent there."""
    if not address.startswith("https://") and not is_loopback(address):
        fault = "the addresses in this file have to begin with https://: download it again"
        raise Invalid("google-key-unreadable", fault, setting or None)


class _ServiceAccount(ServiceCredentials):
    def _is_regional_access_boundary_lookup_required(self) -> bool:
        return False  # else a thread of the library's own asks another host


class _Person(UserCredentials):
    def _is_regional_access_boundary_lookup_required(self) -> bool:
        return False


class _Kept(_Person):
    """A person's sign-in that reads the shelf before it refreshes, and keeps what it got there."""

    def __init__(self, shelf: TokenShelf) -> None:
        self._shelf, self._one_at_a_time = shelf, threading.Lock()
        super().__init__(None)  # type: ignore[no-untyped-call]  # google-auth says no types
        kept = shelf.get()
        if kept is not None:
            self._adopt(kept)

    def refresh(self, request: Any) -> None:
        """A new access token; another thread's or process's, where it has got one already."""
        refused = self.token
        with self._one_at_a_time:
            kept = self._shelf.get()
            if kept is None:
                raise RefreshError("invalid_grant: nobody signed in")
            self._adopt(kept)
            if self.token != refused and self.valid:
                return
            super().refresh(request)  # type: ignore[no-untyped-call]  # google-auth says no types
            self._shelf.put(
                replace(
                    kept,
                    refresh=self._refresh_token or kept.refresh,
                    access=self.token or "",
                    access_until=self.expiry.replace(tzinfo=UTC) if self.expiry else None,
                )
            )

    def _adopt(self, kept: SignIn) -> None:
        self._client_id, self._client_secret = kept.client_id, kept.client_secret
        self._token_uri, self._refresh_token = kept.token_uri, kept.refresh
        self.token = kept.access or None
        until = kept.access_until or datetime(1970, 1, 1, tzinfo=UTC)
        self.expiry = until.astimezone(UTC).replace(tzinfo=None)  # the library's times carry no zone

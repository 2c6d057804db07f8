"""A person at the clinic signs in once, in a browser on this machine (RFC 8252: loopback redirect, PKCE).

Source: https://developers.google.com/identity/protocols/oauth2/native-app
"""

import hmac
import time
import webbrowser
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, make_server

from google_auth_oauthlib.flow import InstalledAppFlow
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from integrations.google_calendar.credentials import SCOPE, oauth_client
from integrations.google_calendar.shelf import SignIn, TokenShelf
from scheduler_app.errors import Denied, SchedulerError, Unavailable
from scheduler_app.ports import Clock

PATIENCE = 300.0  # seconds a person has for it
_TIMEOUT = 20.0
_DONE = b"Signed in. You can close this page and go back to the terminal."
_NOT_DONE = b"You did not sign in. You can close this page; start again in the terminal."


def sign_in(
    client: str,
    shelf: TokenShelf,
    clock: Clock,
    show: Callable[[str], None],
    *,
    open_browser: bool = True,
    port: int = 0,
    patience: float = PATIENCE,
    setting: str = "",
) -> SignIn:
    """Let a person sign in, and keep what comes of it on the shelf.

    client: the JSON of a desktop app's OAuth client. show is given the address to open. port: where to wait
    for the browser on this machine, 0 for any. Raises Invalid naming setting for a client that is none,
    Denied when the person declines or leaves the box for events unticked, Unavailable when nobody comes
    back in time or Google does not answer.
    """
    known = oauth_client(client, setting)
    config = {"installed": {name: getattr(known, name) for name in known.__struct_fields__}}
    with _Waiting(port) as waiting:
        address = f"http://127.0.0.1:{waiting.port}/"
        flow: Any = InstalledAppFlow.from_client_config(config, [SCOPE])
        flow.redirect_uri = address
        # without asking for consent again Google gives no lasting token to those who gave it before
        url, state = flow.authorization_url(prompt="consent")
        show(url)
        if open_browser:
            webbrowser.open(url)
        code = waiting.code(state, patience)
    token = _exchanged(flow, code)
    kept = _kept(token, known.client_id, known.client_secret, known.token_uri, clock())
    shelf.put(kept)
    return kept


def _exchanged(flow: Any, code: str) -> dict[str, Any]:
    fault: SchedulerError
    try:
        token: dict[str, Any] = flow.fetch_token(code=code, timeout=_TIMEOUT)
    except Warning:  # the library's way of saying that fewer rights were given than were asked for
        fault = Denied("Google was not allowed to let us change events: sign in again and tick that box")
    except OAuth2Error:
        fault = Denied("Google did not accept the sign-in: start again")
    except OSError:
        fault = Unavailable("Google did not answer: try again later")
    else:
        if token.get("refresh_token"):
            return token
        fault = Denied(
            "Google gave no lasting sign-in: remove our access in your Google account, sign in again"
        )
    raise fault


def _kept(token: dict[str, Any], client_id: str, secret: str, token_uri: str, now: datetime) -> SignIn:
    def after(seconds: object) -> datetime | None:
        return now + timedelta(seconds=float(seconds)) if isinstance(seconds, int | float) else None

    return SignIn(
        client_id,
        secret,
        token_uri,
        str(token["refresh_token"]),
        str(token.get("access_token", "")),
        after(token.get("expires_in")),
        after(token.get("refresh_token_expires_in")),
        now.astimezone(UTC),
    )


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the address holds a code."""


@dataclass(slots=True)
class _Returned:
    state: str = ""
    code: str = ""
    error: str = ""


class _Waiting:
    """Waits on this machine for the browser to come back."""

    def __init__(self, port: int) -> None:
        self._returned = _Returned()
        self._server = make_server("127.0.0.1", port, self._answer, handler_class=_Quiet)
        self.port = self._server.server_port

    def __enter__(self) -> "_Waiting":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def code(self, state: str, patience: float) -> str:
        """What the browser brought back for this state; whoever brings another one is not heard."""
        end = time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            self._server.timeout = left
            self._server.handle_request()
            if not hmac.compare_digest(self._returned.state.encode(), state.encode()):
                continue
            if self._returned.code:
                return self._returned.code
            raise Denied("the sign-in was declined: nothing was changed")
        raise Unavailable("nobody came back from the browser in time: start again")

    def _answer(self, environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        asked = parse_qs(environ.get("QUERY_STRING", ""))
        found = _Returned(*("".join(asked.get(name, [""])[:1]) for name in ("state", "code", "error")))
        if found.state:
            self._returned = found
        start("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
        return [_DONE if found.code else _NOT_DONE]

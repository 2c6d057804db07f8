"""A person signs in once, in a browser."""

import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httplib2
import pytest

from integrations.google_calendar.credentials import SCOPE
from integrations.google_calendar.login import sign_in
from integrations.google_calendar.shelf import SignIn, TokenShelf
from scheduler_app.errors import Denied, Invalid, Unavailable
from tests.google_double import GoogleDouble
from tests.integrations.google_calendar.stand import NOW

Visiting = Callable[[str], object]


@pytest.fixture(autouse=True)
def _the_doubles_address_is_no_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def shelf(tmp_path: Path) -> TokenShelf:
    return TokenShelf(tmp_path / "sign-in", [b"key"])


def visit(address: str) -> str:
    """What a browser does: it goes where it is sent."""
    http = httplib2.Http(timeout=5, proxy_info=None)
    try:
        answer, content = http.request(address)
    finally:
        http.close()
    assert answer.status == 200
    return bytes(content).decode()


def signing_in(
    double: GoogleDouble, shelf: TokenShelf, visiting: Visiting, patience: float = 10
) -> tuple[SignIn, str]:
    """A person who opens the address that is shown; what is kept, and that address."""
    shown: SimpleQueue[str] = SimpleQueue()
    client = json.dumps(double.signing_in.client_file())
    with ThreadPoolExecutor(1) as pool:
        kept: Future[SignIn] = pool.submit(
            sign_in, client, shelf, lambda: NOW, shown.put, open_browser=False, patience=patience
        )
        address = shown.get(timeout=5)
        visiting(address)
        return kept.result(timeout=10), address


def test_a_person_who_agrees_is_kept(google_double: GoogleDouble, shelf: TokenShelf) -> None:
    said: list[str] = []
    kept, address = signing_in(google_double, shelf, lambda address: said.append(visit(address)))
    assert shelf.get() == kept
    assert kept.refresh
    assert (kept.signed_in_at, kept.access_until, kept.refresh_until) == (NOW, NOW + timedelta(hours=1), None)
    assert said == ["Signed in. You can close this page and go back to the terminal."]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert (asked["scope"], asked["access_type"], asked["prompt"]) == (SCOPE, "offline", "consent")
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert asked["code_challenge_method"] == "S256"


def test_an_app_in_testing_is_known_by_its_end(
    google_double: GoogleDouble, shelf: TokenShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted = google_double.signing_in._granted

    def for_a_week(*arguments: Any) -> dict[str, Any]:
        return granted(*arguments) | {"refresh_token_expires_in": 604799}

    monkeypatch.setattr(type(google_double.signing_in), "_granted", lambda _, *rest: for_a_week(*rest))
    kept, _ = signing_in(google_double, shelf, visit)
    assert kept.refresh_until == NOW + timedelta(seconds=604799)


def test_a_person_who_declines_changes_nothing(google_double: GoogleDouble, shelf: TokenShelf) -> None:
    google_double.signing_in.consent_denied = True
    with pytest.raises(Denied, match="declined"):
        signing_in(google_double, shelf, visit)
    assert shelf.get() is None


def test_whoever_brings_another_state_is_not_heard(google_double: GoogleDouble, shelf: TokenShelf) -> None:
    def intruding(address: str) -> None:
        back = parse_qs(urlsplit(address).query)["redirect_uri"][0]
        visit(f"{back}?state=guessed&code=stolen")
        visit(f"{back}favicon.ico")
        visit(address)

    kept, _ = signing_in(google_double, shelf, intruding)
    assert kept.refresh


def test_nobody_who_comes_back_is_waited_for_only_so_long(
    google_double: GoogleDouble, shelf: TokenShelf
) -> None:
    with pytest.raises(Unavailable):
        signing_in(google_double, shelf, lambda _: None, patience=0.1)


def test_a_box_left_unticked_is_told(google_double: GoogleDouble, shelf: TokenShelf) -> None:
    def unticking(address: str) -> None:
        visit(address.replace("calendar.events", "calendar.events.readonly"))

    with pytest.raises(Denied, match="tick that box"):
        signing_in(google_double, shelf, unticking)
    assert shelf.get() is None


def test_google_refusing_the_code_is_told_without_it(google_double: GoogleDouble, shelf: TokenShelf) -> None:
    google_double.signing_in.refuse = "invalid_grant"
    with pytest.raises(Denied, match="start again") as refused:
        signing_in(google_double, shelf, visit)
    assert refused.value.__context__ is None


@pytest.mark.parametrize("text", ["", "{}", '{"web": {"client_id": "x", "client_secret": "y"}}', "[]"])
def test_a_client_that_is_none_is_refused(shelf: TokenShelf, text: str) -> None:
    with pytest.raises(Invalid, match="desktop app") as refused:
        sign_in(text, shelf, lambda: NOW, print, setting="SCHEDULER_GOOGLE_CLINIC")
    assert refused.value.path == "SCHEDULER_GOOGLE_CLINIC"

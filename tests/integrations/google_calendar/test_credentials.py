"""Signing in at Google, over HTTP at the double's own address."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.google_calendar import GoogleClient, credentials
from integrations.google_calendar.shelf import SignIn, TokenShelf
from integrations.registry import Keyring, google_calendars
from scheduler_app.domain.clinic import CalendarAccount, ClinicCalendar
from scheduler_app.errors import Disconnected, Invalid, Unavailable
from tests.google_double import ROOM, GoogleDouble
from tests.google_double.signing_in import CLIENT, CLIENT_SECRET
from tests.integrations.google_calendar.stand import NOW, Spent


class Asking:
    """Asks as whoever signed in; a client for each, all closed at the end."""

    def __init__(self, double: GoogleDouble) -> None:
        self.double = double
        self.clients: list[GoogleClient] = []

    def __call__(self, signed: Any, calendar: str = ROOM) -> bytes:
        client = GoogleClient(signed, "clinic", Spent(), endpoint=self.double.endpoint, sleep=lambda _: None)
        self.clients.append(client)
        return client.page(calendar, maxResults=1)

    def accounts(self) -> set[str]:
        """Who asked."""
        return {request.account for request in self.double.requests_since(0)}


@pytest.fixture
def asking(google_double: GoogleDouble) -> Iterator[Asking]:
    asking = Asking(google_double)
    yield asking
    for client in asking.clients:
        client.close()


@pytest.fixture
def shelf(tmp_path: Path) -> TokenShelf:
    return TokenShelf(tmp_path / "sign-in", [b"key"])


def signed_in(double: GoogleDouble, who: str = "anna") -> SignIn:
    refresh = double.signing_in.refresh_token(who, (credentials.SCOPE,))
    return SignIn(CLIENT, CLIENT_SECRET, f"{double.address}/token", refresh)


def key_of(double: GoogleDouble, **changes: Any) -> str:
    return json.dumps(double.signing_in.service_account_file(**changes))


class TestServiceAccounts:
    def test_it_reads_what_is_shared_with_it(self, asking: Asking) -> None:
        signed = credentials.service_account(key_of(asking.double))
        assert asking(signed)
        assert asking.double.signing_in.issued == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        assert credentials.address_of(signed) == "robot@project.iam.gserviceaccount.com"

    def test_it_acts_for_a_person_where_that_is_allowed(self, asking: Asking) -> None:
        key = key_of(asking.double, delegated=True)
        assert asking(credentials.service_account(key, "anna@clinic.example"), "anna@clinic.example")

    def test_where_it_is_not_allowed_the_administrator_is_named(self, asking: Asking) -> None:
        key = key_of(asking.double)
        with pytest.raises(Disconnected, match="admin console") as closed:
            asking(credentials.service_account(key, "anna@clinic.example"))
        assert closed.value.code == "access-withdrawn"

    def test_a_key_that_was_revoked_is_an_expired_sign_in(self, asking: Asking) -> None:
        signed = credentials.service_account(key_of(asking.double))
        asking.double.signing_in.refuse = "invalid_grant"
        with pytest.raises(Disconnected) as closed:
            asking(signed)
        assert closed.value.code == "sign-in-expired"
        assert "grant" not in str(closed.value)

    def test_the_library_asks_no_other_host_beside(self, asking: Asking) -> None:
        asking(credentials.service_account(key_of(asking.double)))
        for thread in threading.enumerate():
            if thread.name.startswith("Thread-") and thread is not threading.current_thread():
                thread.join(0.1)  # one of the library's would be found out by now (conftest.py)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{}",
            "[]",
            "no json",
            '{"type": "service_account", "client_email": "x", "token_uri": "https://x"}',
        ],
    )
    def test_what_is_no_key_is_refused_without_repeating_it(self, text: str) -> None:
        with pytest.raises(Invalid, match="download it again") as refused:
            credentials.service_account(text, setting="SCHEDULER_GOOGLE_CLINIC_FILE")
        assert refused.value.path == "SCHEDULER_GOOGLE_CLINIC_FILE"

    def test_a_key_is_sent_nowhere_in_the_open(self, google_double: GoogleDouble) -> None:
        told = google_double.signing_in.service_account_file() | {"token_uri": "http://clinic.example/token"}
        with pytest.raises(Invalid, match="https"):
            credentials.service_account(json.dumps(told))


class TestBudgets:
    """Google counts requests by who signs in and for whom, and so do we."""

    def payer(self, double: GoogleDouble, folder: Path, id: str, subject: str = "", key: str = "") -> str:
        sign_in = "delegated" if subject else "service-account"
        account = CalendarAccount(id, sign_in=sign_in, subject=subject)
        keyring = Keyring(
            account, "SCHEDULER_GOOGLE", key or key_of(double), folder / id, (), endpoint=double.endpoint
        )
        budget = Spent()
        calendars = {id: ClinicCalendar(id, "main", id, "google", address=ROOM, account=id)}
        google_calendars(keyring, calendars, budget, lambda: NOW).changes(id, None)
        ((payer, _),) = set(budget.units)
        return payer

    def test_two_accounts_with_one_key_share_one(self, google_double: GoogleDouble, tmp_path: Path) -> None:
        key = key_of(google_double)
        one, other = (self.payer(google_double, tmp_path, id, key=key) for id in ("one", "other"))
        assert one == other
        assert "@" not in one

    def test_each_person_acted_for_has_one_of_their_own(
        self, google_double: GoogleDouble, tmp_path: Path
    ) -> None:
        key = key_of(google_double, delegated=True)
        alone = self.payer(google_double, tmp_path, "one", key=key)
        for_anna = self.payer(google_double, tmp_path, "one", "anna@clinic.example", key)
        assert for_anna != alone


class TestPeople:
    def test_a_kept_sign_in_gets_its_tokens_and_keeps_them(self, asking: Asking, shelf: TokenShelf) -> None:
        shelf.put(signed_in(asking.double))
        assert asking(credentials.person(shelf))
        assert asking(credentials.person(shelf))  # another process: the token is good for an hour
        assert asking.double.signing_in.issued == ["refresh_token"]
        kept = shelf.get()
        assert kept is not None
        assert kept.access.startswith("ya29")

    def test_a_token_that_google_refuses_is_got_again(self, asking: Asking, shelf: TokenShelf) -> None:
        later = datetime(2126, 1, 1, tzinfo=UTC)
        shelf.put(replace(signed_in(asking.double), access="ya29-withdrawn", access_until=later))
        assert asking(credentials.person(shelf))
        assert asking.double.signing_in.issued == ["refresh_token"]

    def test_threads_that_need_a_token_get_one_together(self, asking: Asking, shelf: TokenShelf) -> None:
        shelf.put(signed_in(asking.double))
        signed = credentials.person(shelf)
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(lambda _: asking(signed), range(8)))
        assert asking.double.signing_in.issued == ["refresh_token"]

    def test_nobody_signed_in_yet_and_then_somebody_did(self, asking: Asking, shelf: TokenShelf) -> None:
        signed = credentials.person(shelf)
        with pytest.raises(Disconnected, match="scheduler google login") as closed:
            asking(signed)
        assert closed.value.code == "sign-in-expired"
        shelf.put(signed_in(asking.double))
        assert asking(signed)

    def test_a_consent_withdrawn_says_to_sign_in_again(self, asking: Asking, shelf: TokenShelf) -> None:
        shelf.put(signed_in(asking.double))
        asking.double.revoke("anna")
        with pytest.raises(Disconnected) as closed:
            asking(credentials.person(shelf))
        assert closed.value.code == "sign-in-expired"

    def test_google_not_answering_is_no_withdrawn_consent(self, asking: Asking, shelf: TokenShelf) -> None:
        shelf.put(replace(signed_in(asking.double), token_uri="http://127.0.0.1:9/token"))
        with pytest.raises(Unavailable):
            asking(credentials.person(shelf))

    def test_how_long_it_lasts_is_not_forgotten(self, asking: Asking, shelf: TokenShelf) -> None:
        ends = datetime(2026, 3, 8, tzinfo=UTC)
        shelf.put(replace(signed_in(asking.double), refresh_until=ends, signed_in_at=ends - timedelta(7)))
        asking(credentials.person(shelf))
        kept = shelf.get()
        assert kept is not None
        assert (kept.refresh_until, kept.signed_in_at) == (ends, ends - timedelta(7))


class TestEmulators:
    def test_a_fixed_token_opens_an_emulator_on_this_machine(self, asking: Asking) -> None:
        assert asking(credentials.fixed_token("bot", asking.double.endpoint))

    @pytest.mark.parametrize(
        "endpoint",
        [
            "",
            "https://www.googleapis.com/calendar/v3/",
            "http://127.0.0.1.clinic.example/calendar/v3/",
            "http://localhost@clinic.example/",
            "ftp://127.0.0.1/",
            "http://[::1/",
        ],
    )
    def test_and_nothing_else(self, endpoint: str) -> None:
        with pytest.raises(Invalid) as refused:
            credentials.fixed_token("bot", endpoint)
        assert refused.value.path == "SCHEDULER_GOOGLE_API_ENDPOINT"

    def test_a_fixed_token_that_opens_nothing_is_an_expired_sign_in(self, asking: Asking) -> None:
        with pytest.raises(Disconnected) as closed:
            asking(credentials.fixed_token("nobody", asking.double.endpoint))
        assert closed.value.code == "sign-in-expired"

"""Sign-in as google-auth and google-auth-oauthlib really do it, against the double's two addresses."""

import threading
import webbrowser
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httplib2
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.oauth2 import credentials, service_account
from google_auth_httplib2 import AuthorizedHttp
from google_auth_oauthlib.flow import InstalledAppFlow
from googleapiclient.discovery import build

from tests.google_double.asking import put, refused, visit
from tests.google_double.double import READ_ONLY, ROOM, GoogleDouble
from tests.google_double.signing_in import CLIENT, CLIENT_SECRET

EVENTS = "https://www.googleapis.com/auth/calendar.events"
READING = "https://www.googleapis.com/auth/calendar.events.readonly"
ServiceAccount: Any = service_account.Credentials
User: Any = credentials.Credentials


def service(double: GoogleDouble, held: Any) -> Any:
    http = AuthorizedHttp(held, http=httplib2.Http(timeout=10))
    return build("calendar", "v3", http=http, client_options={"api_endpoint": double.endpoint})


def user(double: GoogleDouble, refresh: str, scopes: tuple[str, ...] = ()) -> Any:
    return User(
        None,
        refresh_token=refresh,
        token_uri=f"{double.address}/token",
        client_id=CLIENT,
        client_secret=CLIENT_SECRET,
        scopes=scopes or None,
    )


def test_a_service_accounts_file_opens_what_is_shared_with_it(google_double: GoogleDouble) -> None:
    told = google_double.signing_in.service_account_file()
    with service(google_double, ServiceAccount.from_service_account_info(told, scopes=[EVENTS])) as robot:
        assert put(robot)["creator"]["email"] == "robot@project.iam.gserviceaccount.com"
        assert refused(robot.events().insert(calendarId=READ_ONLY, body=visit()))[0] == 403


def test_a_file_that_another_key_signed_is_refused(google_double: GoogleDouble) -> None:
    told = google_double.signing_in.service_account_file()
    google_double.account("other", "other@project.iam.gserviceaccount.com", service=True)
    forged = told | {"client_email": "other@project.iam.gserviceaccount.com"}
    held = ServiceAccount.from_service_account_info(forged, scopes=[EVENTS])
    with service(google_double, held) as robot, pytest.raises(RefreshError, match="invalid_grant"):
        robot.events().list(calendarId=ROOM).execute()


def test_delegation_acts_as_the_person_once_it_is_allowed(google_double: GoogleDouble) -> None:
    told = google_double.signing_in.service_account_file()
    held = ServiceAccount.from_service_account_info(told, scopes=[EVENTS], subject="anna@clinic.example")
    with service(google_double, held) as robot, pytest.raises(RefreshError, match="unauthorized_client"):
        robot.events().list(calendarId=ROOM).execute()
    google_double.signing_in.service_account_file(delegated=True)
    with service(google_double, held) as robot:
        made = put(robot, attendees=[{"email": "client@example.org"}])
    assert made["creator"]["email"] == "anna@clinic.example"


def test_scopes_are_a_limit(google_double: GoogleDouble) -> None:
    told = google_double.signing_in.service_account_file()
    with service(google_double, ServiceAccount.from_service_account_info(told, scopes=[READING])) as robot:
        assert robot.events().list(calendarId=ROOM).execute()["items"] == []
        late = robot.events().insert(calendarId=ROOM, body=visit())
        assert refused(late) == (403, "insufficientPermissions")


def test_an_expired_token_is_renewed_and_a_revoked_one_is_not(google_double: GoogleDouble) -> None:
    refresh = google_double.signing_in.refresh_token("anna", (EVENTS,))
    with service(google_double, user(google_double, refresh)) as anna:
        put(anna)
        google_double.clock.advance(timedelta(hours=2))
        put(anna, hour=12)
        assert google_double.signing_in.issued == ["refresh_token"] * 2
        assert google_double.counts() == {"events.insert": 3}  # one of them 401
        google_double.revoke("anna")
        with pytest.raises(RefreshError, match="invalid_grant"):
            put(anna, hour=14)


def test_the_token_address_can_refuse_everybody(google_double: GoogleDouble) -> None:
    refresh = google_double.signing_in.refresh_token("anna")
    google_double.signing_in.refuse = "invalid_grant"
    with (
        service(google_double, user(google_double, refresh)) as anna,
        pytest.raises(RefreshError, match="invalid_grant"),
    ):
        put(anna)


class _Browser:
    """Follows the address by itself, as a person would who consents at once."""

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        threading.Thread(target=requests.get, args=(url,), kwargs={"timeout": 5}, daemon=True).start()
        return True


@pytest.fixture
def consenting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the double's address is http
    monkeypatch.setattr(webbrowser, "get", lambda _name=None: _Browser())


def test_a_person_consents_in_the_browser(google_double: GoogleDouble, consenting: None) -> None:
    flow: Any = InstalledAppFlow.from_client_config(google_double.signing_in.client_file(), [EVENTS])
    held = flow.run_local_server(host="localhost", port=0, timeout_seconds=10)
    flow.oauth2session.close()
    assert held.refresh_token
    with service(google_double, held) as anna:
        assert put(anna)["creator"]["email"] == "anna@clinic.example"


def test_a_code_without_its_proof_is_worth_nothing(google_double: GoogleDouble) -> None:
    asked = {"client_id": CLIENT, "redirect_uri": "http://localhost:1/", "code_challenge": "c"}
    there = requests.get(
        f"{google_double.address}/o/oauth2/auth", params=asked, allow_redirects=False, timeout=5
    ).headers["Location"]
    code = parse_qs(urlsplit(there).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "client_id": CLIENT}
    form |= {"client_secret": CLIENT_SECRET, "code_verifier": "guessed"}
    answer = requests.post(f"{google_double.address}/token", data=form, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_person_may_say_no(google_double: GoogleDouble, consenting: None) -> None:
    google_double.signing_in.consent_denied = True
    flow: Any = InstalledAppFlow.from_client_config(google_double.signing_in.client_file(), [EVENTS])
    with pytest.raises(Exception, match="access_denied"):
        flow.run_local_server(host="localhost", port=0, timeout_seconds=10)
    flow.oauth2session.close()

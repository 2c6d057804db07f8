"""`google login` and `google check`, as an owner runs them, against the tests' own Google."""

import json
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
import requests
from click.testing import CliRunner, Result

from scheduler_app.cli import main
from tests.google_double import READ_ONLY, ROOM, GoogleDouble
from tests.google_double.fixtures import google_double, google_double_server

__all__ = ["google_double", "google_double_server"]

ROOT = Path(__file__).parent.parent.parent
Run = Callable[..., Result]


@pytest.fixture
def environment(google_double: GoogleDouble, tmp_path: Path) -> dict[str, str]:
    """A clinic whose room 1 is kept at Google, and opened by a service account."""
    copytree(ROOT / "config", tmp_path / "config")
    key = google_double.signing_in.service_account_file()
    (tmp_path / "google.json").write_text(json.dumps(key), encoding="utf-8")
    (tmp_path / "client.json").write_text(
        json.dumps(google_double.signing_in.client_file()), encoding="utf-8"
    )
    with (tmp_path / "config" / "clinic.toml").open("a", encoding="utf-8") as clinic:
        clinic.write(
            f"""
[[account]]
id = "clinic"

[[account]]
id = "anna"
sign_in = "user"

[[calendar]]
id = "room-1"
name = "Room 1"
kind = "google"
address = "{ROOM}"
account = "clinic"

[[calendar]]
id = "room-2"
name = "Room 2"
kind = "google"
address = "{READ_ONLY}"
account = "clinic"

[[calendar]]
id = "room-3"
name = "Anna's room"
kind = "google"
address = "{google_double.calendar("c3@clinic.example", acl={"anna": "owner"})}"
account = "anna"
"""
        )
    return {
        "SCHEDULER_CONFIG": str(tmp_path / "config"),
        "SCHEDULER_DATA": str(tmp_path / "data"),
        "SCHEDULER_GOOGLE_CLINIC_FILE": str(tmp_path / "google.json"),
        "SCHEDULER_GOOGLE_ANNA_FILE": str(tmp_path / "client.json"),
        "SCHEDULER_GOOGLE_API_ENDPOINT": google_double.endpoint,
        "OAUTHLIB_INSECURE_TRANSPORT": "1",  # the double's address is http
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    def _run(*arguments: str, code: int = 0) -> Result:
        result = CliRunner(env=environment).invoke(main, ["google", *arguments])
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return _run


def test_check_tries_everything_and_leaves_nothing_behind(run: Run, google_double: GoogleDouble) -> None:
    told = run("check", "room-1").stdout
    assert told.startswith("Room 1\n")
    for step in ("answer", "sign in", "read", "write", "create", "mark", "restore"):
        assert f"  ok  {step}\n" in told
    assert "  --  notices\n" in told
    assert "SCHEDULER_PUBLIC_URL is not set" in told
    assert google_double.events(ROOM) == []


def test_check_says_what_is_missing_and_where_to_click(run: Run, environment: dict[str, str]) -> None:
    told = " ".join(run("check", "room-2", code=1).stdout.split())
    assert "NO write" in told
    assert "Settings and sharing" in told
    assert "iam.gserviceaccount.com" in told
    del environment["SCHEDULER_GOOGLE_CLINIC_FILE"]
    missing = " ".join(run("check", "room-1", code=1).stdout.split())
    assert "SCHEDULER_GOOGLE_CLINIC_FILE" in missing


def test_a_calendar_that_is_none_is_named(run: Run) -> None:
    assert 'no calendar desk with kind = "google"' in run("check", "desk", code=2).output


def test_a_person_signs_in_once_and_it_is_kept_encrypted(
    run: Run, environment: dict[str, str], google_double: GoogleDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webbrowser, "open", _follow)
    google_double.signing_in.consents = "anna"
    assert "scheduler google login anna" in run("check", "room-3", code=1).stdout

    assert "Signed in." in run("login", "anna").stdout
    kept = (Path(environment["SCHEDULER_DATA"]) / "sign-in-anna").read_bytes()
    assert b"refresh" not in kept
    assert "  ok  restore\n" in run("check", "room-3").stdout


def _follow(url: str) -> bool:
    """As the browser of a person who consents at once."""
    threading.Thread(target=requests.get, args=(url,), kwargs={"timeout": 5}, daemon=True).start()
    return True


def test_login_is_for_accounts_that_sign_in(run: Run) -> None:
    assert 'sign_in = "service-account"' in run("login", "clinic", code=2).output
    assert "it has: anna, clinic" in run("login", "nobody", code=2).output

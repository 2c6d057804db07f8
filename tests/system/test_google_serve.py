"""`scheduler serve` in front of a calendar at Google: holds appear, and a kill changes nothing in the end."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from scheduler_app.cli import main
from tests.google_double import ROOM, GoogleDouble
from tests.system.running import Service

pytestmark = pytest.mark.system

ROOT = Path(__file__).parent.parent.parent
CALENDAR = f"""
[[account]]
id = "clinic"

[[calendar]]
id = "room-1"
kind = "google"
address = "{ROOM}"
account = "clinic"
"""


@pytest.fixture
def double() -> Iterator[GoogleDouble]:
    """In the present, like the process that asks it."""
    with GoogleDouble() as double:
        double.clock.follow(lambda: datetime.now(UTC))
        yield double


@pytest.fixture
def environment(double: GoogleDouble, tmp_path: Path) -> dict[str, str]:
    copytree(ROOT / "config", tmp_path / "config")
    with (tmp_path / "config" / "clinic.toml").open("a", encoding="utf-8") as clinic:
        clinic.write(CALENDAR)
    key = tmp_path / "google.json"
    key.write_text(json.dumps(double.signing_in.service_account_file()), encoding="utf-8")
    return {
        "SCHEDULER_CONFIG": str(tmp_path / "config"),
        "SCHEDULER_GOOGLE_CLINIC_FILE": str(key),
        "SCHEDULER_GOOGLE_API_ENDPOINT": double.endpoint,
    }


@pytest.fixture
def service(environment: dict[str, str], tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path / "data", environment=environment)
    yield service
    service.stop()


def booked(double: GoogleDouble, what: str, day: datetime) -> str:
    """By a receptionist, for Emma Clarke."""
    guest = {"email": "emma@example.com", "displayName": "Emma Clarke"}
    return double.person("anna").book(
        ROOM, f"{what} - Emma Clarke", day, day + timedelta(hours=1), attendees=[guest]
    )


def test_a_hold_appears_where_it_was_booked_and_goes_when_it_may_stand(
    service: Service, double: GoogleDouble, environment: dict[str, str], tmp_path: Path
) -> None:
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    booked(double, "Botox", noon + timedelta(days=20))
    needling = booked(double, "Microneedling", noon + timedelta(days=27))

    def title() -> str:
        return str(double.event(ROOM, needling)["summary"])

    def run(*arguments: str) -> str:
        environ = environment | {"SCHEDULER_DATA": str(tmp_path / "data")}
        result = CliRunner(env=environ).invoke(main, arguments)
        assert result.exit_code == 0, result.output
        return result.output

    run("sync", "--all")
    assert title() == "Microneedling - Emma Clarke"  # nobody has started the calendar yet
    assert "1 would be held" in run("calendars", "show", "room-1")
    run("calendars", "start", "room-1", "--all", "--who", "Olga Owner")
    service.start()
    service.until(lambda: title().startswith("⛔"))

    service.kill()
    later = noon + timedelta(days=34)
    double.person("anna").move(ROOM, needling, later, later + timedelta(hours=1))
    run("sync", "--all")  # what the next poll would do
    assert title() == "Microneedling - Emma Clarke"
    service.start()
    ready = json.loads(service.get("/readyz")[1])
    (heard,) = [each for each in ready["calendars"] if each["calendar"] == "room-1"]
    assert (heard["heard"], heard["fault"]) == ("polling", None)
    assert "emma" not in service.log().lower()
    assert ROOM not in service.log()

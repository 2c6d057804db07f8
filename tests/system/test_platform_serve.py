"""`scheduler serve` beside a booking platform: what waits is settled there, and a kill changes nothing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from scheduler_app.cli import main
from tests.integrations.calcom import fake_bookings
from tests.integrations.calcom.fake_server import FakeCalcom, serving_calcom
from tests.system.running import Service

pytestmark = pytest.mark.system

ROOT = Path(__file__).parent.parent.parent
SECRET = "a-secret-of-the-tests"


@pytest.fixture
def calcom(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCalcom]:
    monkeypatch.setattr(fake_bookings, "SECRET", SECRET)
    with serving_calcom() as fake:
        yield fake


@pytest.fixture
def environment(calcom: FakeCalcom, tmp_path: Path) -> dict[str, str]:
    copytree(ROOT / "config", tmp_path / "config")
    with (tmp_path / "config" / "clinic.toml").open("a", encoding="utf-8") as clinic:
        clinic.write(
            f"""
[[platform]]
name = "online"
kind = "calcom"
endpoint = "{calcom.endpoint}"
cancel = true

[platform.services]
micro = ["microneedling"]
peel = ["botulinum_toxin"]
"""
        )
    return {
        "SCHEDULER_CONFIG": str(tmp_path / "config"),
        "SCHEDULER_DATA": str(tmp_path / "data"),
        "SCHEDULER_PLATFORM_ONLINE": fake_bookings.KEY,
        "SCHEDULER_HOOK_SECRETS_ONLINE": SECRET,
    }


@pytest.fixture
def service(environment: dict[str, str], tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path / "data", environment=environment)
    yield service
    service.stop()


def tell(service: Service, calcom: FakeCalcom, booking: str) -> int:
    """The platform sends its webhook; the status."""
    headers, body, _ = calcom.sent(booking)
    return service.post("/hooks/online", body, headers)[0]


def test_what_a_rule_blocks_is_declined_and_called_off_where_it_was_booked_whatever_is_killed(
    service: Service, calcom: FakeCalcom, environment: dict[str, str]
) -> None:
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    calcom.book(noon + timedelta(days=20), service="peel")  # Botox; found by the first reading
    service.start()
    waiting = calcom.book(noon + timedelta(days=27), pending=True)
    assert tell(service, calcom, waiting) == 204
    service.until(lambda: calcom.is_over(waiting))
    assert "choose a date from" in calcom.told(waiting)

    service.kill()
    for kind in calcom.event_types:  # the clinic lets bookings stand at once from now on
        kind["confirmationPolicy"] = {"disabled": True}
    standing = calcom.book(noon + timedelta(days=28))
    calcom.lose_answer_to("POST")  # called off, and nobody hears that it was
    service.start()
    assert tell(service, calcom, standing) == 204
    service.until(lambda: calcom.is_over(standing))
    service.kill()
    service.start()
    posts = [asked.path for asked in calcom.asked if asked.method == "POST"]
    assert posts.count(f"/v2/bookings/{waiting}/decline") == 1

    ready = json.loads(service.get("/readyz")[1])
    assert [each["fault"] for each in ready["platforms"]] == [None]
    log = service.log()
    for secret in (SECRET, fake_bookings.KEY, "ann.lee@example.com", "Ann Lee"):
        assert secret not in log


def test_the_commands_try_the_platform_and_list_its_services(
    calcom: FakeCalcom, environment: dict[str, str]
) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner(env=environment | {"SCHEDULER_PUBLIC_URL": "https://care.clinic.example"}).invoke(
            main, arguments
        )
        return result.exit_code, result.output

    status, told = run("platforms", "check")
    assert (status, told.splitlines()[0]) == (0, "online"), told
    status, told = run("platforms", "services")
    assert (status, "microneedling" in told, "NOT MATCHED" in told) == (0, True, False), told
    clinic = Path(environment["SCHEDULER_CONFIG"]) / "clinic.toml"
    clinic.write_text(clinic.read_text(encoding="utf-8").replace("peel = ", "# peel = "), encoding="utf-8")
    status, told = run("platforms", "services", "online")
    assert (status, "NOT MATCHED" in told, "[platform.services]" in told) == (1, True, True), told
    calcom.close_door()
    status, told = run("platforms", "check", "online")
    assert status == 1
    assert " NO  " in told
    status, told = run("platforms", "services")
    assert (status, told.count("\n")) == (1, 2), told
    assert "online\n  cannot be asked: " in told
    status, told = run("platforms", "check", "nowhere")
    assert (status, "nowhere" in told) == (2, True)
    without = {name: value for name, value in environment.items() if name != "SCHEDULER_PLATFORM_ONLINE"}
    result = CliRunner(env=without).invoke(main, ("platforms", "check"))
    assert "SCHEDULER_PLATFORM_ONLINE" in result.output

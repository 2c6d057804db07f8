"""`scheduler serve` as a real process: what was answered 2xx outlives kill -9, and the end state is right."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler_app.bootstrap.house import opened
from scheduler_app.settings import Settings
from tests.system.running import Service

pytestmark = pytest.mark.system


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path / "data")
    yield service
    service.stop()


def booking(number: int, treatment: str, day: str, **more: Any) -> dict[str, Any]:
    """A documented webhook."""
    return {
        "type": "appointment.created",
        "timestamp": "2026-01-01T10:00:00Z",
        "data": {
            "id": f"b{number}",
            "treatments": [treatment],
            "start": f"{day}T10:00:00+00:00",
            "end": f"{day}T11:00:00+00:00",
            "client": {"name": "Emma Clarke", "email": "emma@example.com"},
            **more,
        },
    }


def outcomes(data: Path) -> dict[str, str]:
    """The verdicts in the book, by the source's id."""
    settings = Settings.from_environment({"SCHEDULER_DATA": str(data)})
    found = {}
    with opened(settings) as house, house.store.reading() as tx:
        for client in tx.clients.refs():
            verdicts = tx.verdicts.of_client(client)
            for appointment in tx.appointments.of_client(client):
                held = verdicts.get(appointment.ref)
                found[appointment.source_id] = held.verdict.outcome.word if held else "not judged"
    return found


def test_what_was_answered_2xx_survives_kill_9_and_is_judged(service: Service, tmp_path: Path) -> None:
    service.start()
    assert service.webhook("m1", **booking(1, "botulinum_toxin", "2032-03-01")) == 204
    answered = ["b1"]
    for number in range(2, 14):
        if number % 4 == 0:
            service.kill()  # at whatever line the crew has reached by now
            service.start()
        if service.webhook(f"m{number}", **booking(number, "consultation", f"2032-04-{number:02d}")) == 204:
            answered.append(f"b{number}")
    assert service.webhook("m99", **booking(99, "microneedling", "2032-03-11")) == 204
    service.kill()
    service.start()
    service.until(lambda: outcomes(tmp_path / "data").get("b99") == "blocked")
    assert service.webhook("m99", **booking(99, "microneedling", "2032-03-11")) == 204, (
        "a duplicate is no fault"
    )
    found = outcomes(tmp_path / "data")
    assert set(answered) <= set(found)
    assert {found[ref] for ref in answered} == {"clear"}


def test_faults_are_problem_details_and_nothing_is_stored(service: Service, tmp_path: Path) -> None:
    service.start()
    signed = {"webhook-id": "m1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
    body = json.dumps(booking(1, "microneedling", "2032-03-11")).encode()
    for path, sent, headers, status in (
        ("/hooks/website", body, signed, 401),
        ("/hooks/website", body, {**signed, "Content-Type": "text/plain"}, 415),
        ("/hooks/website", b"x" * 300_000, signed, 413),
        ("/hooks/nobody", body, signed, 404),
        ("/api/v1/check", b"nonsense", {}, 400),
        ("/api/v1/check", b"{}", {"Content-Type": "text/plain"}, 415),
    ):
        answered, told = service.post(path, sent, headers)
        assert answered == status, path
        assert json.loads(told)["status"] == answered
        assert b"Traceback" not in told
    assert service.get("/feeds/" + "A" * 43 + ".ics")[0] == 404
    assert outcomes(tmp_path / "data") == {}


def test_it_stops_when_told_and_says_nothing_of_people(service: Service, tmp_path: Path) -> None:
    service.start()
    assert service.webhook("m1", **booking(1, "botulinum_toxin", "2032-03-01")) == 204
    service.until(lambda: outcomes(tmp_path / "data").get("b1") == "clear")
    assert service.stop() == 0
    told = service.log()
    assert "Desk: http://127.0.0.1:" in told
    for word in ("Emma", "Clarke", "example.com", "Traceback", "whsec"):
        assert word not in told


def test_a_port_that_is_taken_is_told_in_a_sentence(service: Service, tmp_path: Path) -> None:
    service.start()
    second = Service(tmp_path / "other", environment={"SCHEDULER_PORT": str(service.port)})
    assert second.ends() == 2
    assert "set SCHEDULER_PORT to another" in second.log()


def test_a_configuration_with_mistakes_refuses_to_start(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    service = Service(tmp_path / "data", environment={"SCHEDULER_CONFIG": str(tmp_path / "config")})
    assert service.ends() == 2
    assert "clinic.toml" in service.log()


def test_the_demo_shows_a_hold_and_a_feed(tmp_path: Path) -> None:
    service = Service(tmp_path / "data", "demo")
    service.start()
    try:
        told = service.log()
        feed = next(line.split()[-1] for line in told.splitlines() if line.strip().startswith("Feed"))
        status, body = service.get(feed.removeprefix(service.address))
        assert status == 200
        assert body.startswith(b"BEGIN:VCALENDAR\r\n")
        assert "must wait 2 weeks" in service.get("/desk/")[1].decode()
    finally:
        service.stop()

"""Is it alive, can it work, how much did it do."""

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from scheduler_app.domain.clinic import ClinicCalendar
from scheduler_app.domain.connections import CalendarState, Channel
from scheduler_app.ports import ApiKey
from tests.parked import give_up
from tests.web.stand import TODAY, Stand, problem_of


def test_the_process_is_alive_to_everybody_even_without_a_database(stand: Stand) -> None:
    with stand.store.writing() as connection:
        connection.exec_driver_sql("DROP TABLE work")
    answer = stand.client(peer="203.0.113.9").get("/healthz")
    assert (answer.status_code, json.loads(answer.data)) == (200, {"status": "alive"})


def test_ready_tells_of_the_database_the_work_and_the_rules(stand: Stand) -> None:
    answer = stand.client().get("/readyz")
    assert answer.status_code == 200
    assert json.loads(answer.data) == {
        "status": "ready",
        "database": "reachable",
        "overdue": 0,
        "oldest_overdue_seconds": 0.0,
        "given_up": 0,
        "rules": stand.deps.rulebook.version,
        "calendars": [{"calendar": "desk", "heard": "embedded", "last_read_seconds": None, "fault": None}],
        "platforms": [],
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_not_ready_while_the_database_does_not_answer(stand: Stand) -> None:
    with stand.store.writing() as connection:
        connection.exec_driver_sql("DROP TABLE work")
    answer = stand.client().get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.data)["database"] == "away"


def test_late_work_is_told_and_takes_nothing_out_of_service(stand: Stand) -> None:
    with stand.store.transaction() as held:
        held.work.touch("judge", "c1")
    stand.clock.now += timedelta(minutes=10)
    answer = stand.client(replace(stand.deps, overdue_limit=60.0)).get("/readyz")
    told = json.loads(answer.data)
    assert (answer.status_code, told["status"], told["overdue"]) == (200, "late", 1)
    assert told["oldest_overdue_seconds"] == 600


def test_ready_and_metrics_tell_how_much_was_given_up_and_go_on_serving(stand: Stand) -> None:
    give_up(stand.store, stand.clock, "judge", "c1")
    answer = stand.client().get("/readyz")
    told = json.loads(answer.data)
    assert (answer.status_code, told["status"], told["overdue"], told["given_up"]) == (200, "ready", 0, 1)
    assert "scheduler_work_given_up 1\n" in stand.client().get("/metrics").text


def test_metrics_are_told_to_this_machine(stand: Stand) -> None:
    answer = stand.client().get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert "scheduler_work_overdue 0\n" in answer.text
    assert "scheduler_database_reachable 1\n" in answer.text


def test_ready_and_metrics_tell_how_each_calendar_is_heard_and_which_are_closed_to_us(stand: Stand) -> None:
    now = stand.clock.now
    told_of = Channel("a" * 32, "told", b"", now, "r", now + timedelta(days=7), heard_at=now)
    with stand.store.transaction() as held:
        held.channels.put(told_of)
        held.states.put(CalendarState("told", read_at=now - timedelta(seconds=90)))
        held.states.put(CalendarState("closed", fault="access-withdrawn", fault_since=now))
    places = {"told": elsewhere("told"), "closed": elsewhere("closed")}
    clinic = replace(stand.deps.clinic, calendars={**stand.deps.clinic.calendars, **places})
    gateways = {**stand.deps.flow.gateways, **dict.fromkeys(places, stand.calendar)}
    flow = replace(stand.deps.flow, clinic=clinic, gateways=gateways)
    client = stand.client(replace(stand.deps, flow=flow))

    assert json.loads(client.get("/readyz").data)["calendars"] == [
        {"calendar": "closed", "heard": "polling", "last_read_seconds": None, "fault": "access-withdrawn"},
        {"calendar": "desk", "heard": "embedded", "last_read_seconds": None, "fault": None},
        {"calendar": "told", "heard": "push", "last_read_seconds": 90, "fault": None},
    ]
    told = client.get("/metrics").text
    assert 'scheduler_calendar_disconnected{calendar="closed"} 1\n' in told
    assert 'scheduler_calendar_disconnected{calendar="told"} 0\n' in told
    assert 'scheduler_calendar_channels{calendar="told"} 1\n' in told
    assert 'calendar="desk"' not in told


def elsewhere(id: str) -> ClinicCalendar:
    """A calendar that another program keeps."""
    return ClinicCalendar(id, "main", kind="google")


def test_metrics_want_a_key_from_anywhere_else(stand: Stand) -> None:
    with stand.store.transaction() as held:
        held.keys.add(ApiKey("k1", "monitor", ("metrics",), TODAY), sha256(b"m3trics").digest())
        held.keys.add(ApiKey("k2", "website", ("check",), TODAY), sha256(b"ch3ck").digest())
    away = stand.client(peer="203.0.113.9")
    assert problem_of(away.get("/metrics"))["status"] == 403
    for key, status in (("m3trics", 200), ("ch3ck", 403), ("nobody", 401)):
        answer = away.get("/metrics", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == status


def test_metrics_are_told_while_the_database_is_away(stand: Stand) -> None:
    with stand.store.writing() as connection:
        connection.exec_driver_sql("DROP TABLE work")
    assert "scheduler_database_reachable 0\n" in stand.client().get("/metrics").text

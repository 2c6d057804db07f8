"""`scheduler republish`: everybody's calendar, by several processes, from where it was interrupted."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler_app.bootstrap import republishing
from scheduler_app.bootstrap.house import opened
from scheduler_app.cli import main
from scheduler_app.domain.clients import Client
from scheduler_app.flow.republish import texts_of
from scheduler_app.settings import Settings
from tests.domain.care_cases import NOW, visit

FAR = datetime(2099, 1, 1, 10, tzinfo=UTC)  # beyond the horizon: entries there have no day to depend on


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Nine clients with a visit each, five of them in one batch at most."""
    monkeypatch.setenv("SCHEDULER_DATA", str(tmp_path / "data"))
    made = Settings.from_environment({"SCHEDULER_DATA": str(tmp_path / "data")})
    with opened(made) as house, house.store.transaction() as tx:
        for number in range(1, 10):
            tx.clients.add(Client(f"c{number}", "Anna Berg", NOW), ())
            booked = visit(f"v{number}", FAR + timedelta(days=number))
            tx.appointments.put(replace(booked, client=f"c{number}"), by="test", at=NOW)
    monkeypatch.setattr(republishing, "together", lambda store, after: _in_fives(store, after))
    return made


def _in_fives(store: object, after: str) -> Iterator[list[str]]:
    refs = [f"c{number}" for number in range(1, 10) if f"c{number}" > after]
    yield from (refs[start : start + 5] for start in range(0, len(refs), 5))


def published(settings: Settings) -> list[str]:
    with opened(settings) as house, house.store.reading() as tx:
        return [ref for ref in tx.clients.refs() if tx.feeds.of_client(ref)]


def test_every_client_is_published_by_as_many_processes_as_are_asked_for(settings: Settings) -> None:
    done = CliRunner().invoke(main, ["republish", "--processes", "2"])
    assert done.exit_code == 0, done.output
    assert "9 of 9 clients (100 %)" in done.stderr
    assert done.stdout == "9 clients looked at, 9 calendars changed.\n"
    again = CliRunner().invoke(main, ["republish", "--processes", "1"])
    assert again.stdout == "9 clients looked at, 0 calendars changed.\n"


def test_an_interrupted_run_goes_on_where_it_stopped(settings: Settings) -> None:
    def interrupted(done: int, of: int) -> None:
        assert (done, of) == (5, 9)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        republishing.republish(settings, 1, interrupted)
    assert published(settings) == ["c1", "c2", "c3", "c4", "c5"]
    told: list[tuple[int, int]] = []
    done = republishing.republish(settings, 1, lambda *each: told.append(each))
    assert (done.clients, done.written, done.went_on) == (4, 4, True)
    assert told == [(9, 9)]
    assert not (settings.data / "republishing.json").exists()


@pytest.mark.parametrize("held", ["", "[]", "{", '{"texts": "other", "after": "c5"}'])
def test_where_other_texts_stopped_means_nothing(settings: Settings, held: str) -> None:
    (settings.data / "republishing.json").write_text(held, encoding="utf-8")
    assert republishing.republish(settings, 1, lambda *_: None).clients == 9


def test_a_run_may_begin_anew(settings: Settings) -> None:
    with opened(settings) as house:
        texts = texts_of(house.press)
    stopped = json.dumps({"texts": texts, "after": "c5"})
    (settings.data / "republishing.json").write_text(stopped, encoding="utf-8")
    assert republishing.republish(settings, 1, lambda *_: None, anew=True).clients == 9

"""`scheduler calendars` and `scheduler digest`, run as the operator runs them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler_app.bootstrap.configuration import now
from scheduler_app.bootstrap.house import opened
from scheduler_app.cli import main
from scheduler_app.domain.events import EventDraft, Person
from scheduler_app.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    environment = {"SCHEDULER_DATA": str(tmp_path / "data"), "SCHEDULER_HOOK_SECRETS_WEBSITE": ""}
    with opened(Settings.from_environment(environment)) as house:
        for days, title in ((-4, "Botox"), (6, "Microneedling")):
            start = now().replace(hour=12, minute=0) + timedelta(days=days)
            guest = Person("emma@example.com", "Emma Clarke")
            draft = EventDraft(title, start, start + timedelta(hours=1), "Europe/London", attendees=(guest,))
            house.calendar.book("desk", draft)
            with house.store.transaction() as tx:
                tx.work.touch("sync", "desk")
            house.settle()

    def _run(*arguments: str, code: int = 0) -> Result:
        result = CliRunner(env=environment).invoke(main, arguments)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return _run


def test_every_calendar_says_how_it_stands(run: Run) -> None:
    assert run("calendars").output == "desk: Kept here; all bookings are covered (hold).\n"


def test_what_would_be_written_is_listed(run: Run) -> None:
    told = run("calendars", "show", "desk").output
    assert "1 would be held:" in told
    assert "⛔" in told
    assert "0 titles nobody could read:" in told


def test_our_own_calendar_needs_no_start_and_one_nobody_has_cannot_be_started(run: Run) -> None:
    assert "needs no start" in run("calendars", "start", "desk", "--who", "Kim", code=2).output
    assert "no calendar of this name" in run("calendars", "stop", "nowhere", "--who", "Kim", code=2).output


def test_a_calendar_that_is_read_as_it_is_changes_nothing(run: Run) -> None:
    assert run("calendars", "is-empty", "desk", "--who", "Kim").output == "desk: 0 appointments changed.\n"


def test_the_digest_tells_what_is_held_and_by_whom_it_is_to_be_settled(run: Run) -> None:
    told = run("digest").output
    assert "Held\n" in told
    assert "Microneedling: the desk until" in told

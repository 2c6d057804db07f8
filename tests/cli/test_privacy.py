"""`clients` and `retention`, run as the operator runs them, each on a data folder of its own."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler_app.bootstrap.configuration import now
from scheduler_app.bootstrap.house import opened
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.events import EventDraft, Person
from scheduler_app.settings import Settings
from scheduler_app.store import GroupCommitInbox
from tests.cli.conftest import Run


@pytest.fixture
def emma(environment: dict[str, str]) -> str:
    """Somebody who had Botox four days ago, and a delivery nobody could read; her ref."""
    with opened(Settings.from_environment(environment)) as house:
        start = now().replace(hour=12, minute=0) - timedelta(days=4)
        guest = Person("emma@example.com", "Emma Clarke")
        draft = EventDraft("Botox", start, start + timedelta(hours=1), "Europe/London", attendees=(guest,))
        house.calendar.book("desk", draft)
        with house.store.transaction() as tx:
            tx.work.touch("sync", "desk")
        house.settle()
        inbox = GroupCommitInbox(house.store)
        inbox.accept(Delivery("website", "old", start - timedelta(days=400), b"{}"))
        inbox.close()
        with house.store.reading() as tx:
            return tx.clients.find("emma")[0].ref


def test_everything_about_a_client_is_written_for_nobody_else(run: Run, emma: str, tmp_path: Path) -> None:
    file = tmp_path / "emma.json"
    run("clients", "export", "emma@example.com", str(file), "--who", "Kim")
    assert json.loads(file.read_text(encoding="utf-8"))["held"]["clients"][0]["ref"] == emma
    assert file.stat().st_mode & 0o077 == 0


def test_a_client_is_erased_after_a_question(run: Run, emma: str, environment: dict[str, str]) -> None:
    run("clients", "erase", emma, "--who", "Kim", asked="n\n", code=1)
    told = run("clients", "erase", emma, "--who", "Kim", "--yes").stdout
    assert f"{emma}: erased." in told
    run("clients", "erase", emma, "--who", "Kim", "--yes", code=2)
    held = b"".join(file.read_bytes() for file in Path(environment["SCHEDULER_DATA"]).glob("*.db*"))
    assert b"Emma" not in held
    assert b"emma@example.com" not in held


def test_a_dry_run_of_retention_says_what_would_go_and_changes_nothing(run: Run, emma: str) -> None:
    first = run("retention", "--dry-run").stdout
    assert "delivery-bodies" in first
    assert run("retention", "--dry-run").stdout == first
    run("retention")

"""A worker is killed for real; another one, which knew nothing of it, does its work."""

from pathlib import Path

from scheduler_app.store import open_store
from tests.contracts.store_base import HandClock
from tests.work.killing import beside_a_victim


def test_work_of_a_killed_process_is_done_by_another_when_the_lease_is_over(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'clinic.db'}"
    store = open_store(url, HandClock())
    store.migrate()
    store.close()
    with beside_a_victim(tmp_path, url) as beside:
        beside.victim.kill()
        assert beside.done.wait(10.0)

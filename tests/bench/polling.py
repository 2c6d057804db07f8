"""500 calendars on one worker: requests against the budget. A simulation in which nothing sleeps."""

import tempfile

from scheduler_app.domain.clinic import RequestLimits
from scheduler_app.store import SqlRequestBudget, open_store
from tests.bench.rows import Row
from tests.contracts.store_base import HandClock
from tests.flow.polled_clinics import Scene, simulate

LIMITS = RequestLimits()
SCENES = (
    Scene("polled alone, one account"),
    Scene("polled alone, five accounts", accounts=5),
    Scene("half of them told of changes", told=250),
    Scene("all told of changes", told=500, minutes=120),
    Scene("first reading, 8 pages each", pages=8),
)


def rows() -> list[Row]:
    """One for every scene: the busiest minute of the busiest account, against its limit."""
    found = []
    for scene in SCENES:
        clock = HandClock()
        with tempfile.TemporaryDirectory() as folder:
            store = open_store(f"sqlite:///{folder}/bench.db", clock)
            store.migrate()
            seen = simulate(scene, SqlRequestBudget(store, LIMITS, clock), clock)
            store.close()
        assert seen.busiest <= LIMITS.together
        note = (
            f"mean {seen.mean:.0f} a minute, {seen.refused} put off, 95 % no later than {seen.lateness:.1f} s"
        )
        most, limit = seen.busiest_account, LIMITS.account
        found.append(
            Row(f"500 calendars, {scene.name}", f"{most} a minute", f"{limit}", most / limit, 1, True, note)
        )
    return found

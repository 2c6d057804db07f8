"""Answers somebody waits for on a booking page: how slow, at rest and beside the first sync of a calendar.

One process does both, as `serve` does: the sync of a large calendar, read and judged, and the questions.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from statistics import median

from tests.bench.asked import EXAMPLE
from tests.bench.rows import Row
from tests.bench.servers import LUA, Load, granian, wrk
from tests.bench.serving import environment
from tests.senders import SENDERS

ROUNDS = 3
SECONDS = 5
ASKING = 16  # clients at once, each asking again after a tenth of a second or so
PAUSE = 100
SLOWEST = 150.0  # milliseconds
BESIDE = (("at rest", "senders"), ("beside a first sync", "senders_and_sync"))


def rows() -> list[Row]:
    """The doors of programs and of platforms that ask first, each at rest and beside a sync."""
    asked = [("POST /api/v1/check", "/api/v1/check", json.dumps(EXAMPLE))]
    asked += [
        (f"a question of {each.kind} before a booking", each.asking_path, each.question.decode())
        for each in SENDERS
        if each.question and each.kind != "memory"
    ]
    return [_row(*door, *beside) for door in asked for beside in BESIDE]


def _row(name: str, path: str, question: str, beside: str, stand: str) -> Row:
    loads = [_load(f"tests.bench.stands:{stand}", path, question) for _ in range(ROUNDS)]
    slow = median(load.p99 for load in loads)
    note = f"worst round {max(load.p99 for load in loads):.0f} ms, {median(x.rate for x in loads):.0f} /s"
    return Row(f"{name}, {beside}, p99", f"{slow:.1f} ms", "150 ms", slow / SLOWEST, 1, True, note)


def _load(target: str, path: str, question: str) -> Load:
    with environment() as (told, folder):
        script = _script(folder, question)
        with granian(target, told) as address:
            load = wrk(f"{address}{path}", script, SECONDS, ASKING)
            _still_at_it(folder, target)
    assert not load.failed, f"{load.failed} answers were failures"
    return load


def _still_at_it(folder: Path, target: str) -> None:
    """A sync that was over before the questions were would prove nothing."""
    if not target.endswith("_sync"):
        return
    with closing(sqlite3.connect(folder / "clinic.db")) as database:
        (left,) = database.execute(
            "SELECT count(*) FROM work WHERE kind = 'judge' AND want > done"
        ).fetchone()
    assert left, "everything was read and judged before the last question"


def _script(folder: Path, asked: str) -> Path:
    script = folder / "asking.lua"
    script.write_text(
        LUA + f"wrk.body = [[{asked}]]\n" + f"delay = function() return math.random(0, {2 * PAUSE}) end\n",
        encoding="utf-8",
    )
    return script

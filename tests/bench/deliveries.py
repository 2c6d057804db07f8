"""Deliveries of every sender: kept durably against the route that keeps nothing, and p99 beside a busy crew.

Each sender's own bodies and signatures, every one different. At half the load many connections pause
between requests, for half a second or so; the crew works in the same process, as in `serve`, on a backlog
of bookings to be read, judged and published.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.bench.rows import Row
from tests.bench.servers import LUA, Load, granian, wrk
from tests.bench.serving import environment
from tests.bench.stands import BACKLOG
from tests.senders import SENDERS, Sender

ROUNDS = 3
SECONDS = 4
THREADS = 16
CONNECTIONS, PAUSING = 16, 256
ANSWERED = 60  # milliseconds an answer takes beside the crew, about: the pause is so much shorter
COUNT = 40_000
SLOWEST = 100.0  # milliseconds


def rows() -> list[Row]:
    """Two promises for each sender."""
    return [row for sender in SENDERS for row in _of(sender)]


def _of(sender: Sender) -> list[Row]:
    nothing, durable = [], []
    for _ in range(ROUNDS):
        nothing.append(_load("tests.bench.stands:senders_without_database", sender)[0])
        durable.append(_load("tests.bench.stands:senders", sender)[0])
    ours, theirs = (median(load.rate for load in loads) for loads in (durable, nothing))
    beside = [_load("tests.bench.stands:senders_and_crew", sender, ours / 2) for _ in range(ROUNDS)]
    slow = median(load.p99 for load, _ in beside)
    at, worked = (median(figures) for figures in zip(*((load.rate, n) for load, n in beside), strict=True))
    note = f"at {at:,.0f} /s, {at / ours:.0%} of it; {worked:,.0f} of {BACKLOG:,} read meanwhile"
    return [
        Row(
            f"deliveries of {sender.kind}",
            f"{ours:,.0f} /s",
            f"no database {theirs:,.0f} /s",
            ours / theirs,
            0.5,
        ),
        Row(
            "  p99 at half of it, the crew at work", f"{slow:.1f} ms", "100 ms", slow / SLOWEST, 1, True, note
        ),
    ]


def _load(target: str, sender: Sender, rate: float = 0.0) -> tuple[Load, int]:
    """What came of it, and how many deliveries the crew had read at its end. rate: 0 for all that goes."""
    with environment() as (told, folder):
        script = _script(folder, sender, rate)
        with granian(target, told, threads=THREADS) as address:
            connections = PAUSING if rate else CONNECTIONS
            load = wrk(f"{address}{sender.path}", script, SECONDS, connections)
            read = _read(folder)
    assert not load.failed, f"{load.failed} deliveries of {sender.kind} were refused"
    return load, read


def _read(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "clinic.db")) as database:
        (count,) = database.execute("SELECT count(*) FROM deliveries WHERE settled_at IS NOT NULL").fetchone()
    return int(count)


def _script(folder: Path, sender: Sender, rate: float) -> Path:
    """A script for wrk that sends one line of a file after another, each a body and the values of headers."""
    now = datetime.now(UTC)
    names = list(sender.signed(b"", "", now))
    lines = folder / "deliveries.txt"
    with lines.open("w", encoding="utf-8") as file:
        for number in range(COUNT):
            body = sender.body(BACKLOG + number)
            signed = sender.signed(body, f"msg_{number}", now)
            file.write("\t".join([*(signed[name] for name in names), body.decode()]) + "\n")
    named = ", ".join(f"['{name}'] = value()" for name in names)
    pause = max(1000 * PAUSING / rate - ANSWERED, 1) if rate else 0
    script = folder / "deliveries.lua"
    script.write_text(
        LUA
        + f"local lines = io.lines('{lines}')\n"
        + "request = function()\n"
        + "  local value = lines():gmatch('[^\\t]+')\n"
        + f"  local headers = {{['Content-Type'] = '{sender.content_type}', {named}}}\n"
        + "  return wrk.format(nil, nil, headers, value())\n"
        + "end\n"
        + (f"delay = function() return math.random(0, {2 * pause:.0f}) end\n" if pause else ""),
        encoding="utf-8",
    )
    return script

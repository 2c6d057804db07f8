"""Deliveries of every sender: kept durably against the route that keeps nothing, and p99 beside a busy crew.

Each sender's own bodies and signatures, every one different. At half the load many connections pause
between requests, for half a second or so; the crew works in the same process, as in `serve`, on a backlog
of bookings to be read, judged and published.
"""

import sqlite3
from collections.abc import Iterator, Sequence
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
SECONDS = 3
THREADS = 32
CONNECTIONS, PAUSING = 32, 256  # as many as share a commit when a platform sends in bursts
ANSWERED = 60  # milliseconds an answer takes beside the crew, about: the pause is so much shorter
COUNT = 25_000
SLOWEST = 100.0  # milliseconds
Rates = dict[str, list[float]]


def rows(senders: Sequence[Sender] = SENDERS) -> Iterator[Row]:
    """Two promises for each sender."""
    nothing: Rates = {each.kind: [] for each in senders}
    durable: Rates = {each.kind: [] for each in senders}
    for _ in range(ROUNDS):
        _one_after_another("tests.bench.stands:senders_without_database", senders, nothing)
        _one_after_another("tests.bench.stands:senders", senders, durable)
    for each in senders:
        yield from _of(each, median(durable[each.kind]), median(nothing[each.kind]))


def _one_after_another(target: str, senders: Sequence[Sender], rates: Rates) -> None:
    with environment() as (told, folder), granian(target, told, threads=THREADS) as address:
        for sender in senders:
            load = wrk(f"{address}{sender.path}", _script(folder, sender), SECONDS, CONNECTIONS)
            assert not load.failed, f"{load.failed} deliveries of {sender.kind} were refused"
            rates[sender.kind].append(load.rate)


def _of(sender: Sender, ours: float, theirs: float) -> Iterator[Row]:
    yield Row(
        f"deliveries of {sender.kind}", f"{ours:,.0f} /s", f"no database {theirs:,.0f} /s", ours / theirs, 0.5
    )
    beside = [_beside_the_crew(sender, ours / 2) for _ in range(ROUNDS)]
    slow = median(load.p99 for load, _ in beside)
    at, worked = (median(figures) for figures in zip(*((load.rate, n) for load, n in beside), strict=True))
    note = f"at {at:,.0f} /s, {at / ours:.0%} of it; {worked:,.0f} of {BACKLOG:,} read meanwhile"
    yield Row(
        "  p99 at half of it, the crew at work", f"{slow:.1f} ms", "100 ms", slow / SLOWEST, 1, True, note
    )


def _beside_the_crew(sender: Sender, rate: float) -> tuple[Load, int]:
    """What came of it, and how many deliveries the crew had read at its end."""
    with environment() as (told, folder):
        script = _script(folder, sender, rate)
        with granian("tests.bench.stands:senders_and_crew", told, threads=THREADS) as address:
            load = wrk(f"{address}{sender.path}", script, SECONDS, PAUSING)
            read = _read(folder)
    assert not load.failed, f"{load.failed} deliveries of {sender.kind} were refused"
    return load, read


def _read(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "clinic.db")) as database:
        (count,) = database.execute("SELECT count(*) FROM deliveries WHERE settled_at IS NOT NULL").fetchone()
    return int(count)


def _script(folder: Path, sender: Sender, rate: float = 0.0) -> Path:
    """A script for wrk that sends one line of a file after another, each a body and the values of headers."""
    now = datetime.now(UTC)
    names = list(sender.signed(b"", "", now))
    lines = folder / f"{sender.kind}.txt"
    with lines.open("w", encoding="utf-8") as file:
        for number in range(COUNT):
            body = sender.body(BACKLOG + number)
            signed = sender.signed(body, f"msg_{number}", now)
            file.write("\t".join([*(signed[name] for name in names), body.decode()]) + "\n")
    named = ", ".join(f"['{name}'] = value()" for name in names)
    pause = max(1000 * PAUSING / rate - ANSWERED, 1) if rate else 0
    script = folder / f"{sender.kind}.lua"
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

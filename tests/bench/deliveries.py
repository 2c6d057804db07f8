"""Deliveries of every sender: kept durably against the route that keeps nothing, and p99 beside a busy crew.

Each sender's own bodies and signatures, every one different. At half the load many connections pause
between requests; a crew never rests meanwhile, on a backlog of bookings to be read, judged and published:
in a process of its own (`serve --no-crew` and `worker`), and for comparison in the server's (`serve`). The
server is kept on one core and the senders on the other; where the worker runs is left to the machine.
A shared machine is half as fast for a minute and then itself again: so the two routes take turns of two
seconds, each turn is held against the one beside it, and the median of these ratios counts.

A disk that stands still for a fifth of a second keeps everybody waiting who was promised that it is written:
so somebody else writes next to nothing to the same disk meanwhile, rounds in which that took long too are
repeated, and how many there were is told.
"""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar

from scheduler_app.bootstrap.serving import THREADS
from tests.bench.bystander import bystander
from tests.bench.rows import Row
from tests.bench.servers import LUA, granian, wrk
from tests.bench.serving import environment
from tests.bench.stands import BACKLOG
from tests.senders import SENDERS, Sender

TURNS, TURN = 7, 2  # for the ratio, and seconds each
BESIDE, SECONDS = 5, 3  # beside those who work
CONNECTIONS, PAUSING = THREADS, 256  # each thread of the server has a sender that waits for it
ANSWERED = 30  # milliseconds an answer takes beside the crew, about: the pause is so much shorter
COUNT = 25_000
SLOWEST = 100.0  # milliseconds
STILL = 50.0  # milliseconds: a disk that takes so long for one page of a bystander's has stood still


class Figures(NamedTuple):
    """One round: p99 in milliseconds, deliveries a second, how many the crew read, and the slowest sync of a
    bystander's in milliseconds."""

    p99: float
    rate: float
    read: float
    still: float


Round = TypeVar("Round", "Figures", "Turn")
Served = tuple[str, Path]  # the server's address, and the folder of its data


def rows(senders: Sequence[Sender] = SENDERS) -> Iterator[Row]:
    """Two promises for each sender."""
    with _served("senders") as ours, _served("senders_without_database") as nothing:
        turns = {sender.kind: _taking_turns(sender, ours, nothing) for sender in senders}
    for sender in senders:
        yield from _of(sender, turns[sender.kind])


@contextmanager
def _served(stand: str) -> Iterator[Served]:
    with environment() as (told, folder), granian(f"tests.bench.stands:{stand}", told) as address:
        yield address, folder


class Turn(NamedTuple):
    """Deliveries a second of both servers, and the slowest sync of a bystander's in milliseconds."""

    ours: float
    nothing: float
    still: float


def _taking_turns(sender: Sender, ours: Served, nothing: Served) -> list[Turn]:
    """As often as is wanted, leaving out those in which the disk stood still."""
    numbers = count()

    def turn() -> Turn:
        # a delivery that came before would be a duplicate
        script = _script(ours[1], sender, turn=next(numbers))
        with bystander(ours[1]) as other:
            kept = _rate(f"{ours[0]}{sender.path}", script)
        return Turn(kept, _rate(f"{nothing[0]}{sender.path}", script), other.slowest)

    calm, _ = _calm(turn, TURNS)
    return calm


def _rate(address: str, script: Path) -> float:
    load = wrk(address, script, TURN, CONNECTIONS)
    assert not load.failed, f"{load.failed} deliveries were refused"
    return load.rate


def _of(sender: Sender, turns: Sequence[Turn]) -> Iterator[Row]:
    ours, theirs, _ = (median(each) for each in zip(*turns, strict=True))
    ratios = sorted(turn.ours / turn.nothing for turn in turns)
    note = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
    kept = median(ratios)
    name = f"deliveries of {sender.kind}"
    yield Row(name, f"{ours:,.0f} /s", f"no database {theirs:,.0f} /s", kept, 0.5, note=note)
    apart, disturbed = _calm(lambda: _beside_workers(sender, ours / 2), BESIDE)
    together, _ = _calm(lambda: _beside_the_crew(sender, ours / 2), BESIDE)
    slow, at, read, _ = _median(apart)
    note = f"at {at:,.0f} /s, {at / ours:.0%} of it; {read:,.0f} of {BACKLOG:,} read meanwhile"
    note += f", {min(apart).p99:.0f} to {max(apart).p99:.0f} ms"
    note += ", {:.0f} ms at {:,.0f} /s beside {:,.0f} read in one process".format(*_median(together))
    if disturbed:
        still = max(each.still for each in disturbed)
        note += f"; {len(disturbed)} rounds repeated, the disk stood still for up to {still:.0f} ms"
        note += f" and p99 was up to {max(disturbed).p99:.0f} ms"
    yield Row(
        "  p99 at half of it, a worker at work", f"{slow:.1f} ms", "100 ms", slow / SLOWEST, 1, True, note
    )


def _calm(measured: Callable[[], Round], wanted: int) -> tuple[list[Round], list[Round]]:
    """As many rounds as are wanted, and those in which the disk stood still; where it does so all the time,
    they count too."""
    calm: list[Round] = []
    disturbed: list[Round] = []
    while len(calm) < wanted and len(disturbed) < 2 * wanted:
        found = measured()
        (disturbed if found.still > STILL else calm).append(found)
    return (calm, disturbed) if len(calm) == wanted else (calm + disturbed, [])


def _median(figures: Sequence[Figures]) -> Figures:
    return Figures(*(median(of_all) for of_all in zip(*figures, strict=True)))


def _beside_workers(sender: Sender, rate: float) -> Figures:
    with environment() as (told, folder):
        script = _script(folder, sender, rate)
        with granian("tests.bench.stands:senders_and_backlog", told) as address, _worker(told):
            while not _read(folder):
                time.sleep(0.05)  # it is still being started
            return _figures(folder, address, sender, script)


def _beside_the_crew(sender: Sender, rate: float) -> Figures:
    with environment() as (told, folder):
        script = _script(folder, sender, rate)
        with granian("tests.bench.stands:senders_and_crew", told) as address:
            return _figures(folder, address, sender, script)


def _figures(folder: Path, address: str, sender: Sender, script: Path) -> Figures:
    before = _read(folder)
    with bystander(folder) as other:
        load = wrk(f"{address}{sender.path}", script, SECONDS, PAUSING)
    assert not load.failed, f"{load.failed} deliveries of {sender.kind} were refused"
    return Figures(load.p99, load.rate, _read(folder) - before, other.slowest)


def _range(figures: Sequence[Figures]) -> tuple[float, float]:
    slow = [each[0] for each in figures]
    return min(slow), max(slow)


@contextmanager
def _worker(told: dict[str, str]) -> Iterator[None]:
    """The crew in a process of its own, on the same database."""
    command = [sys.executable, "-c", "from tests.bench.stands import crew_alone; crew_alone()"]
    worker = subprocess.Popen(command, env={**os.environ, **told}, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(30)


def _read(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "clinic.db")) as database:
        (count,) = database.execute("SELECT count(*) FROM deliveries WHERE settled_at IS NOT NULL").fetchone()
    return int(count)


def _script(folder: Path, sender: Sender, rate: float = 0.0, turn: int = 0) -> Path:
    """A script for wrk that sends one line of a file after another, each a body and the values of headers:
    other ones each turn."""
    now = datetime.now(UTC)
    names = list(sender.signed(b"", "", now))
    lines = folder / f"{sender.kind}.txt"
    with lines.open("w", encoding="utf-8") as file:
        for number in range(turn * COUNT, (turn + 1) * COUNT):
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

"""One first sync of a whole calendar in a process of its own: `python -m tests.bench.first_sync 20000 FILE`.

The file holds the pages, as `google_events.write_pages` writes them: they come from outside, as Google's do,
and making them leaves nothing behind in this process. Prints what a core spent on each event in microseconds:
on parsing alone (to plain dicts, and to the events that a sync begins with; `parsing`, which takes turns),
on translating, reading and judging; and the peak memory in MB. Time spent waiting, for the disk or for
others, is in none of them.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import mean

from integrations.google_calendar.moments import Home
from integrations.google_calendar.pages import reading_of
from scheduler_app.bootstrap.serving import stay_loaded
from scheduler_app.domain.events import CalendarEvent, Changes
from scheduler_app.domain.titles import Reader
from scheduler_app.flow.flow import JUDGE, Flow
from scheduler_app.flow.judge import judge_due
from scheduler_app.flow.sync import sync_calendar
from scheduler_app.ports import CalendarGateway, Claim
from scheduler_app.store import open_store
from scheduler_app.work.leases import Leases
from scheduler_app.work.runner import Runner
from tests.bench.google_events import NOW, pages, read_pages
from tests.bench.parsing import in_turns
from tests.house import house

DESK = "desk"
Turn = Callable[[], None]
PAGES_A_TURN, CLAIMS_A_TURN = 12, 6  # a quarter of a second or so


def _no_turn() -> None:
    """Nobody else has turns."""


class Pages:
    """What a first reading asks of a calendar gateway; what it takes to come by a page is kept apart."""

    def __init__(self, count: int, file: Path | None = None, turn: Turn = _no_turn) -> None:
        self._pages: Iterator[bytes] = pages(count) if file is None else read_pages(file)
        self._left = count
        self._asked = 0
        self._turn = turn
        self.making = 0.0
        self.translating = 0.0

    def changes(self, _calendar: str, _cursor: str | None, _page: str | None = None) -> Changes:
        """The next page."""
        began = time.process_time()
        self._asked += 1
        if self._asked % PAGES_A_TURN == 0:
            self._turn()
        content = next(self._pages)
        made = time.process_time()
        events: tuple[CalendarEvent, ...] = reading_of(content, Home()).events
        self.translating += time.process_time() - made
        self.making += made - began
        self._left -= len(events)
        more = "more" if self._left else None
        return Changes(events, more, None if more else "c1", True, (), NOW - timedelta(days=396))


@contextmanager
def at_work(
    count: int, folder: Path, file: Path | None = None, turn: Turn = _no_turn
) -> Iterator[tuple[Callable[[], Pages], Callable[[], None]]]:
    """What reads the whole calendar into a new book, and what then judges everybody in it."""
    loaded = house()
    store = open_store(f"sqlite:///{folder / 'clinic.db'}", lambda: NOW)
    store.migrate()
    calendar = Pages(count, file, turn)
    gateways: dict[str, CalendarGateway] = {DESK: calendar}  # type: ignore[dict-item]
    reader = Reader(loaded.catalogue)
    flow = Flow(store, lambda: NOW, loaded.clinic, loaded.catalogue, loaded.rulebook, reader, gateways, {})

    def judge_one(claim: Claim) -> None:
        judge_due(flow, claim)

    runner = Runner(store, {JUDGE: judge_one}, Leases(store))

    def read() -> Pages:
        sync_calendar(flow, DESK)
        return calendar

    def judge() -> None:
        claimed = 0
        while runner.run_next():
            claimed += 1
            if claimed % CLAIMS_A_TURN == 0:
                turn()

    yield read, judge
    with store.reading() as tx:
        assert sum(tx.verdicts.versions().values()) == count, "everything is judged"
    store.close()


def first_sync(count: int, folder: Path, file: Path, turn: Turn = _no_turn) -> list[float]:
    """Microseconds an event: of translating, of reading into the book, and of judging everybody."""
    with at_work(count, folder, file, turn) as (read, judge):
        began = time.process_time()
        calendar = read()
        booked = time.process_time()
        judge()
        judged = time.process_time()
    reading = booked - began - calendar.making - calendar.translating
    return [seconds / count * 1e6 for seconds in (calendar.translating, reading, judged - booked)]


def main(count: int, file: Path, alone: bool) -> None:
    """Print the figures on one line."""
    stay_loaded()  # as servers and workers do
    with tempfile.TemporaryDirectory() as folder:
        if alone:
            parsed, ours = [0.0, 0.0], first_sync(count, Path(folder), file)
        else:
            with in_turns(file) as (turn, over):
                ours = first_sync(count, Path(folder), file, turn)
                parsed = [*map(mean, zip(*over(), strict=True))]
    print(*parsed, *ours, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), "--alone" in sys.argv)
